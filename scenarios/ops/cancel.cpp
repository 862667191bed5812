// cancel: ends a context and all that was made under it. Twice is harmless.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_cancel(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* c = object<CancelCtx>(r, i, ValueKind::context, next);
  if (c == nullptr) return next;
  return r.after(r.world.context_cancel(r.g, *c), i + 1);
}

}  // namespace

void register_ops_cancel(Registry_ops& r) {
  r.add({.verb = {.key = "cancel",
                  .form = OpForm::reference,
                  .doc = "end a context and all that was made under it",
                  .kinds = {ValueKind::context},
                  .wakes = wakes(WaitReason::chan_receive)},
         .group = "context",
         .parts = {},
         .compile = compile_on_object<exec_cancel, Cost::context>});
}

}  // namespace gmpsim
