// lock_os_thread: runtime.LockOSThread. The goroutine runs on its present thread only, and that thread runs nothing else.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_lock_os_thread(Run& r, const Instr* i) { return r.after(r.world.lock_os_thread(r.g), i + 1); }

void compile_lock_os_thread(OpCompiler& c) {
  (void)c.flag("lock_os_thread");
  c.emit(c.action(exec_lock_os_thread, Cost::step));
}

}  // namespace

void register_ops_lock_os_thread(Registry_ops& r) {
  r.add({.verb = {.key = "lock_os_thread", .form = OpForm::flag, .doc = "runtime.LockOSThread"},
         .group = "goroutines",
         .parts = {},
         .compile = compile_lock_os_thread});
}

}  // namespace gmpsim
