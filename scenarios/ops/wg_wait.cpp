// wg_wait: WaitGroup.Wait.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_wg_wait(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<WaitGroup>(r, i, ValueKind::wait_group, next);
  if (o == nullptr) return next;
  r.slots()[i->to.index] = Value::reference(ValueKind::wait_group, o);
  return r.after(r.world.wait_group_wait(r.g, *o), i + 1);
}

const Instr* exec_wg_waited(Run& r, const Instr* i) {
  const char* const panic = r.world.wait_group_wait_finish(r.g, *r.slots()[i->to.index].object<WaitGroup>());
  return panic != nullptr ? r.panic(i, panic) : i + 1;
}

void compile_wg_wait(OpCompiler& c) {
  Instr i = c.action(exec_wg_wait, Cost::wait_group);
  i.a = c.value("wg_wait");
  i.to = c.hidden();
  c.emit(i);
  Instr waited = c.instr(exec_wg_waited);
  waited.to = i.to;
  c.emit(waited);
}

}  // namespace

void register_ops_wg_wait(Registry_ops& r) {
  r.add({.verb = {.key = "wg_wait",
                  .form = OpForm::reference,
                  .doc = "wait until a wait group is at 0",
                  .kinds = {ValueKind::wait_group}},
         .group = "sync",
         .parts = {},
         .compile = compile_wg_wait});
}

}  // namespace gmpsim
