// stop: Timer.Stop, Ticker.Stop. `as` becomes 1 if it was pending, else 0.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_stop(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* t = object<Timer>(r, i, ValueKind::timer, next);
  if (t == nullptr) return next;
  bool was_pending = false;
  const Step step = r.world.timer_stop(r.g, *t, was_pending);
  if (!r.store(i->to, Value{static_cast<std::int64_t>(was_pending)})) return nullptr;
  return r.after(step, i + 1);
}

void compile_stop(OpCompiler& c) {
  Instr i = c.action(exec_stop, Cost::timer_set);
  i.a = c.value("stop");
  i.to = c.name("as");
  c.emit(i);
}

}  // namespace

void register_ops_stop(Registry_ops& r) {
  r.add(
      {.verb = {.key = "stop", .form = OpForm::reference, .doc = "stop a timer or ticker", .kinds = {ValueKind::timer}},
       .group = "time",
       .parts = {{.key = "as", .form = OpForm::name, .doc = "becomes 1 if it was pending, else 0"}},
       .compile = compile_stop});
}

}  // namespace gmpsim
