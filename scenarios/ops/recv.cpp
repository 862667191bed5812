// recv: receives from a channel, timer or ticker.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_recv(Run& r, const Instr* i) {
  Value v;
  Chan* c = nullptr;
  if (!r.value(i->a, v) || !channel(r, v, i, c)) return nullptr;
  return r.after(r.world.chan_recv(r.g, c), i + 1);
}

const Instr* exec_received(Run& r, const Instr* i) {
  const World::Received got = r.world.chan_recv_finish(r.g);
  if (!r.store_all(i, {i->extra, i->count}, (i->flags & Instr::kList) != 0, value_of(got.value), !got.ok))
    return nullptr;
  if (!r.store(i->to, Value{static_cast<std::int64_t>(got.ok)})) return nullptr;
  return i + 1;
}

void compile_recv(OpCompiler& c) {
  Instr i = c.action(exec_recv, Cost::chan);
  i.a = c.value("recv");
  c.emit(i);
  Instr received = c.instr(exec_received);
  c.names_into(received, "as");
  received.to = c.name("ok");
  c.emit(received);
}

}  // namespace

void register_ops_recv(Registry_ops& r) {
  r.add({.verb = {.key = "recv",
                  .form = OpForm::reference,
                  .doc = "receive from a channel, timer or ticker",
                  .kinds = {ValueKind::chan, ValueKind::timer, ValueKind::context},
                  .wakes = wakes(WaitReason::chan_send)},
         .group = "channels",
         .parts = {{.key = "as", .form = OpForm::names, .doc = "becomes what was received; 0 from a closed channel"},
                   {.key = "ok",
                    .form = OpForm::name,
                    .doc = "becomes 0 when the channel is closed and drained, else 1"}},
         .compile = compile_recv});
}

}  // namespace gmpsim
