// wg_add: WaitGroup.Add. A negative counter panics.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_wg_add(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<WaitGroup>(r, i, ValueKind::wait_group, next);
  if (o == nullptr) return next;
  std::int64_t n = 0;
  if (!r.integer(i->b, i, n)) return nullptr;
  constexpr std::int64_t kMost = std::int64_t{1} << 40;  // sums must not overflow; Go has 32 bits
  n = std::clamp(n, -kMost, kMost);
  const char* message = nullptr;
  const Step step = r.world.wait_group_add(r.g, *o, n, message);
  return message != nullptr ? r.panic(i, message) : r.after(step, i + 1);
}

void compile_wg_add(OpCompiler& c) {
  Instr i = c.action(exec_wg_add, Cost::wait_group);
  i.a = c.value("wg_add");
  i.b = c.has("n") ? c.value("n") : OpCompiler::constant(1);
  c.emit(i);
}

}  // namespace

void register_ops_wg_add(Registry_ops& r) {
  r.add({.verb = {.key = "wg_add",
                  .form = OpForm::reference,
                  .doc = "add to a wait group",
                  .kinds = {ValueKind::wait_group},
                  .wakes = wakes(WaitReason::wait_group)},
         .group = "sync",
         .parts = {{.key = "n", .form = OpForm::value, .doc = "how much, also negative; 1 when absent"}},
         .compile = compile_wg_add});
}

}  // namespace gmpsim
