// continue: the next pass.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

void compile_continue(OpCompiler& c) {
  (void)c.flag("continue");
  if (Enclosing* e = c.leave_to(true, "label")) e->continues.push_back(c.emit_jump());
}

}  // namespace

void register_ops_continue(Registry_ops& r) {
  r.add({.verb = {.key = "continue",
                  .form = OpForm::flag,
                  .doc = "go to the next pass of the innermost loop or range, or the one with this label"},
         .group = "control",
         .parts = {{.key = "label", .form = OpForm::label, .doc = "the label of the construct meant"}},
         .compile = compile_continue});
}

}  // namespace gmpsim
