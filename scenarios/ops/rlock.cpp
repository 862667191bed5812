// rlock: RWMutex.RLock. A waiting writer keeps new readers out.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_rlock(Run& r, const Instr* i) {
  Value v;
  if (!r.value(i->a, v)) return nullptr;
  if (v.is_nil()) return r.panic(i, kNilPointer);
  if (v.kind == ValueKind::rwmutex) return r.after(r.world.rwmutex_rlock(r.g, *v.object<RWMutex>()), i + 1);
  return r.fail(i, std::string("a rwmutex is needed here, not ") + name_of(v.kind));
}

void compile_rlock(OpCompiler& c) {
  Instr i = c.action(exec_rlock, Cost::rwmutex);
  i.a = c.value("rlock");
  c.emit(i);
}

}  // namespace

void register_ops_rlock(Registry_ops& r) {
  r.add({.verb = {.key = "rlock",
                  .form = OpForm::reference,
                  .doc = "lock a rwmutex for reading",
                  .kinds = {ValueKind::rwmutex}},
         .group = "sync",
         .parts = {},
         .compile = compile_rlock});
}

}  // namespace gmpsim
