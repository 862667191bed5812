// Steal from the richest: looks at the lengths of all rings (an omniscient thief; Go would pay a cache miss for each) and
// robs the longest, lowest index first among equals. When all rings are empty it looks at runnext and timers, from its
// right neighbour on.

#include <memory>

#include "models/steal/registry.hpp"

namespace gmpsim {

namespace {
class StealRichest final : public StealPolicy {
 public:
  StealProbe next(StealSearch& s, const ProcsView& view, Chooser&) override {
    const std::uint32_t n = view.procs();
    if (s.round == 0) {
      s.round = 1;
      std::uint32_t best = s.thief;
      for (std::uint32_t p = 0; p < n; ++p)
        if (p != s.thief && view.ring_size(p) > (best == s.thief ? 0 : view.ring_size(best))) best = p;
      if (best != s.thief) return {StealProbe::Take::half, best, false, StealProbe::Timers::no};
    }
    if (++s.step < n) return {StealProbe::Take::half, (s.thief + s.step) % n, true, StealProbe::Timers::yes};
    return {};
  }
};
}  // namespace

void register_steal_richest(Registry_steal& r) {
  r.add({"richest",
         "half of the longest ring; runnext and timers when all rings are empty",
         {},
         [](const PolicyValues&) -> std::unique_ptr<StealPolicy> { return std::make_unique<StealRichest>(); }});
}

}  // namespace gmpsim
