// break: as in Go, also out of a select.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

void compile_break(OpCompiler& c) {
  (void)c.flag("break");
  if (Enclosing* e = c.leave_to(false, "label")) e->breaks.push_back(c.emit_jump());
}

}  // namespace

void register_ops_break(Registry_ops& r) {
  r.add({.verb = {.key = "break",
                  .form = OpForm::flag,
                  .doc = "leave the innermost loop, range or select, or the one with this label"},
         .group = "control",
         .parts = {{.key = "label", .form = OpForm::label, .doc = "the label of the construct meant"}},
         .compile = compile_break});
}

}  // namespace gmpsim
