// unlock: Mutex.Unlock, or the write side of an RWMutex. What is not locked is a fatal error.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_unlock(Run& r, const Instr* i) {
  Value v;
  if (!r.value(i->a, v)) return nullptr;
  if (v.is_nil()) return r.panic(i, kNilPointer);
  const char* message = nullptr;
  if (v.kind == ValueKind::mutex) {
    const Step step = r.world.mutex_unlock(r.g, *v.object<Mutex>(), message);
    return message != nullptr ? r.fatal(message) : r.after(step, i + 1);
  }
  if (v.kind == ValueKind::rwmutex) {
    const Step step = r.world.rwmutex_unlock(r.g, *v.object<RWMutex>(), message);
    return message != nullptr ? r.fatal(message) : r.after(step, i + 1);
  }
  if (v.kind == ValueKind::runtime_mutex) {
    const Step step = r.world.runtime_unlock(r.g, *v.object<RuntimeMutex>(), message);
    return message != nullptr ? r.fatal(message) : r.after(step, i + 1);
  }
  return r.fail(i, std::string("a mutex or rwmutex is needed here, not ") + name_of(v.kind));
}

void compile_unlock(OpCompiler& c) {
  Instr i = c.action(exec_unlock, Cost::mutex);
  i.a = c.value("unlock");
  if (c.kind_known(i.a) == ValueKind::rwmutex) i.cost = Cost::rwmutex;
  c.emit(i);
}

}  // namespace

void register_ops_unlock(Registry_ops& r) {
  r.add({.verb = {.key = "unlock",
                  .form = OpForm::reference,
                  .doc = "unlock a mutex, or a rwmutex for writing; any goroutine may",
                  .kinds = {ValueKind::mutex, ValueKind::rwmutex, ValueKind::runtime_mutex},
                  .wakes = wakes(WaitReason::mutex_lock, WaitReason::rwmutex_lock, WaitReason::rwmutex_rlock)},
         .group = "sync",
         .parts = {},
         .compile = compile_unlock});
}

}  // namespace gmpsim
