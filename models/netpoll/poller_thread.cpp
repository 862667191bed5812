// A dedicated thread that waits for the kernel and puts what is ready into the global queue. The scheduler never looks:
// no P is ever busy with it, and readiness is seen at once on a busy machine; but every wake-up crosses a thread.

#include <memory>

#include "models/netpoll/registry.hpp"

namespace gmpsim {

namespace {
class PollerThread final : public PollPolicy {
 public:
  explicit PollerThread(const PolicyValues& v) : batch_(static_cast<std::uint32_t>(v[0])) {}
  PollDuty duty() const override {
    PollDuty d;
    d.scheduler = false;
    d.own_thread = true;
    d.monitor_after = kNever;
    d.batch = batch_;
    return d;
  }
  bool parks(const BlockView&) const override { return true; }

 private:
  std::uint32_t batch_;
};
}  // namespace

void register_netpoll_poller_thread(Registry_netpoll& r) {
  r.add({"poller-thread",
         "a dedicated thread waits for the kernel; what is ready goes to the global queue",
         {{"batch", 128, 1, 4096, false, "most descriptors that one look takes"}},
         [](const PolicyValues& v) -> std::unique_ptr<PollPolicy> { return std::make_unique<PollerThread>(v); }});
}

}  // namespace gmpsim
