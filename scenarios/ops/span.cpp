// span: how long a block takes, from here or from the arrival of the goroutine. One that a panic or Goexit leaves does
// not count.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_span(Run& r, const Instr* i) {
  const Time since = i->count != 0 ? r.routine.born : r.world.now();
  r.slots()[i->to.index] = Value{since};
  r.world.report(r.g, Kind::span_begin, i->extra, since);
  return i + 1;
}

const Instr* exec_span_end(Run& r, const Instr* i) {
  r.world.report(r.g, Kind::span_end, i->extra, r.slots()[i->to.index].bits);
  return i + 1;
}

void compile_span(OpCompiler& c) {
  Instr begin = c.instr(exec_span);
  begin.extra = c.label("span");
  begin.count = c.literal("since") == "arrival" ? 1 : 0;
  begin.to = c.hidden();
  c.emit(begin);
  Instr end = c.instr(exec_span_end);
  end.extra = begin.extra;
  end.to = begin.to;
  c.enter({.kind = Enclosing::Kind::guarded, .leave = {end}});
  c.block("do");
  (void)c.leave();
  c.emit(end);
}

}  // namespace

void register_ops_span(Registry_ops& r) {
  r.add({.verb = {.key = "span", .form = OpForm::label, .doc = "name of the span"},
         .group = "measuring",
         .parts = {{.key = "do", .form = OpForm::block, .doc = "what is measured", .required = true},
                   {.key = "since",
                    .form = OpForm::word,
                    .doc = "from where it counts: here, or the arrival of the goroutine",
                    .words = {"here", "arrival"}}},
         .compile = compile_span});
}

}  // namespace gmpsim
