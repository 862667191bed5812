// Go since 1.14: after a slice of 10 ms without a new schedtick the goroutine is flagged and its thread gets a signal, so
// that a loop without calls stops too (proc.go: retake, preemptone; signal_unix.go: doSigPreempt).
//
// A signal stops only where the compiler says so: not within the sequence of a write barrier, for one. A loop that does
// little else refuses nearly every signal and has to be asked again (preempt.go: isAsyncSafePoint; issue 59902).

#include <memory>

#include "models/preempt/registry.hpp"

namespace gmpsim {

namespace {
class PreemptAsync final : public PreemptPolicy {
 public:
  explicit PreemptAsync(const PolicyValues& v)
      : slice_(v[0]), if_needed_(v[1] != 0), unsafe_(static_cast<std::uint32_t>(v[2])) {}
  PreemptAction judge(const SliceView& v) const override {
    if (v.since_tick < slice_ || (if_needed_ && v.idle_ps)) return PreemptAction::none;
    return PreemptAction::signal;
  }
  bool signals() const override { return true; }
  std::uint32_t unsafe_permille() const override { return unsafe_; }

 private:
  Duration slice_;
  bool if_needed_;
  std::uint32_t unsafe_;
};
}  // namespace

void register_preempt_async(Registry_preempt& r) {
  r.add({"async",
         "flag and signal after a slice (Go since 1.14)",
         {{"slice", ms(10), us(1), seconds(1000), true, "forcePreemptNS"},
          {"if_needed", 0, 0, 1, false, "1: nobody is asked while a P is idle (discussed in issue 60693)"},
          {"unsafe", 0, 0, 1000, false,
           "of 1000 signals to a loop without calls, how many find it at an unsafe point, such as a write barrier "
           "(issue 59902)"}},
         [](const PolicyValues& v) -> std::unique_ptr<PreemptPolicy> { return std::make_unique<PreemptAsync>(v); }});
}

}  // namespace gmpsim
