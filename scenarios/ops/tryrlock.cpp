// tryrlock: RWMutex.TryRLock.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_tryrlock(Run& r, const Instr* i) {
  Value v;
  if (!r.value(i->a, v)) return nullptr;
  if (v.is_nil()) return r.panic(i, kNilPointer);
  if (v.kind == ValueKind::rwmutex)
    return r.store(i->to, Value{std::int64_t{r.world.rwmutex_tryrlock(r.g, *v.object<RWMutex>())}}) ? i + 1 : nullptr;
  return r.fail(i, std::string("a rwmutex is needed here, not ") + name_of(v.kind));
}

void compile_tryrlock(OpCompiler& c) {
  Instr i = c.action(exec_tryrlock, Cost::rwmutex);
  i.a = c.value("tryrlock");
  i.to = c.name("as");
  c.emit(i);
}

}  // namespace

void register_ops_tryrlock(Registry_ops& r) {
  r.add({.verb = {.key = "tryrlock",
                  .form = OpForm::reference,
                  .doc = "lock a rwmutex for reading if that is possible at once",
                  .kinds = {ValueKind::rwmutex}},
         .group = "sync",
         .parts = {{.key = "as", .form = OpForm::name, .doc = "becomes 1 when it was got, else 0"}},
         .compile = compile_tryrlock});
}

}  // namespace gmpsim
