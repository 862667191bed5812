// Go since 1.14: after a slice of 10 ms without a new schedtick the goroutine is flagged and its thread gets a signal, so
// that a loop without calls stops too (proc.go: retake, preemptone; signal_unix.go: doSigPreempt).

#include <memory>

#include "models/preempt/registry.hpp"

namespace gmpsim {

namespace {
class PreemptAsync final : public PreemptPolicy {
 public:
  explicit PreemptAsync(Duration slice) : slice_(slice) {}
  PreemptAction judge(const SliceView& v) const override {
    return v.since_tick >= slice_ ? PreemptAction::signal : PreemptAction::none;
  }
  bool signals() const override { return true; }

 private:
  Duration slice_;
};
}  // namespace

void register_preempt_async(Registry_preempt& r) {
  r.add({"async",
         "flag and signal after a slice (Go since 1.14)",
         {{"slice", ms(10), us(1), seconds(1000), true, "forcePreemptNS"}},
         [](const PolicyValues& v) -> std::unique_ptr<PreemptPolicy> { return std::make_unique<PreemptAsync>(v[0]); }});
}

}  // namespace gmpsim
