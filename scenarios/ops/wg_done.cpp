// wg_done: WaitGroup.Done.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_wg_done(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* o = object<WaitGroup>(r, i, ValueKind::wait_group, next);
  if (o == nullptr) return next;
  const char* message = nullptr;
  const Step step = r.world.wait_group_add(r.g, *o, -1, message);
  return message != nullptr ? r.panic(i, message) : r.after(step, i + 1);
}

void compile_wg_done(OpCompiler& c) {
  Instr i = c.action(exec_wg_done, Cost::wait_group);
  i.a = c.value("wg_done");
  c.emit(i);
}

}  // namespace

void register_ops_wg_done(Registry_ops& r) {
  r.add({.verb = {.key = "wg_done",
                  .form = OpForm::reference,
                  .doc = "take one from a wait group",
                  .kinds = {ValueKind::wait_group},
                  .wakes = wakes(WaitReason::wait_group)},
         .group = "sync",
         .parts = {},
         .compile = compile_wg_done});
}

}  // namespace gmpsim
