// gc: read and checked; the heap and its collector come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_gc(Registry_ops& r) {
  r.add({.verb = {.key = "gc", .form = OpForm::flag, .doc = "run a garbage collection: runtime.GC"},
         .group = "runtime",
         .parts = {},
         .why_not = "the heap and its collector come with the next version"});
}

}  // namespace gmpsim
