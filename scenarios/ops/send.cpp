// send: one value, or several at once as a tuple.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_send(Run& r, const Instr* i) {
  Chan* c = nullptr;
  Value v;
  if (!r.reference(i->a, i, ValueKind::chan, c)) return nullptr;
  if (!r.tuple({i->extra, i->count}, (i->flags & Instr::kList) != 0, v)) return nullptr;
  return r.after(r.world.chan_send(r.g, c, payload_of(v)), i + 1);
}

const Instr* exec_sent(Run& r, const Instr* i) {
  if (const char* message = r.world.chan_send_finish(r.g)) return r.panic(i, message);
  return i + 1;
}

void compile_send(OpCompiler& c) {
  Instr i = c.action(exec_send, Cost::chan);
  i.a = c.value("send");
  c.values_into(i, "value");
  c.emit(i);
  c.emit(c.instr(exec_sent));
}

}  // namespace

void register_ops_send(Registry_ops& r) {
  r.add({.verb = {.key = "send",
                  .form = OpForm::reference,
                  .doc = "send on a channel",
                  .kinds = {ValueKind::chan},
                  .wakes = wakes(WaitReason::chan_receive)},
         .group = "channels",
         .parts = {{.key = "value", .form = OpForm::values, .doc = "what is sent; 0 when absent"}},
         .compile = compile_send});
}

}  // namespace gmpsim
