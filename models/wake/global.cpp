// One global first-in first-out queue for everything that becomes ready: fair, no locality, every hand-over takes the lock.

#include <memory>

#include "models/wake/registry.hpp"

namespace gmpsim {

namespace {
class WakeGlobal final : public WakePolicy {
 public:
  WakePlace place(const WakeView&) const override { return WakePlace::global; }
};
}  // namespace

void register_wake_global(Registry_wake& r) {
  r.add({"global", "the tail of the global queue", {}, [](const PolicyValues&) -> std::unique_ptr<WakePolicy> {
           return std::make_unique<WakeGlobal>();
         }});
}

}  // namespace gmpsim
