// unlock_os_thread: runtime.UnlockOSThread. Undoes one lock_os_thread; without one it does nothing.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_unlock_os_thread(Run& r, const Instr* i) {
  r.world.unlock_os_thread(r.g);
  return i + 1;
}

void compile_unlock_os_thread(OpCompiler& c) {
  (void)c.flag("unlock_os_thread");
  c.emit(c.action(exec_unlock_os_thread, Cost::step));
}

}  // namespace

void register_ops_unlock_os_thread(Registry_ops& r) {
  r.add({.verb = {.key = "unlock_os_thread", .form = OpForm::flag, .doc = "runtime.UnlockOSThread"},
         .group = "goroutines",
         .parts = {},
         .compile = compile_unlock_os_thread});
}

}  // namespace gmpsim
