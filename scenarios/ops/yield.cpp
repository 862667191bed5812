// yield: runtime.Gosched, to the tail of the global queue.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_yield(Run& r, const Instr* i) {
  r.world.gosched(r.g);
  return r.wait(i + 1);
}

void compile_yield(OpCompiler& c) {
  (void)c.flag("yield");
  Instr i = c.instr(exec_yield);
  i.flags = Instr::kSafePoint;
  c.emit(i);
}

}  // namespace

void register_ops_yield(Registry_ops& r) {
  r.add({.verb = {.key = "yield", .form = OpForm::flag, .doc = "let others run: runtime.Gosched"},
         .group = "CPU",
         .parts = {},
         .compile = compile_yield});
}

}  // namespace gmpsim
