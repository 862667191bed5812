// tryacquire: golang.org/x/sync/semaphore, TryAcquire.
#include "scenarios/ops/semaphore.hpp"

namespace gmpsim {
namespace {

const Instr* exec_tryacquire(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<Semaphore>(r, i, ValueKind::semaphore, next);
  if (o == nullptr) return next;
  std::int64_t n = 0;
  if (!weight(r, i, *o, n)) return nullptr;
  return r.store(i->to, Value{std::int64_t{r.world.sema_try(r.g, *o, n)}}) ? i + 1 : nullptr;
}

void compile_tryacquire(OpCompiler& c) {
  Instr i = c.action(exec_tryacquire, Cost::sema);
  i.a = c.value("tryacquire");
  i.b = c.has("n") ? c.value("n") : OpCompiler::constant(1);
  i.to = c.name("as");
  c.emit(i);
}

}  // namespace

void register_ops_tryacquire(Registry_ops& r) {
  r.add({.verb = {.key = "tryacquire",
                  .form = OpForm::reference,
                  .doc = "take from a weighted semaphore if that is possible at once",
                  .kinds = {ValueKind::semaphore}},
         .group = "sync",
         .parts = {{.key = "n", .form = OpForm::count, .doc = "how much; 1 when absent"},
                   {.key = "as", .form = OpForm::name, .doc = "becomes 1 when it was got, else 0"}},
         .compile = compile_tryacquire});
}

}  // namespace gmpsim
