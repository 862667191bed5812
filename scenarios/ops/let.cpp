// let: stores into variables of the goroutine. All right sides are evaluated before anything is stored.
#include "scenarios/ops/assign.hpp"

namespace gmpsim {
namespace {

const Instr* exec_let(Run& r, const Instr* i) {
  Value v;
  if (!r.value(i->a, v)) return nullptr;
  r.slots()[i->to.index] = v;
  return i + 1;
}

}  // namespace

const Instr* exec_assign(Run& r, const Instr* i) {
  r.in.scratch.resize(i->count);
  for (std::uint32_t n = 0; n < i->count; ++n) {
    Value v;
    if (!r.value(r.in.code->operands[i->a.index + n], v)) return nullptr;
    r.in.scratch[n] = v;
  }
  for (std::uint32_t n = 0; n < i->count; ++n)
    if (!r.store(r.in.code->targets[i->extra + n], r.in.scratch[n])) return nullptr;
  return i + 1;
}

bool compile_assign(OpCompiler& c, std::string_view key, const OpPart& right, Instr& i, std::size_t& shared) {
  const Node& object = *c.op().find(key);
  const OpCompiler::At at(c, key);
  if (!object.is(Node::Type::object) || object.members.empty() || object.members.size() > 1'000) {
    c.problem(object, "E0506", "\"" + std::string(key) + "\" needs an object of names and values",
              "write {\"x\": \"x + 1\"}");
    return false;
  }
  std::vector<Operand> operands;
  std::vector<Target> targets;
  for (const Node::Member& m : object.members) {
    const OpCompiler::At member(c, m.key);
    operands.push_back(c.value_at(m.value, right));
  }
  shared = 0;
  for (const Node::Member& m : object.members) {
    bool is_shared = false;
    targets.push_back(c.assigned(object, m, is_shared));
    shared += is_shared;
  }
  i.a = {Operand::Mode::none, c.list(operands).first, 0};
  i.extra = c.list(targets).first;
  i.count = static_cast<std::uint16_t>(operands.size());
  if (operands.size() == 1) {
    i.b = operands[0];
    i.to = targets[0];
  }
  return true;
}

namespace {

const OpPart kLetValue{.key = "let", .form = OpForm::draw, .doc = "a value"};

void compile_let(OpCompiler& c) {
  Instr i = c.step(exec_assign);
  std::size_t shared = 0;
  if (!compile_assign(c, "let", kLetValue, i, shared)) return;
  if (shared > 0) {
    const Node& object = *c.op().find("let");
    const OpCompiler::At at(c, "let");
    c.problem_at_key(object, object.members.front(), "E0508", "let stores into variables of the goroutine",
                     "use set for a shared variable");
  }
  if (i.count == 1) {
    i.exec = exec_let;
    i.a = i.b;
  }
  c.emit(i);
}

}  // namespace

void register_ops_let(Registry_ops& r) {
  r.add({.verb = {.key = "let",
                  .form = OpForm::own,
                  .doc = "variables of the goroutine and their new values",
                  .schema = R"({"type":"object","minProperties":1,)"
                            R"("additionalProperties":{"anyOf":[{"$ref":"#/definitions/expression"},)"
                            R"({"$ref":"#/definitions/distribution"}]}})"},
         .group = "data",
         .parts = {},
         .compile = compile_let});
}

}  // namespace gmpsim
