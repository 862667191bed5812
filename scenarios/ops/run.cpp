// run: computes for a time of the goroutine's own CPU. Calls come along all the time unless `preempt` says otherwise. On a
// core of another memory node than `node` the same work takes longer.
#include <algorithm>
#include <string>

#include "scenarios/ops/op.hpp"
#include "sim/check.hpp"

namespace gmpsim {
namespace {

const Instr* exec_run(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d)) return nullptr;
  d = std::clamp<std::int64_t>(d, 0, kNever - 1 - r.world.now());  // the clock must not overflow
  return r.world.spend(r.g, d, static_cast<Preemptible>(i->count)) ? i + 1 : r.wait(i + 1);
}

const Instr* exec_run_at_node(Run& r, const Instr* i) {
  std::int64_t node = 0;
  if (!r.count(i->b, i, node)) return nullptr;
  const std::int64_t nodes = r.world.options().memory.nodes;
  if (node >= nodes)
    return r.fail(
        i, "there is no memory node " + std::to_string(node),
        nodes == 1 ? "the machine has one, node 0" : "the machine has nodes 0 to " + std::to_string(nodes - 1));
  if (nodes == 1) return exec_run(r, i);
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d)) return nullptr;
  d = std::clamp<std::int64_t>(d, 0, kNever - 1 - r.world.now());
  if (d == 0) return i + 1;
  r.g.data_node = static_cast<std::uint16_t>(node);
  const bool in_place = r.world.spend(r.g, d, static_cast<Preemptible>(i->count));
  GMPSIM_CHECK(!in_place, "no time passes in place where cores differ");
  return r.wait(i + 1);
}

void compile_run(OpCompiler& c) {
  Instr i = c.instr(c.has("node") ? exec_run_at_node : exec_run);
  i.a = c.value("run");
  const Preemptible how = c.preempt_word(Preemptible::any);
  i.count = static_cast<std::uint16_t>(how);
  if (how == Preemptible::any) i.flags = Instr::kSafePoint;
  if (c.has("node")) i.b = c.value("node");
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
