// gc: runtime.GC. Returns when a whole cycle, sweep included, is complete.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_gc(Run& r, const Instr* i) { return r.after(r.world.gc_run(r.g), i + 1); }

void compile_gc(OpCompiler& c) {
  (void)c.flag("gc");
  c.emit(c.action(exec_gc, Cost::step));
}

}  // namespace

void register_ops_gc(Registry_ops& r) {
  r.add({.verb = {.key = "gc", .form = OpForm::flag, .doc = "run a garbage collection: runtime.GC"},
         .group = "runtime",
         .parts = {},
         .compile = compile_gc});
}

}  // namespace gmpsim
