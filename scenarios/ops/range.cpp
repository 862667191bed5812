// range: receives until the channel is closed and drained.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_range(Run& r, const Instr* i) {
  Value v;
  Chan* c = nullptr;
  if (!r.value(i->a, v) || !channel(r, v, i, c)) return nullptr;
  r.slots()[i->to.index] = v;
  return i + 1;
}

const Instr* exec_range_next(Run& r, const Instr* i) {
  Chan* c = nullptr;
  if (!channel(r, r.slots()[i->to.index], i, c)) return nullptr;
  return r.after(r.world.chan_recv(r.g, c), i + 1);
}

const Instr* exec_range_pass(Run& r, const Instr* i) {
  const World::Received got = r.world.chan_recv_finish(r.g);
  if (!got.ok) return i + i->jump;
  if (!r.store_all(i, {i->extra, i->count}, (i->flags & Instr::kList) != 0, value_of(got.value), false)) return nullptr;
  return i + 1;
}

void compile_range(OpCompiler& c) {
  const Target channel = c.hidden();
  Instr begin = c.instr(exec_range);
  begin.a = c.value("range");
  begin.to = channel;
  c.emit(begin);
  Instr next = c.action(exec_range_next, Cost::chan);
  next.to = channel;
  const CodeIndex top = c.emit(next);
  Instr pass = c.instr(exec_range_pass);
  c.names_into(pass, "as");
  const CodeIndex exit = c.emit(pass);

  c.enter({.kind = Enclosing::Kind::loop, .label = c.literal("label")});
  c.block("do");
  const Enclosing loop = c.leave();
  const CodeIndex again = c.emit(c.step(exec_jump));
  c.jump_to(again, top);
  c.jump_to(exit, c.here());
  for (const CodeIndex b : loop.breaks) c.jump_to(b, c.here());
  for (const CodeIndex b : loop.continues) c.jump_to(b, again);
}

}  // namespace

void register_ops_range(Registry_ops& r) {
  r.add({.verb = {.key = "range",
                  .form = OpForm::reference,
                  .doc = "receive until the channel is closed and drained",
                  .kinds = {ValueKind::chan, ValueKind::timer},
                  .wakes = wakes(WaitReason::chan_send)},
         .group = "channels",
         .parts = {{.key = "as", .form = OpForm::names, .doc = "becomes what was received"},
                   {.key = "do", .form = OpForm::block, .doc = "operations for each value"},
                   {.key = "label", .form = OpForm::label, .doc = "a name for break and continue"}},
         .compile = compile_range});
}

}  // namespace gmpsim
