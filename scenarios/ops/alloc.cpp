// alloc: read and checked; the heap and its collector come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_alloc(Registry_ops& r) {
  r.add({.verb = {.key = "alloc", .form = OpForm::size, .doc = "allocate so many bytes"},
         .group = "runtime",
         .parts = {{.key = "keep", .form = OpForm::size, .doc = "how many of them stay live until the goroutine ends"}},
         .why_not = "the heap and its collector come with the next version"});
}

}  // namespace gmpsim
