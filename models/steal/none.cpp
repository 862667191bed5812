// No stealing: an idle P looks at its own queue and the global one only. What other Ps have queued waits for them.

#include <memory>

#include "models/steal/registry.hpp"

namespace gmpsim {

namespace {
class StealNone final : public StealPolicy {
 public:
  StealProbe next(StealSearch&, const ProcsView&, Chooser&) override { return {}; }
  bool takes() const override { return false; }
};
}  // namespace

void register_steal_none(Registry_steal& r) {
  r.add({"none", "nothing is ever taken from another P", {},
         [](const PolicyValues&) -> std::unique_ptr<StealPolicy> { return std::make_unique<StealNone>(); }});
}

}  // namespace gmpsim
