// Go 1.1 to 1.6: as many random picks as `tries` times the number of Ps, the thief itself among them (proc.c of 1.1 to
// 1.4, proc1.go of 1.5: findrunnable). With some luck a victim is never looked at: with 8 Ps and 32 picks each P is missed
// in 14 searches of 1000 (change 20836, which made the order a permutation in 1.7).

#include <memory>

#include "models/steal/registry.hpp"

namespace gmpsim {

namespace {
class StealRandom final : public StealPolicy {
 public:
  explicit StealRandom(std::uint32_t tries) : tries_(tries) {}
  StealProbe next(StealSearch& s, const ProcsView& view, Chooser& chooser) override {
    const std::uint32_t n = view.procs();
    while (s.step < tries_ * n) {
      const std::uint32_t victim = n == 1 ? 0 : chooser.choose(s.site, n);
      ++s.site.count;
      // 1.5: the runnext of others only in the second half; timers of others since 1.14 (then in the last round).
      const bool late = s.step >= tries_ * n / 2;
      const bool last = s.step >= (tries_ - 1) * n;
      ++s.step;
      if (victim == s.thief || (!last && view.idle(victim))) continue;
      return {StealProbe::Take::half, victim, late, last ? StealProbe::Timers::yes : StealProbe::Timers::no};
    }
    return {};
  }

 private:
  std::uint32_t tries_;
};
}  // namespace

void register_steal_random(Registry_steal& r) {
  r.add({"random",
         "independent random picks, so that a victim may be missed (Go 1.1 to 1.6)",
         {{"tries", 4, 1, 64, false, "picks for each P (Go 1.1: 2, 1.5: 4)"}},
         [](const PolicyValues& v) -> std::unique_ptr<StealPolicy> {
           return std::make_unique<StealRandom>(static_cast<std::uint32_t>(v[0]));
         }});
}

}  // namespace gmpsim
