// Go 1.2 to 1.13: the flag alone. The goroutine stops at its next function prologue; a loop without calls never does
// (stack.go: newstack).

#include <memory>

#include "models/preempt/registry.hpp"

namespace gmpsim {

namespace {
class PreemptCooperative final : public PreemptPolicy {
 public:
  explicit PreemptCooperative(Duration slice) : slice_(slice) {}
  PreemptAction judge(const SliceView& v) const override {
    return v.since_tick >= slice_ ? PreemptAction::flag : PreemptAction::none;
  }
  bool signals() const override { return false; }

 private:
  Duration slice_;
};
}  // namespace

void register_preempt_cooperative(Registry_preempt& r) {
  r.add({"cooperative",
         "flag only, seen at safe points (Go 1.2 to 1.13)",
         {{"slice", ms(10), us(1), seconds(1000), true, "forcePreemptNS"}},
         [](const PolicyValues& v) -> std::unique_ptr<PreemptPolicy> {
           return std::make_unique<PreemptCooperative>(v[0]);
         }});
}

}  // namespace gmpsim
