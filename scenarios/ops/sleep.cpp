// sleep: time.Sleep, from now.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_sleep(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d)) return nullptr;
  return r.after(r.world.sleep(r.g, d), i + 1);
}

void compile_sleep(OpCompiler& c) {
  Instr i = c.action(exec_sleep, Cost::sleep);
  i.a = c.value("sleep");
  c.emit(i);
}

}  // namespace

void register_ops_sleep(Registry_ops& r) {
  r.add({.verb = {.key = "sleep", .form = OpForm::time, .doc = "sleep for so long from now on"},
         .group = "time",
         .parts = {},
         .compile = compile_sleep});
}

}  // namespace gmpsim
