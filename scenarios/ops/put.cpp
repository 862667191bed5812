// put: read and checked; pools come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_put(Registry_ops& r) {
  r.add(
      {.verb = {.key = "put", .form = OpForm::reference, .doc = "give something to a pool", .kinds = {ValueKind::pool}},
       .group = "sync",
       .parts = {{.key = "value", .form = OpForm::values, .doc = "what is given"}},
       .why_not = "pools come with the next version"});
}

}  // namespace gmpsim
