// get: read and checked; pools come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_get(Registry_ops& r) {
  r.add({.verb =
             {.key = "get", .form = OpForm::reference, .doc = "take something from a pool", .kinds = {ValueKind::pool}},
         .group = "sync",
         .parts = {{.key = "as", .form = OpForm::names, .doc = "becomes it; 0 when the pool has nothing"},
                   {.key = "ok", .form = OpForm::name, .doc = "becomes 0 when the pool has nothing, else 1"}},
         .why_not = "pools come with the next version"});
}

}  // namespace gmpsim
