// syscall: a blocking system call. The thread blocks; its P may be taken away.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_syscall(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d)) return nullptr;
  r.world.syscall(r.g, std::clamp<std::int64_t>(d, 0, kNever - 1 - r.world.now()), i->count != 0);
  return r.wait(i + 1);
}

const Instr* exec_syscall_done(Run& r, const Instr* i) {
  return r.store(i->to, Value{static_cast<std::int64_t>(r.g.ok)}) ? i + 1 : nullptr;
}

void compile_syscall(OpCompiler& c) {
  Instr i = c.instr(exec_syscall);
  if (!c.inlined()) i.flags = Instr::kSafePoint;
  i.a = c.value("syscall");
  i.count = c.flag("interruptible") ? 1 : 0;
  c.emit(i);
  if (!c.has("ok")) return;
  Instr done = c.instr(exec_syscall_done);
  done.to = c.name("ok");
  c.emit(done);
}

}  // namespace

void register_ops_syscall(Registry_ops& r) {
  r.add({.verb = {.key = "syscall", .form = OpForm::time, .doc = "a blocking system call that takes so long"},
         .group = "outside",
         .parts = {{.key = "interruptible",
                    .form = OpForm::flag,
                    .doc = "a preemption signal that comes late cuts it short (EINTR); other calls are restarted"},
                   {.key = "ok", .form = OpForm::name, .doc = "becomes 0 when it was cut short, else 1"}},
         .compile = compile_syscall});
}

}  // namespace gmpsim
