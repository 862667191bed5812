// if: one of two blocks.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_if(Run& r, const Instr* i) {
  std::int64_t holds = 0;
  if (!r.integer(i->a, i, holds)) return nullptr;
  return holds != 0 ? i + 1 : i + i->jump;
}

void compile_if(OpCompiler& c) {
  Instr i = c.step(exec_if);
  i.a = c.value("if");
  const CodeIndex branch = c.emit(i);
  c.block("then");
  if (!c.has("else")) {
    c.jump_to(branch, c.here());
    return;
  }
  const CodeIndex over = c.emit_jump();
  c.jump_to(branch, c.here());
  c.block("else");
  c.jump_to(over, c.here());
}

}  // namespace

void register_ops_if(Registry_ops& r) {
  r.add({.verb = {.key = "if", .form = OpForm::condition, .doc = "a condition"},
         .group = "control",
         .parts = {{.key = "then", .form = OpForm::block, .doc = "operations when it is not 0"},
                   {.key = "else", .form = OpForm::block, .doc = "operations when it is 0"}},
         .compile = compile_if});
}

}  // namespace gmpsim
