// choose: one of several blocks at random, by weight. Which one is a choice that exploration may set.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

constexpr std::int64_t kHeaviest = 0xffffffff;  // sum of all weights: one question has at most so many answers

// Operands: the weights. The jumps to the blocks stand right behind, one instruction each.
const Instr* exec_choose(Run& r, const Instr* i) {
  const Operand* const weights = r.in.code->operands.data() + i->extra;
  std::int64_t sum = 0;
  r.in.scratch.resize(i->count);
  for (std::uint32_t n = 0; n < i->count; ++n) {
    std::int64_t w = 0;
    if (!r.count(weights[n], i, w)) return nullptr;
    if (w > kHeaviest - sum)
      return r.fail(i, "the weights are too large", "their sum is at most " + std::to_string(kHeaviest));
    sum += w;
    r.in.scratch[n] = Value{w};
  }
  if (sum == 0) return r.fail(i, "all weights are 0");
  std::int64_t pick = 0;
  if (sum > 1) {
    pick = r.world.chooser().choose(r.site(i->b.index), static_cast<std::uint32_t>(sum));
    ++r.draws(i->b.index);
  }
  std::uint32_t n = 0;
  while (pick >= r.in.scratch[n].bits) pick -= r.in.scratch[n++].bits;
  return i + 1 + n;
}

const OpPart kWeight{
    .key = "weight", .form = OpForm::count, .doc = "how likely in relation to the others; 1 when absent"};
const OpPart kChooseDo{.key = "do", .form = OpForm::block, .doc = "the operations"};

void compile_choose(OpCompiler& c) {
  const Node& list = *c.op().find("choose");
  const OpCompiler::At at(c, "choose");
  if (!list.is(Node::Type::array) || list.items.empty() || list.items.size() > 10'000) {
    c.problem(list, "E0506", "choose needs a list of 1 to 10000 alternatives",
              "write [ {\"weight\": 9, \"do\": […]}, … ]");
    return;
  }
  std::vector<Operand> weights;
  for (std::size_t n = 0; n < list.items.size(); ++n) {
    const OpCompiler::At item(c, n);
    const Node& alternative = list.items[n];
    weights.push_back(OpCompiler::constant(1));
    if (!alternative.is(Node::Type::object)) {
      c.problem(alternative, "E0506", "an alternative is an object", "write {\"weight\": 9, \"do\": […]}");
      continue;
    }
    c.check_keys(alternative, {&kWeight, &kChooseDo}, "an alternative of choose");
    if (const Node* weight = alternative.find("weight")) {
      const OpCompiler::At key(c, "weight");
      weights.back() = c.value_at(*weight, kWeight);
    }
  }
  Instr i = c.step(exec_choose);
  i.extra = c.list(weights).first;
  i.count = static_cast<std::uint16_t>(weights.size());
  i.b = {Operand::Mode::none, c.new_site(), 0};
  c.emit(i);
  std::vector<CodeIndex> jumps;
  for (std::size_t n = 0; n < list.items.size(); ++n) jumps.push_back(c.emit_jump());
  std::vector<CodeIndex> ends;
  for (std::size_t n = 0; n < list.items.size(); ++n) {
    const OpCompiler::At item(c, n);
    c.jump_to(jumps[n], c.here());
    if (const Node* block = list.items[n].find("do")) {
      const OpCompiler::At key(c, "do");
      c.block_at(*block);
    }
    ends.push_back(c.emit_jump());
  }
  for (const CodeIndex e : ends) c.jump_to(e, c.here());
}

}  // namespace

void register_ops_choose(Registry_ops& r) {
  r.add({.verb = {.key = "choose",
                  .form = OpForm::own,
                  .doc = "one of several blocks, by weight",
                  .schema =
                      R"({"type":"array","minItems":1,"items":{"type":"object",)"
                      R"("properties":{"weight":{"$ref":"#/definitions/expression"},"do":{"$ref":"#/definitions/ops"},)"
                      R"("note":{"type":"string"}},"patternProperties":{"^x-":{}},"additionalProperties":false}})"},
         .group = "control",
         .parts = {},
         .compile = compile_choose});
}

}  // namespace gmpsim
