// stop_world: stops the world, keeps it stopped for a time, starts it again, as ReadMemStats and a trace's start do.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_stop_world(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d)) return nullptr;
  d = std::clamp<std::int64_t>(d, 0, kNever - 1 - r.world.now());
  return r.after(r.world.stop_world(r.g, d), i + 1);
}

void compile_stop_world(OpCompiler& c) {
  Instr i = c.action(exec_stop_world, Cost::step);
  i.a = c.value("stop_world");
  c.emit(i);
}

}  // namespace

void register_ops_stop_world(Registry_ops& r) {
  r.add({.verb = {.key = "stop_world", .form = OpForm::time, .doc = "keep the world stopped for so long"},
         .group = "runtime",
         .parts = {},
         .compile = compile_stop_world});
}

}  // namespace gmpsim
