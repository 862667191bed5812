// call: runs a program in this goroutine with variables of its own. Recursion is allowed; its stack has Go's limit.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

// The result goes to the names in (extra, count) when the call returns (Run::unwind); a call that panics stores
// nothing.
const Instr* exec_call(Run& r, const Instr* i) {
  const ListRef args{i->a.index, static_cast<std::uint32_t>(i->a.value)};
  r.in.scratch.resize(args.count);
  for (std::uint32_t n = 0; n < args.count; ++n) {
    Value v;
    if (!r.value(r.in.code->operands[args.first + n], v)) return nullptr;
    r.in.scratch[n] = v;
  }
  return r.call(i, i->b.index, r.in.scratch.data());
}

void compile_call(OpCompiler& c) {
  const std::uint32_t program = c.program("call");
  const ListRef args = c.arguments("args", program);
  Instr i = c.action(exec_call, Cost::step);
  i.a = {Operand::Mode::none, args.first, args.count};
  i.b = {Operand::Mode::none, program == kNone ? 0 : program, 0};
  c.names_into(i, "as");
  c.calls(program);
  c.emit(i);
}

}  // namespace

void register_ops_call(Registry_ops& r) {
  r.add({.verb = {.key = "call", .form = OpForm::program, .doc = "run a program in this goroutine"},
         .group = "control",
         .parts = {{.key = "args", .form = OpForm::arguments, .doc = "its arguments"},
                   {.key = "as", .form = OpForm::names, .doc = "becomes what it returns; 0 without return"}},
         .compile = compile_call});
}

}  // namespace gmpsim
