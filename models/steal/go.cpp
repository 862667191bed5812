// Go's own search (proc.go: stealWork, runqgrab; 1.17 to 1.27): four rounds over all Ps, each in a random order given by
// one draw (start and a stride coprime to the number of Ps). Half of a ring, rounded up; runnext and the victims' timers
// only in the last round.

#include <memory>

#include "models/steal/random_order.hpp"
#include "models/steal/registry.hpp"

namespace gmpsim {

void register_steal_go(Registry_steal& r) {
  r.add({"go",
         "four rounds in random order, half of a ring; runnext and timers in the last round",
         {{"rounds", 4, 1, 64, false, "rounds over all Ps (Go: 4)"}},
         [](const PolicyValues& v) -> std::unique_ptr<StealPolicy> {
           return std::make_unique<StealInRounds>(static_cast<std::uint32_t>(v[0]), StealProbe::Take::half);
         }});
}

}  // namespace gmpsim
