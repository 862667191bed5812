// cancel: read and checked; contexts come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_cancel(Registry_ops& r) {
  r.add({.verb = {.key = "cancel",
                  .form = OpForm::reference,
                  .doc = "a context to be cancelled",
                  .kinds = {ValueKind::context}},
         .group = "context",
         .parts = {},
         .why_not = "contexts come with the next version"});
}

}  // namespace gmpsim
