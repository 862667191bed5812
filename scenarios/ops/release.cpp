// release: golang.org/x/sync/semaphore, Release. More than is held panics.
#include "scenarios/ops/semaphore.hpp"

namespace gmpsim {
namespace {

const Instr* exec_release(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<Semaphore>(r, i, ValueKind::semaphore, next);
  if (o == nullptr) return next;
  std::int64_t n = 0;
  if (!weight(r, i, *o, n)) return nullptr;
  const char* message = nullptr;
  const Step step = r.world.sema_release(r.g, *o, n, message);
  return message != nullptr ? r.panic(i, message) : r.after(step, i + 1);
}

void compile_release(OpCompiler& c) {
  Instr i = c.action(exec_release, Cost::sema);
  i.a = c.value("release");
  i.b = c.has("n") ? c.value("n") : OpCompiler::constant(1);
  c.emit(i);
}

}  // namespace

void register_ops_release(Registry_ops& r) {
  r.add({.verb = {.key = "release",
                  .form = OpForm::reference,
                  .doc = "give back to a weighted semaphore",
                  .kinds = {ValueKind::semaphore},
                  .wakes = wakes(WaitReason::semacquire)},
         .group = "sync",
         .parts = {{.key = "n", .form = OpForm::count, .doc = "how much; 1 when absent"}},
         .compile = compile_release});
}

}  // namespace gmpsim
