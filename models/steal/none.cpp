// No stealing: an idle P looks at its own queue and the global one only. What other Ps have queued waits for them.
//
// Their timers it does run, in one round from its right neighbour on: a timer of a P that went idle has nobody else.

#include <memory>

#include "models/steal/registry.hpp"

namespace gmpsim {

namespace {
class StealNone final : public StealPolicy {
 public:
  StealProbe next(StealSearch& s, const ProcsView& view, Chooser&) override {
    if (++s.step >= view.procs()) return {};
    return {StealProbe::Take::nothing, (s.thief + s.step) % view.procs(), false, StealProbe::Timers::yes};
  }
  bool takes() const override { return false; }
};
}  // namespace

void register_steal_none(Registry_steal& r) {
  r.add({"none", "nothing is ever taken from another P", {}, [](const PolicyValues&) -> std::unique_ptr<StealPolicy> {
           return std::make_unique<StealNone>();
         }});
}

}  // namespace gmpsim
