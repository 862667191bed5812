// No preemption (Go 1.0 and 1.1): a goroutine runs until it blocks, yields or ends.

#include <memory>

#include "models/preempt/registry.hpp"

namespace gmpsim {

namespace {
class PreemptNone final : public PreemptPolicy {
 public:
  PreemptAction judge(const SliceView&) const override { return PreemptAction::none; }
  PreemptAction on_stop() const override { return PreemptAction::none; }
  bool signals() const override { return false; }
};
}  // namespace

void register_preempt_none(Registry_preempt& r) {
  r.add({"none",
         "nobody is ever asked to stop (Go 1.0 and 1.1)",
         {},
         [](const PolicyValues&) -> std::unique_ptr<PreemptPolicy> { return std::make_unique<PreemptNone>(); }});
}

}  // namespace gmpsim
