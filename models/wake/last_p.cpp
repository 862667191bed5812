// Cache affinity: a woken goroutine goes back to the P on which it ran last, unless that queue is longer than a bound;
// new goroutines go to runnext as in Go. Go itself never does this: it always uses the P of the waker.

#include <memory>

#include "models/wake/registry.hpp"

namespace gmpsim {

namespace {
class WakeLastP final : public WakePolicy {
 public:
  explicit WakeLastP(std::uint32_t bound) : bound_(bound) {}
  WakePlace place(const WakeView& v) const override {
    if (!v.created && v.last_p != v.waker_p && v.last_p_queue < bound_) return WakePlace::last_p;
    return v.wants_next ? WakePlace::runnext : WakePlace::tail;
  }

 private:
  std::uint32_t bound_;
};
}  // namespace

void register_wake_last_p(Registry_wake& r) {
  r.add({"last_p",
         "back to the P on which it ran last",
         {{"bound", 8, 1, 256, false, "longest queue that still gets it back"}},
         [](const PolicyValues& v) -> std::unique_ptr<WakePolicy> {
           return std::make_unique<WakeLastP>(static_cast<std::uint32_t>(v[0]));
         }});
}

}  // namespace gmpsim
