// trylock: Mutex.TryLock, or the write side of an RWMutex.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_trylock(Run& r, const Instr* i) {
  Value v;
  if (!r.value(i->a, v)) return nullptr;
  if (v.is_nil()) return r.panic(i, kNilPointer);
  if (v.kind == ValueKind::mutex)
    return r.store(i->to, Value{std::int64_t{r.world.mutex_trylock(r.g, *v.object<Mutex>())}}) ? i + 1 : nullptr;
  if (v.kind == ValueKind::rwmutex)
    return r.store(i->to, Value{std::int64_t{r.world.rwmutex_trylock(r.g, *v.object<RWMutex>())}}) ? i + 1 : nullptr;
  if (v.kind == ValueKind::runtime_mutex) {
    const bool got = r.world.runtime_trylock(r.g, *v.object<RuntimeMutex>());
    return r.store(i->to, Value{std::int64_t{got}}) ? i + 1 : nullptr;
  }
  return r.fail(i, std::string("a mutex or rwmutex is needed here, not ") + name_of(v.kind));
}

void compile_trylock(OpCompiler& c) {
  Instr i = c.action(exec_trylock, Cost::mutex);
  i.a = c.value("trylock");
  if (c.kind_known(i.a) == ValueKind::rwmutex) i.cost = Cost::rwmutex;
  i.to = c.name("as");
  c.emit(i);
}

}  // namespace

void register_ops_trylock(Registry_ops& r) {
  r.add({.verb = {.key = "trylock",
                  .form = OpForm::reference,
                  .doc = "lock a mutex, or a rwmutex for writing, if that is possible at once",
                  .kinds = {ValueKind::mutex, ValueKind::rwmutex, ValueKind::runtime_mutex}},
         .group = "sync",
         .parts = {{.key = "as", .form = OpForm::name, .doc = "becomes 1 when it was got, else 0"}},
         .compile = compile_trylock});
}

}  // namespace gmpsim
