// mark: something has happened; costs nothing and belongs to the operation before it.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_mark(Run& r, const Instr* i) {
  r.world.report(r.g, Kind::mark, i->extra, 0);
  return r.in.marked(i->extra) ? i + 1 : r.stop();
}

void compile_mark(OpCompiler& c) {
  Instr i = c.instr(exec_mark);
  i.extra = c.label("mark");
  c.emit(i);
}

}  // namespace

void register_ops_mark(Registry_ops& r) {
  r.add({.verb = {.key = "mark", .form = OpForm::label, .doc = "name of the mark"},
         .group = "measuring",
         .parts = {},
         .compile = compile_mark});
}

}  // namespace gmpsim
