// acquire: golang.org/x/sync/semaphore, Acquire.
#include "scenarios/ops/semaphore.hpp"

namespace gmpsim {
namespace {

const Instr* exec_acquire(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<Semaphore>(r, i, ValueKind::semaphore, next);
  if (o == nullptr) return next;
  std::int64_t n = 0;
  if (!weight(r, i, *o, n)) return nullptr;
  return r.after(r.world.sema_acquire(r.g, *o, n), i + 1);
}

void compile_acquire(OpCompiler& c) {
  Instr i = c.action(exec_acquire, Cost::sema);
  i.a = c.value("acquire");
  i.b = c.has("n") ? c.value("n") : OpCompiler::constant(1);
  c.emit(i);
}

}  // namespace

void register_ops_acquire(Registry_ops& r) {
  r.add({.verb = {.key = "acquire",
                  .form = OpForm::reference,
                  .doc = "take from a weighted semaphore, first come first served",
                  .kinds = {ValueKind::semaphore}},
         .group = "sync",
         .parts = {{.key = "n", .form = OpForm::count, .doc = "how much; 1 when absent"}},
         .compile = compile_acquire});
}

}  // namespace gmpsim
