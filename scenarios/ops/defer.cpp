// defer: a block that runs when the running call ends, last first. Its arguments are fixed here; the variables that it
// sees are as they are when it runs.
#include <algorithm>
#include <new>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_defer(Run& r, const Instr* i) {
  if (!r.in.memory_left()) return nullptr;
  const std::uint32_t n = i->count;
  r.in.scratch.resize(n);
  for (std::uint32_t a = 0; a < n; ++a) {
    Value v;
    if (!r.value(r.in.code->operands[i->a.index + a], v)) return nullptr;
    r.in.scratch[a] = v;
  }
  auto* d = ::new (r.world.frames().allocate(Deferred::bytes(n))) Deferred;
  Value& first = r.slots()[r.frame->program->leaving];
  d->next = first.object<Deferred>();
  d->block = i + i->jump;
  d->from = i;
  d->count = n;
  std::uninitialized_copy_n(r.in.scratch.begin(), n, d->args());
  first = Value::reference(ValueKind::integer, d);
  return i + 1;
}

void compile_defer(OpCompiler& c) {
  if (c.inside_attempt()) {
    c.problem(c.op(), "E0512", "a defer cannot stand in a try",
              "try is a block, no call: put the defer into a program that the try calls");
    return;
  }
  (void)c.leaving();
  std::vector<Operand> operands;
  std::vector<Target> targets;
  c.open_scope();
  if (const Node* args = c.op().find("args")) {
    const OpCompiler::At at(c, "args");
    static const OpPart kArgument{.key = "argument", .form = OpForm::value, .doc = "an argument"};
    if (!args->is(Node::Type::object)) {
      c.problem(*args, "E0506", "arguments are an object: {\"name\": value}");
    } else {
      for (const Node::Member& m : args->members) {
        const OpCompiler::At member(c, m.key);
        operands.push_back(c.value_at(m.value, kArgument));
      }
      for (const Node::Member& m : args->members) {
        if (c.knows(m.key))
          c.problem_at_key(*args, m, "E0508", "\"" + m.key + "\" is a name already",
                           "nothing shadows: choose another name for the argument");
        bool is_shared = false;
        targets.push_back(c.assigned(*args, m, is_shared));
      }
    }
  }
  Instr i = c.instr(exec_defer);
  i.a = {Operand::Mode::none, c.list(operands).first, 0};
  i.extra = c.list(targets).first;
  i.count = static_cast<std::uint16_t>(operands.size());
  const CodeIndex at = c.emit(i);
  c.postpone("defer", at, c.instr(exec_resume_leaving));
  c.close_scope();
}

}  // namespace

void register_ops_defer(Registry_ops& r) {
  r.add({.verb = {.key = "defer", .form = OpForm::block, .doc = "operations that run when the running call ends"},
         .group = "goroutines",
         .parts = {{.key = "args",
                    .form = OpForm::own,
                    .doc = "names of this block with the values that they have now",
                    .schema = R"({"type":"object","additionalProperties":{"$ref":"#/definitions/expression"}})"}},
         .compile = compile_defer});
}

}  // namespace gmpsim
