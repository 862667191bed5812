// lock: Mutex.Lock, or the write side of an RWMutex; lock2 for a mutex of the runtime.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_lock(Run& r, const Instr* i) {
  Value v;
  if (!r.value(i->a, v)) return nullptr;
  if (v.is_nil()) return r.panic(i, kNilPointer);
  if (v.kind == ValueKind::mutex) return r.after(r.world.mutex_lock(r.g, *v.object<Mutex>()), i + 1);
  if (v.kind == ValueKind::rwmutex) return r.after(r.world.rwmutex_lock(r.g, *v.object<RWMutex>()), i + 1);
  if (v.kind == ValueKind::runtime_mutex) return r.after(r.world.runtime_lock(r.g, *v.object<RuntimeMutex>()), i + 1);
  return r.fail(i, std::string("a mutex or rwmutex is needed here, not ") + name_of(v.kind));
}

void compile_lock(OpCompiler& c) {
  Instr i = c.action(exec_lock, Cost::mutex);
  i.a = c.value("lock");
  if (c.kind_known(i.a) == ValueKind::rwmutex) i.cost = Cost::rwmutex;
  c.emit(i);
}

}  // namespace

void register_ops_lock(Registry_ops& r) {
  r.add({.verb = {.key = "lock",
                  .form = OpForm::reference,
                  .doc = "lock a mutex, or a rwmutex for writing",
                  .kinds = {ValueKind::mutex, ValueKind::rwmutex, ValueKind::runtime_mutex}},
         .group = "sync",
         .parts = {},
         .compile = compile_lock});
}

}  // namespace gmpsim
