// Go: goready and `go` put the goroutine into runnext of the waker's P, other wakers at its tail (proc.go: ready, newproc).

#include <memory>

#include "models/wake/registry.hpp"

namespace gmpsim {

namespace {
class WakeGo final : public WakePolicy {
 public:
  WakePlace place(const WakeView& v) const override { return v.wants_next ? WakePlace::runnext : WakePlace::tail; }
};
}  // namespace

void register_wake_go(Registry_wake& r) {
  r.add({"go", "runnext of the waker's P", {}, [](const PolicyValues&) -> std::unique_ptr<WakePolicy> {
           return std::make_unique<WakeGo>();
         }});
}

}  // namespace gmpsim
