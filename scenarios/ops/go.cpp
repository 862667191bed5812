// go: starts goroutines. Arguments are evaluated here, once for each of them; `index` counts them from 0. With `after` a
// timer does it (time.AfterFunc), once more each time it is reset; `as` becomes the timer.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_go(Run& r, const Instr* i) {
  if (!r.in.memory_left()) return nullptr;
  const ListRef args{i->extra, i->count};
  r.in.scratch.resize(args.count);
  for (std::uint32_t a = 0; a < args.count; ++a) {
    Value v;  // evaluating may use the scratch of nobody else, but may make resources
    if (!r.value(r.in.code->operands[args.first + a], v)) return nullptr;
    r.in.scratch[a] = v;
  }
  const Body body = r.in.make_body(i->b.index, r.in.scratch.data(), r.world.now());
  std::uint32_t child = 0;
  const Step step = r.world.go(r.g, body, child);
  if (!r.store(i->to, Value{child})) return nullptr;
  return r.after(step, i + 1);
}

// With `after`: time.AfterFunc.
const Instr* exec_go_after(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d) || !r.in.memory_left()) return nullptr;
  d = std::min(d, kLongestDraw);
  const ListRef args{i->extra, i->count};
  r.in.scratch.resize(args.count);
  for (std::uint32_t a = 0; a < args.count; ++a) {
    Value v;
    if (!r.value(r.in.code->operands[args.first + a], v)) return nullptr;
    r.in.scratch[a] = v;
  }
  Timer* const t = r.world.make_timer(false);
  const BodyFactory factory = r.in.make_factory(i->b.index, r.in.scratch.data());
  const Step step = r.world.after_func(r.g, *t, d, factory);
  if (!r.store(i->to, Value::reference(ValueKind::timer, t))) return nullptr;
  return r.after(step, i + 1);
}

// With `count`: a hidden variable holds how many, another one is `index`.
const Instr* exec_go_count(Run& r, const Instr* i) {
  std::int64_t n = 0;
  if (!r.count(i->a, i, n)) return nullptr;
  r.slots()[i->to.index] = Value{n};
  r.slots()[i->extra] = Value{std::int64_t{0}};
  return n > 0 ? i + 1 : i + i->jump;
}

const Instr* exec_go_next(Run& r, const Instr* i) {
  Value& index = r.slots()[i->extra];
  return ++index.bits < r.slots()[i->to.index].bits ? i + i->jump : i + 1;
}

void compile_go(OpCompiler& c) {
  const std::uint32_t program = c.program("go");
  const bool many = c.has("count");
  if (c.has("after")) {
    if (many)
      c.problem(c.op(), "E0506", "\"after\" starts one goroutine", "use a loop, or leave out \"after\" or \"count\"");
    Instr i = c.action(exec_go_after, Cost::timer_set);
    i.a = c.value("after");
    const ListRef args = c.arguments("args", program);
    i.extra = args.first;
    i.count = static_cast<std::uint16_t>(args.count);
    i.b = {Operand::Mode::none, program == kNone ? 0 : program, 0};
    i.to = c.name("as");
    c.emit(i);
    return;
  }
  if (many && c.has("as"))
    c.problem(c.op(), "E0506", "\"as\" cannot name the numbers of several goroutines", "leave out \"as\" or \"count\"");
  c.open_scope();
  CodeIndex begin = 0;
  Target left;
  Target index;
  if (many) {
    left = c.hidden();
    index = c.hidden();
    Instr count = c.instr(exec_go_count);
    count.a = c.value("count");
    count.to = left;
    count.extra = index.index;
    begin = c.emit(count);
    c.set_index_slot(index.index);
  }
  Instr i = c.action(exec_go, Cost::go);
  const ListRef args = c.arguments("args", program);
  c.set_index_slot(kNone);
  i.extra = args.first;
  i.count = static_cast<std::uint16_t>(args.count);
  i.b = {Operand::Mode::none, program == kNone ? 0 : program, 0};
  const CodeIndex each = c.here();
  if (many) {
    c.emit(i);
    Instr next = c.instr(exec_go_next);
    next.to = left;
    next.extra = index.index;
    c.jump_to(c.emit(next), each);
    c.jump_to(begin, c.here());
    c.close_scope();
  } else {
    c.close_scope();
    i.to = c.name("as");
    c.emit(i);
  }
}

}  // namespace

void register_ops_go(Registry_ops& r) {
  r.add({.verb = {.key = "go", .form = OpForm::program, .doc = "start a goroutine of this program"},
         .group = "goroutines",
         .parts =
             {{.key = "count", .form = OpForm::count, .doc = "how many"},
              {.key = "args", .form = OpForm::arguments, .doc = "its arguments; index is 0, 1, … beside count"},
              {.key = "as", .form = OpForm::name, .doc = "becomes the number of the goroutine; with after: the timer"},
              {.key = "after", .form = OpForm::time, .doc = "start it when so much time has passed: time.AfterFunc"}},
         .compile = compile_go});
}

}  // namespace gmpsim
