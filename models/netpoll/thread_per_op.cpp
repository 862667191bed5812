// No poller: whoever would block blocks, with its thread, as in a system call of unknown length. Simple, and quick for
// one connection; a thousand connections are a thousand threads, and each of them holds its P until the monitor takes it.

#include <memory>

#include "models/netpoll/registry.hpp"

namespace gmpsim {

namespace {
class ThreadPerOp final : public PollPolicy {
 public:
  explicit ThreadPerOp(const PolicyValues& v) : most_(static_cast<std::uint32_t>(v[0])) {}
  PollDuty duty() const override { return {}; }  // what parks for want of threads is polled for as in Go
  bool parks(const BlockView& view) const override { return most_ != 0 && view.threads >= most_; }

 private:
  std::uint32_t most_;
};
}  // namespace

void register_netpoll_thread_per_op(Registry_netpoll& r) {
  r.add({"thread-per-op",
         "no poller: an operation that would block blocks its thread",
         {{"most", 0, 0, 1'000'000, false, "with so many threads the next one parks after all; 0 never"}},
         [](const PolicyValues& v) -> std::unique_ptr<PollPolicy> { return std::make_unique<ThreadPerOp>(v); }});
}

}  // namespace gmpsim
