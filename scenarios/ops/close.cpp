// close: receivers get 0, senders panic.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_close(Run& r, const Instr* i) {
  Chan* c = nullptr;
  if (!r.reference(i->a, i, ValueKind::chan, c)) return nullptr;
  if (c == nullptr) return r.panic(i, "close of nil channel");
  const char* message = nullptr;
  const Step step = r.world.chan_close(r.g, c, message);
  if (message != nullptr) return r.panic(i, message);
  return r.after(step, i + 1);
}

}  // namespace

void register_ops_close(Registry_ops& r) {
  r.add({.verb = {.key = "close",
                  .form = OpForm::reference,
                  .doc = "close a channel",
                  .kinds = {ValueKind::chan},
                  .wakes = wakes(WaitReason::chan_receive, WaitReason::chan_send)},
         .group = "channels",
         .parts = {},
         .compile = compile_on_object<exec_close, Cost::chan>});
}

}  // namespace gmpsim
