// write: a plain store into a shared variable: not atomic, seen by the race check.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_write(Run& r, const Instr* i) {
  Value v;
  return r.value(i->a, v) && r.store_shared(i->to, v, Access::write) ? i + 1 : nullptr;
}

void compile_write(OpCompiler& c) {
  Instr i = c.step(exec_write);
  i.a = c.value("value");
  i.to = c.shared("write");
  c.emit(i);
}

}  // namespace

void register_ops_write(Registry_ops& r) {
  r.add({.verb = {.key = "write", .form = OpForm::name, .doc = "a shared variable"},
         .group = "data",
         .parts = {{.key = "value", .form = OpForm::value, .doc = "its new value; 0 when absent"}},
         .compile = compile_write});
}

}  // namespace gmpsim
