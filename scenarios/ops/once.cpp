// once: Once.Do. Later callers wait until the first has returned, also from a panic, which counts as done.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_once(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<Once>(r, i, ValueKind::once, next);
  if (o == nullptr) return next;
  r.slots()[i->to.index] = Value::reference(ValueKind::once, o);
  return r.after(r.world.once_begin(r.g, *o), i + 1);
}

const Instr* exec_once_mine(Run& r, const Instr* i) {
  return r.world.once_first(r.g, *r.slots()[i->to.index].object<Once>()) ? i + 1 : i + i->jump;
}

const Instr* exec_once_done(Run& r, const Instr* i) {
  return r.after(r.world.once_done(r.g, *r.slots()[i->to.index].object<Once>()), i + 1);
}

void compile_once(OpCompiler& c) {
  (void)c.leaving();  // a panic in the block waits while the once is completed
  Instr begin = c.action(exec_once, Cost::once);
  begin.a = c.value("once");
  begin.to = c.hidden();
  c.emit(begin);
  Instr mine = c.instr(exec_once_mine);
  mine.to = begin.to;
  const CodeIndex branch = c.emit(mine);
  Instr done = c.instr(exec_once_done);
  done.to = begin.to;

  const CodeIndex first = c.here();
  c.enter({.kind = Enclosing::Kind::guarded, .leave = {done}});
  c.block("do");
  (void)c.leave();
  const CodeIndex last = c.here();
  c.emit(done);
  const CodeIndex over = c.emit_jump();
  Instr on = c.instr(exec_resume_leaving);
  on.count = 1;
  c.landing(Landing::Kind::once, first, last, c.emit(done));
  c.emit(on);
  c.jump_to(over, c.here());
  c.jump_to(branch, c.here());
}

}  // namespace

void register_ops_once(Registry_ops& r) {
  r.add({.verb = {.key = "once",
                  .form = OpForm::reference,
                  .doc = "do something the first time only",
                  .kinds = {ValueKind::once},
                  .wakes = wakes(WaitReason::mutex_lock)},
         .group = "sync",
         .parts = {{.key = "do", .form = OpForm::block, .doc = "what is done", .required = true}},
         .compile = compile_once});
}

}  // namespace gmpsim
