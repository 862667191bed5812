// reset: Timer.Reset, Ticker.Reset. `as` becomes 1 if it was pending, else 0.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_reset(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* t = object<Timer>(r, i, ValueKind::timer, next);
  if (t == nullptr) return next;
  std::int64_t d = 0;
  if (!r.integer(i->b, i, d)) return nullptr;
  d = std::min(d, kLongestDraw);  // the next ticks must not overflow
  // A ticker keeps its schedule's distance: Ticker.Reset sets both.
  if (t->period > 0) {
    if (d <= 0) return r.panic(i, "non-positive interval for Ticker.Reset");
    t->period = d;
  }
  bool was_pending = false;
  const Step step = r.world.timer_reset(r.g, *t, d, was_pending);
  if (!r.store(i->to, Value{static_cast<std::int64_t>(was_pending)})) return nullptr;
  return r.after(step, i + 1);
}

void compile_reset(OpCompiler& c) {
  Instr i = c.action(exec_reset, Cost::timer_set);
  i.a = c.value("reset");
  i.b = c.value("to");
  i.to = c.name("as");
  c.emit(i);
}

}  // namespace

void register_ops_reset(Registry_ops& r) {
  r.add({.verb = {.key = "reset",
                  .form = OpForm::reference,
                  .doc = "set a timer or ticker anew",
                  .kinds = {ValueKind::timer},
                  .wakes = wakes(WaitReason::chan_receive)},
         .group = "time",
         .parts = {{.key = "to", .form = OpForm::time, .doc = "how long from now on", .required = true},
                   {.key = "as", .form = OpForm::name, .doc = "becomes 1 if it was pending, else 0"}},
         .compile = compile_reset});
}

}  // namespace gmpsim
