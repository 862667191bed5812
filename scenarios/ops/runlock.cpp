// runlock: RWMutex.RUnlock. What is not locked is a fatal error.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_runlock(Run& r, const Instr* i) {
  Value v;
  if (!r.value(i->a, v)) return nullptr;
  if (v.is_nil()) return r.panic(i, kNilPointer);
  const char* message = nullptr;
  if (v.kind == ValueKind::rwmutex) {
    const Step step = r.world.rwmutex_runlock(r.g, *v.object<RWMutex>(), message);
    return message != nullptr ? r.fatal(message) : r.after(step, i + 1);
  }
  return r.fail(i, std::string("a rwmutex is needed here, not ") + name_of(v.kind));
}

void compile_runlock(OpCompiler& c) {
  Instr i = c.action(exec_runlock, Cost::rwmutex);
  i.a = c.value("runlock");
  c.emit(i);
}

}  // namespace

void register_ops_runlock(Registry_ops& r) {
  r.add({.verb = {.key = "runlock",
                  .form = OpForm::reference,
                  .doc = "unlock a rwmutex for reading",
                  .kinds = {ValueKind::rwmutex},
                  .wakes = wakes(WaitReason::mutex_lock, WaitReason::rwmutex_lock, WaitReason::rwmutex_rlock)},
         .group = "sync",
         .parts = {},
         .compile = compile_runlock});
}

}  // namespace gmpsim
