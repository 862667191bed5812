// context: read and checked; contexts come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_context(Registry_ops& r) {
  r.add({.verb = {.key = "context",
                  .form = OpForm::reference,
                  .doc = "the parent, or nil for Background",
                  .kinds = {ValueKind::context}},
         .group = "context",
         .parts = {{.key = "as", .form = OpForm::name, .doc = "becomes the context", .required = true},
                   {.key = "timeout", .form = OpForm::time, .doc = "it ends by itself after so long"}},
         .why_not = "contexts come with the next version"});
}

}  // namespace gmpsim
