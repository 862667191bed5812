// cgo: read and checked; C calls come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_cgo(Registry_ops& r) {
  r.add({.verb = {.key = "cgo", .form = OpForm::time, .doc = "a C call that takes so long"},
         .group = "outside",
         .parts = {{.key = "on",
                    .form = OpForm::reference,
                    .doc = "the library, which serves a limited number of calls",
                    .kinds = {ValueKind::library}}},
         .why_not = "C calls come with the next version"});
}

}  // namespace gmpsim
