// profile: the goroutine profile, which looks at all stacks. The preset says whether the world stands still meanwhile.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_profile(Run& r, const Instr* i) { return r.after(r.world.profile(r.g), i + 1); }

void compile_profile(OpCompiler& c) {
  (void)c.flag("profile");
  c.emit(c.action(exec_profile, Cost::step));
}

}  // namespace

void register_ops_profile(Registry_ops& r) {
  r.add({.verb = {.key = "profile", .form = OpForm::flag, .doc = "take the goroutine profile"},
         .group = "runtime",
         .parts = {},
         .compile = compile_profile});
}

}  // namespace gmpsim
