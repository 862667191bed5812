// wait: Cond.Wait. Releases the mutex, and holds it again when it is done; no spurious wake-ups.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_wait(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<Cond>(r, i, ValueKind::cond, next);
  if (o == nullptr) return next;
  const char* message = nullptr;
  const Step step = r.world.cond_wait(r.g, *o, message);
  return message != nullptr ? r.fatal(message) : r.after(step, i + 1);
}

void compile_wait(OpCompiler& c) {
  Instr i = c.action(exec_wait, Cost::cond);
  i.a = c.value("wait");
  c.emit(i);
}

}  // namespace

void register_ops_wait(Registry_ops& r) {
  r.add({.verb = {.key = "wait",
                  .form = OpForm::reference,
                  .doc = "wait for a cond, whose mutex must be held",
                  .kinds = {ValueKind::cond},
                  .wakes = wakes(WaitReason::mutex_lock)},
         .group = "sync",
         .parts = {},
         .compile = compile_wait});
}

}  // namespace gmpsim
