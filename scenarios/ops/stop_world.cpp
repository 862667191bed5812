// stop_world: read and checked; stopping the world comes with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_stop_world(Registry_ops& r) {
  r.add({.verb = {.key = "stop_world", .form = OpForm::time, .doc = "keep the world stopped for so long"},
         .group = "runtime",
         .parts = {},
         .why_not = "stopping the world comes with the next version"});
}

}  // namespace gmpsim
