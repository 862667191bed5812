// Steal one: Go's search, but a thief takes a single goroutine. Cheaper moves and better locality when victims are
// short; with fine-grained work thieves come back again and again.

#include <memory>

#include "models/steal/random_order.hpp"
#include "models/steal/registry.hpp"

namespace gmpsim {

void register_steal_one(Registry_steal& r) {
  r.add({"one",
         "Go's search, but one goroutine at a time",
         {{"rounds", 4, 1, 64, false, "rounds over all Ps"}},
         [](const PolicyValues& v) -> std::unique_ptr<StealPolicy> {
           return std::make_unique<StealInRounds>(static_cast<std::uint32_t>(v[0]), StealProbe::Take::one);
         }});
}

}  // namespace gmpsim
