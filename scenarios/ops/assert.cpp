// assert: a false one is a finding; the run goes on.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_assert(Run& r, const Instr* i) {
  std::int64_t holds = 0;
  if (!r.integer(i->a, i, holds)) return nullptr;
  if (holds == 0) r.world.report(r.g, Kind::assert_fail, i->extra, 0);
  return i + 1;
}

void compile_assert(OpCompiler& c) {
  Instr i = c.instr(exec_assert);
  i.a = c.value("assert");
  const Node& condition = *c.op().find("assert");
  // Reports show the label, or the condition as it was written.
  i.extra = c.has("label") ? c.label("label")
                           : c.label_number(condition.is(Node::Type::string) ? condition.text : to_json(condition));
  c.emit(i);
}

}  // namespace

void register_ops_assert(Registry_ops& r) {
  r.add({.verb = {.key = "assert", .form = OpForm::condition, .doc = "what has to hold here"},
         .group = "measuring",
         .parts = {{.key = "label", .form = OpForm::label, .doc = "what reports call it"}},
         .compile = compile_assert});
}

}  // namespace gmpsim
