// Go's poller: a goroutine that would block parks, and the scheduler looks when it has nothing better to do
// (netpoll.go, proc.go: findRunnable). While every P has work only sysmon looks, 10 ms after the last look.

#include <memory>

#include "models/netpoll/registry.hpp"

namespace gmpsim {

namespace {
class Poller final : public PollPolicy {
 public:
  explicit Poller(const PolicyValues& v) : batch_(static_cast<std::uint32_t>(v[0])), monitor_after_(v[1]) {}
  PollDuty duty() const override {
    PollDuty d;
    d.batch = batch_;
    d.monitor_after = monitor_after_;
    return d;
  }
  bool parks(const BlockView&) const override { return true; }

 private:
  std::uint32_t batch_;
  Duration monitor_after_;
};
}  // namespace

void register_netpoll_poller(Registry_netpoll& r) {
  r.add({"poller",
         "Go's: what would block parks; an M without other work looks, sysmon when nobody did for long",
         {{"batch", 128, 1, 4096, false, "most descriptors that one look takes (netpoll_epoll.go: netpoll)"},
          {"monitor_after", ms(10), us(20), seconds(10), true,
           "sysmon looks when nobody has for so long (proc.go: sysmon; 1 ms is proposed in pull request 51651)"}},
         [](const PolicyValues& v) -> std::unique_ptr<PollPolicy> { return std::make_unique<Poller>(v); }});
}

}  // namespace gmpsim
