// gomaxprocs: read and checked; changing the number of Ps while running comes with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_gomaxprocs(Registry_ops& r) {
  r.add({.verb = {.key = "gomaxprocs", .form = OpForm::count, .doc = "change the number of Ps"},
         .group = "runtime",
         .parts = {},
         .why_not = "changing the number of Ps while running comes with the next version"});
}

}  // namespace gmpsim
