// signal: Cond.Signal. The mutex need not be held.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_signal(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<Cond>(r, i, ValueKind::cond, next);
  if (o == nullptr) return next;
  return r.after(r.world.cond_signal(r.g, *o), i + 1);
}

void compile_signal(OpCompiler& c) {
  Instr i = c.action(exec_signal, Cost::cond);
  i.a = c.value("signal");
  c.emit(i);
}

}  // namespace

void register_ops_signal(Registry_ops& r) {
  r.add({.verb = {.key = "signal",
                  .form = OpForm::reference,
                  .doc = "wake one goroutine that waits for a cond",
                  .kinds = {ValueKind::cond},
                  .wakes = wakes(WaitReason::cond_wait)},
         .group = "sync",
         .parts = {},
         .compile = compile_signal});
}

}  // namespace gmpsim
