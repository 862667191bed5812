// broadcast: Cond.Broadcast. The mutex need not be held.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_broadcast(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<Cond>(r, i, ValueKind::cond, next);
  if (o == nullptr) return next;
  return r.after(r.world.cond_broadcast(r.g, *o), i + 1);
}

void compile_broadcast(OpCompiler& c) {
  Instr i = c.action(exec_broadcast, Cost::cond);
  i.a = c.value("broadcast");
  c.emit(i);
}

}  // namespace

void register_ops_broadcast(Registry_ops& r) {
  r.add({.verb = {.key = "broadcast",
                  .form = OpForm::reference,
                  .doc = "wake all goroutines that wait for a cond",
                  .kinds = {ValueKind::cond},
                  .wakes = wakes(WaitReason::cond_wait)},
         .group = "sync",
         .parts = {},
         .compile = compile_broadcast});
}

}  // namespace gmpsim
