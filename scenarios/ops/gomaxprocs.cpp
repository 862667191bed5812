// gomaxprocs: runtime.GOMAXPROCS. Stops the world, changes the number of Ps and starts it again; 0, or as many as there
// are, changes nothing.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

constexpr std::int64_t kMostProcs = 4096;  // as under /runtime/gomaxprocs

const Instr* exec_gomaxprocs(Run& r, const Instr* i) {
  std::int64_t n = 0;
  if (!r.count(i->a, i, n)) return nullptr;
  if (n > kMostProcs) return r.fail(i, "there are at most " + std::to_string(kMostProcs) + " Ps");
  return r.after(r.world.set_procs(r.g, static_cast<std::uint32_t>(n)), i + 1);
}

void compile_gomaxprocs(OpCompiler& c) {
  Instr i = c.action(exec_gomaxprocs, Cost::step);
  i.a = c.value("gomaxprocs");
  c.emit(i);
}

}  // namespace

void register_ops_gomaxprocs(Registry_ops& r) {
  r.add({.verb = {.key = "gomaxprocs", .form = OpForm::count, .doc = "change the number of Ps; 0 changes nothing"},
         .group = "runtime",
         .parts = {},
         .compile = compile_gomaxprocs});
}

}  // namespace gmpsim
