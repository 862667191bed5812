// spin: computes in a loop without calls, which only a signal can interrupt.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_spin(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d)) return nullptr;
  d = std::clamp<std::int64_t>(d, 0, kNever - 1 - r.world.now());
  return r.world.spend(r.g, d, static_cast<Preemptible>(i->count)) ? i + 1 : r.wait(i + 1);
}

void compile_spin(OpCompiler& c) {
  Instr i = c.instr(exec_spin);
  i.a = c.literal("spin") == "forever" ? OpCompiler::constant(kNever) : c.value("spin");
  const Preemptible how = c.preempt_word(Preemptible::async_only);
  i.count = static_cast<std::uint16_t>(how);
  if (how == Preemptible::any) i.flags = Instr::kSafePoint;
  c.emit(i);
}

}  // namespace

void register_ops_spin(Registry_ops& r) {
  r.add({.verb = {.key = "spin", .form = OpForm::time, .doc = "compute in a loop without calls", .words = {"forever"}},
         .group = "CPU",
         .parts = {{.key = "preempt",
                    .form = OpForm::word,
                    .doc = "where it may be interrupted",
                    .words = {"any", "async-only", "never"}}},
         .compile = compile_spin});
}

}  // namespace gmpsim
