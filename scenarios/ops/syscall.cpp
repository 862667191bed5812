// syscall: a blocking system call. The thread blocks; its P may be taken away.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_syscall(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d)) return nullptr;
  r.world.syscall(r.g, std::clamp<std::int64_t>(d, 0, kNever - 1 - r.world.now()));
  return r.wait(i + 1);
}

void compile_syscall(OpCompiler& c) {
  Instr i = c.instr(exec_syscall);
  if (!c.inlined()) i.flags = Instr::kSafePoint;
  i.a = c.value("syscall");
  c.emit(i);
}

}  // namespace

void register_ops_syscall(Registry_ops& r) {
  r.add({.verb = {.key = "syscall", .form = OpForm::time, .doc = "a blocking system call that takes so long"},
         .group = "outside",
         .parts = {},
         .compile = compile_syscall});
}

}  // namespace gmpsim
