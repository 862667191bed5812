// panic: runs the deferred blocks of call after call until a `try` of this goroutine holds it; else ends the run.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_panic(Run& r, const Instr* i) {
  Value v;
  if (!r.value(i->a, v)) return nullptr;
  return r.panic(i, i->extra, v);
}

void compile_panic(OpCompiler& c) {
  Instr i = c.instr(exec_panic);
  i.extra = c.label("panic");
  i.a = c.value("value");
  c.emit(i);
}

}  // namespace

void register_ops_panic(Registry_ops& r) {
  r.add({.verb = {.key = "panic", .form = OpForm::label, .doc = "panic with this message"},
         .group = "goroutines",
         .parts = {{.key = "value", .form = OpForm::value, .doc = "what a try that holds it gets"}},
         .compile = compile_panic});
}

}  // namespace gmpsim
