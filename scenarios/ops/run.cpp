// run: computes for a time of the goroutine's own CPU. Calls come along all the time unless `preempt` says otherwise.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_run(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d)) return nullptr;
  d = std::clamp<std::int64_t>(d, 0, kNever - 1 - r.world.now());  // the clock must not overflow
  return r.world.spend(r.g, d, static_cast<Preemptible>(i->count)) ? i + 1 : r.wait(i + 1);
}

void compile_run(OpCompiler& c) {
  Instr i = c.instr(exec_run);
  i.a = c.value("run");
  const Preemptible how = c.preempt_word(Preemptible::any);
  i.count = static_cast<std::uint16_t>(how);
  if (how == Preemptible::any) i.flags = Instr::kSafePoint;
  (void)c.value("node");  // all memory is near while there is one node
  c.emit(i);
}

}  // namespace

void register_ops_run(Registry_ops& r) {
  r.add({.verb = {.key = "run", .form = OpForm::time, .doc = "compute for so long, in CPU time of the goroutine"},
         .group = "CPU",
         .parts = {{.key = "preempt",
                    .form = OpForm::word,
                    .doc = "where it may be interrupted: anywhere, by a signal only, not at all",
                    .words = {"any", "async-only", "never"}},
                   {.key = "node", .form = OpForm::count, .doc = "the memory node where its data live"}},
         .compile = compile_run});
}

}  // namespace gmpsim
