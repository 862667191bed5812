// Go's own search (proc.go: stealWork, runqgrab; 1.17 to 1.27): four rounds over all Ps, each in a random order given by
// one draw (start and a stride coprime to the number of Ps). Half of a ring, rounded up; runnext and the victims' timers
// only in the last round.

#include <memory>
#include <numeric>
#include <vector>

#include "models/steal/random_order.hpp"
#include "models/steal/registry.hpp"

namespace gmpsim {

namespace {
class StealGo final : public StealPolicy {
 public:
  explicit StealGo(std::uint32_t rounds) : rounds_(rounds) {}
  StealProbe next(StealSearch& s, const ProcsView& view, Chooser& chooser) override {
    return order_.next(s, view, chooser, rounds_, StealProbe::Take::half);
  }

 private:
  std::uint32_t rounds_;
  RandomOrder order_;
};
}  // namespace

void register_steal_go(Registry_steal& r) {
  r.add({"go",
         "four rounds in random order, half of a ring; runnext and timers in the last round",
         {{"rounds", 4, 1, 64, false, "rounds over all Ps (Go: 4)"}},
         [](const PolicyValues& v) -> std::unique_ptr<StealPolicy> {
           return std::make_unique<StealGo>(static_cast<std::uint32_t>(v[0]));
         }});
}

}  // namespace gmpsim
