// profile: read and checked; stopping the world comes with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_profile(Registry_ops& r) {
  r.add({.verb = {.key = "profile", .form = OpForm::flag, .doc = "take the goroutine profile"},
         .group = "runtime",
         .parts = {},
         .why_not = "stopping the world comes with the next version"});
}

}  // namespace gmpsim
