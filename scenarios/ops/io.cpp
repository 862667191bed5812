// io: read and checked; sockets and files come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_io(Registry_ops& r) {
  r.add({.verb = {.key = "io",
                  .form = OpForm::reference,
                  .doc = "read from a socket or file",
                  .kinds = {ValueKind::device}},
         .group = "outside",
         .parts = {{.key = "timeout", .form = OpForm::time, .doc = "give up after so long"},
                   {.key = "ok", .form = OpForm::name, .doc = "becomes 0 when the deadline came first, else 1"}},
         .why_not = "sockets and files come with the next version"});
}

}  // namespace gmpsim
