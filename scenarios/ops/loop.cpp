// loop: a number of times, while a condition holds, or for ever. A pass costs a step, so no loop is free.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

// `times` is evaluated once; the count lives in hidden variables, so assigning to the name under `as` changes nothing.
const Instr* exec_times(Run& r, const Instr* i) {
  std::int64_t n = 0;
  if (!r.count(i->a, i, n)) return nullptr;
  r.slots()[i->extra] = Value{n};
  r.slots()[i->count] = Value{std::int64_t{0}};
  if (n == 0) return i + i->jump;
  return r.store(i->to, Value{std::int64_t{0}}) ? i + 1 : nullptr;
}

const Instr* exec_times_next(Run& r, const Instr* i) {
  Value& at = r.slots()[i->count];
  if (++at.bits >= r.slots()[i->extra].bits) return i + 1;
  return r.store(i->to, Value{at.bits}) ? i + i->jump : nullptr;
}

const Instr* exec_while(Run& r, const Instr* i) {
  std::int64_t holds = 0;
  if (!r.integer(i->a, i, holds)) return nullptr;
  return holds != 0 ? i + 1 : i + i->jump;
}

const Instr* exec_while_next(Run& r, const Instr* i) {
  std::int64_t holds = 0;
  if (!r.integer(i->a, i, holds)) return nullptr;
  return holds != 0 ? i + i->jump : i + 1;
}

void compile_loop(OpCompiler& c) {
  (void)c.flag("loop");
  const bool times = c.has("times");
  const bool condition = c.has("while");
  if (int{times} + int{condition} + int{c.has("forever")} != 1) {
    c.problem(c.op(), times || condition ? "E0503" : "E0505", "a loop needs one of times, while, forever",
              "such as \"times\": 10");
    return;
  }
  (void)c.flag("forever");
  if (c.has("as") && !times) c.problem(c.op(), "E0107", "\"as\" counts the passes of a loop with times");

  const Preemptible outer_how = c.preemptible(Preemptible::any);
  const bool outer = c.inlined();
  const Preemptible how = c.preempt_word(Preemptible::any);
  Instr begin;
  CodeIndex entry = 0;
  Instr next = c.step(exec_jump);
  if (times) {
    begin = c.instr(exec_times);
    begin.a = c.value("times");
    begin.extra = c.new_slot();
    begin.count = static_cast<std::uint16_t>(c.new_slot());
    begin.to = c.name("as");
    entry = c.emit(begin);
  } else if (condition) {
    begin = c.instr(exec_while);
    begin.a = c.value("while");
    entry = c.emit(begin);
  }
  const CodeIndex top = c.here();
  if (how != Preemptible::any) c.set_inlined(true, how);
  next = c.step(times ? exec_times_next : condition ? exec_while_next : exec_jump);
  if (times || condition) {
    next.a = begin.a;
    next.extra = begin.extra;
    next.count = begin.count;
    next.to = begin.to;
  }
  c.enter({.kind = Enclosing::Kind::loop, .label = c.literal("label")});
  c.block("do");
  const Enclosing loop = c.leave();
  const CodeIndex again = c.emit(next);
  c.jump_to(again, top);
  c.set_inlined(outer, outer_how);
  if (times || condition) c.jump_to(entry, c.here());
  for (const CodeIndex b : loop.breaks) c.jump_to(b, c.here());
  for (const CodeIndex b : loop.continues) c.jump_to(b, again);
}

}  // namespace

void register_ops_loop(Registry_ops& r) {
  r.add({.verb = {.key = "loop", .form = OpForm::flag, .doc = "repeat operations"},
         .group = "control",
         .parts = {{.key = "times", .form = OpForm::count, .doc = "how often; evaluated once"},
                   {.key = "as", .form = OpForm::name, .doc = "becomes 0, 1, … with times"},
                   {.key = "while", .form = OpForm::condition, .doc = "evaluated before every pass"},
                   {.key = "forever", .form = OpForm::flag, .doc = "until break, return, exit or panic"},
                   {.key = "do", .form = OpForm::block, .doc = "the operations"},
                   {.key = "preempt",
                    .form = OpForm::word,
                    .doc = "holds for all in it that does not block",
                    .words = {"any", "async-only", "never"}},
                   {.key = "label", .form = OpForm::label, .doc = "a name for break and continue"}},
         .compile = compile_loop,
         .one_of = {"times", "while", "forever"}});
}

}  // namespace gmpsim
