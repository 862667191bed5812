// One program: operations, names, blocks, jumps (see compile.hpp).

#include <algorithm>

#include "scenarios/interpreter.hpp"
#include "scenarios/references.hpp"
#include "scenarios/scenario_compiler.hpp"
#include "sim/check.hpp"
#include "sim/random.hpp"

namespace gmpsim {

namespace {

constexpr std::uint32_t kMostSlots = 60'000;
constexpr std::size_t kLongestTuple = 1'000;

bool is_name(std::string_view s) {
  if (s.empty() || (s[0] >= '0' && s[0] <= '9')) return false;
  return std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

Sampler sampler_of(const Distribution& d) {
  const DrawBounds bounds{d.min, d.max.value_or(kLongestDraw)};
  switch (d.kind) {
    case Distribution::Kind::constant: return Sampler::constant(d.value);
    case Distribution::Kind::uniform: return Sampler::uniform(d.min, d.max.value_or(d.min));
    case Distribution::Kind::exp: return Sampler::exponential(d.mean, bounds);
    case Distribution::Kind::normal: return Sampler::normal(d.mean, d.sd, bounds);
    case Distribution::Kind::lognormal:
      return d.p99 ? Sampler::lognormal(d.median, *d.p99, bounds)
                   : Sampler::lognormal_sigma(d.median, d.sigma_ppm, bounds);
    case Distribution::Kind::pareto: return Sampler::pareto(d.min, d.alpha_ppm, bounds);
  }
  return {};
}

OpCompiler::OpCompiler(ScenarioCompiler& scenario, const Program& program, CompiledProgram& out)
    : scenario_(scenario), program_(program), out_(out) {}

OpCompiler::At::At(OpCompiler& c, std::string_view segment) : c_(c), length_(c.pointer_.size()) {
  c_.pointer_ += '/';
  for (const char ch : segment) {
    if (ch == '~')
      c_.pointer_ += "~0";
    else if (ch == '/')
      c_.pointer_ += "~1";
    else
      c_.pointer_ += ch;
  }
}

void OpCompiler::run() {
  out_.first = here();
  pointer_ = program_.body.pointer;
  open_scope();
  for (const std::string& a : program_.args) visible_.push_back({a, new_slot()});
  if (program_.body.node != nullptr) {
    op_ = program_.body.node;
    block_at(*program_.body.node);
  }
  // Falling off the end is a return without a value; it costs nothing.
  Instr end = instr(exec_return_end);
  emit(end);
  // Deferred blocks may defer no more, but they may contain blocks that were postponed: one level is all there is.
  for (std::size_t i = 0; i < postponed_.size(); ++i) {
    const Postponed p = postponed_[i];
    visible_ = p.visible;
    enclosing_.clear();
    pointer_ = p.pointer;
    deferred_ = true;
    end_of_deferred_ = p.end;
    next_slot_ = std::max(next_slot_, pinned_);
    jump_to(p.to, here());
    op_ = p.block;
    block_at(*p.block);
    emit(p.end);
  }
  out_.slots = std::max(out_.slots, next_slot_);
  if (out_.frame > kStackAtFirst) {
    const CodeIndex body = out_.first;
    out_.first = here();
    emit(instr(exec_prologue));
    jump_to(emit_jump(), body);
  }
  close_scope();
}

void OpCompiler::need_stack(std::int64_t bytes) {
  if (out_.frame <= 0) out_.frame = kFrameBytes;
  out_.frame += (bytes + 7) / 8 * 8;
}

void OpCompiler::block_at(const Node& array) {
  if (!array.is(Node::Type::array)) {
    problem(array, "E0506", "operations are a list", "write [ {…}, {…} ]");
    return;
  }
  open_scope();
  const Node* const op = op_;
  const OpSpec* const spec = spec_;
  for (std::size_t i = 0; i < array.items.size(); ++i) {
    const At at(*this, i);
    one(array.items[i]);
  }
  op_ = op;
  spec_ = spec;
  close_scope();
}

void OpCompiler::close_scope() {
  visible_.resize(scopes_.back().variables);
  next_slot_ = std::max(scopes_.back().slot, pinned_);
  scopes_.pop_back();
}

void OpCompiler::one(const Node& node) {
  if (!node.is(Node::Type::object)) {
    problem(node, "E0501", "an operation is an object with one verb", "such as {\"run\": \"20us\"}");
    return;
  }
  const Registry_ops& ops = all_ops();
  const OpSpec* spec = nullptr;
  for (const Node::Member& m : node.members) {
    const OpSpec* const found = ops.find(m.key);
    if (found == nullptr) continue;
    // A key that is also a modifier of the verb found first is that modifier.
    if (spec != nullptr && spec->part(m.key) != nullptr) continue;
    if (spec != nullptr && found->part(spec->verb.key) == nullptr) {
      problem_at_key(node, m, "E0503",
                     "two operations in one object: " + in_quotes(spec->verb.key) + " and " + in_quotes(m.key),
                     "write two objects: their order matters");
      return;
    }
    spec = found;
  }
  if (spec == nullptr) {
    std::string near, written;
    for (const Node::Member& m : node.members) {
      if (m.key == "note" || m.key.starts_with("x-")) continue;
      if (near.empty()) near = nearest(m.key, ops.verbs());
      if (!near.empty() && written.empty()) written = m.key;
    }
    if (!near.empty()) {
      for (const Node::Member& m : node.members) {
        if (m.key == written) {
          problem_at_key(node, m, "E0501", "there is no operation " + in_quotes(written),
                         "did you mean " + in_quotes(near) + "?");
          return;
        }
      }
    }
    for (const Node::Member& m : node.members) {
      if (m.key == "note" || m.key.starts_with("x-")) continue;
      problem_at_key(node, m, "E0501", "there is no operation " + in_quotes(m.key), "",
                     "operations: " + listed(ops.verbs()));
      return;
    }
    problem(node, "E0502", "an operation without a verb", "", "operations: " + listed(ops.verbs()));
    return;
  }
  op_ = &node;
  spec_ = spec;
  std::vector<const OpPart*> parts{&spec->verb};
  for (const OpPart& p : spec->parts) parts.push_back(&p);
  check_keys(node, parts, in_quotes(spec->verb.key));
  if (spec->compile != nullptr) {
    spec->compile(*this);
  } else {
    generic(*spec);
  }
}

bool OpCompiler::check_keys(const Node& object, const std::vector<const OpPart*>& parts, std::string_view what) {
  bool good = true;
  std::vector<std::string> known;
  for (const OpPart* p : parts) known.push_back(p->key);
  for (const Node::Member& m : object.members) {
    if (m.key == "note" || m.key.starts_with("x-")) continue;
    if (m.key == "stream" && &object == op_) {  // names the random draws of the operation, see new_site
      if (!m.value.is(Node::Type::string) || m.value.text.empty() || stands_for_parameter(m.value))
        problem(m.value, "E0506", "a stream has a name");
      continue;
    }
    if (std::find(known.begin(), known.end(), m.key) != known.end()) continue;
    const std::string near = nearest(m.key, known);
    good = false;
    if (near.empty() && all_ops().find(m.key) != nullptr) {
      problem_at_key(object, m, "E0503", in_quotes(m.key) + " is an operation of its own",
                     "write two objects: their order matters", "known in " + std::string(what) + ": " + listed(known));
      continue;
    }
    problem_at_key(object, m, "E0107", "unknown key " + in_quotes(m.key),
                   near.empty() ? "" : "did you mean " + in_quotes(near) + "?",
                   "known in " + std::string(what) + ": " + listed(known));
  }
  for (const OpPart* p : parts) {
    if (!p->required || object.find(p->key) != nullptr) continue;
    problem(object, "E0505", in_quotes(p->key) + " is missing in " + std::string(what), p->doc);
    good = false;
  }
  return good;
}

// A verb that does not run yet is read as carefully as the others.
void OpCompiler::generic(const OpSpec& spec) {
  const auto read_part = [&](const OpPart& p) {
    const Node* const node = op_->find(p.key);
    if (node == nullptr) return;
    bool is_list = false;
    switch (p.form) {
      case OpForm::flag: (void)flag(p.key); break;
      case OpForm::values: (void)values(p.key, is_list); break;
      case OpForm::label:
      case OpForm::word:
      case OpForm::program: (void)literal(p.key); break;
      case OpForm::name: (void)name(p.key); break;
      case OpForm::names: (void)names(p.key, is_list); break;
      case OpForm::block: block(p.key); break;
      case OpForm::arguments: (void)arguments(p.key, program("go")); break;
      case OpForm::own: break;
      default: (void)value(p.key);
    }
  };
  // Names last: they are made when the operation completes.
  read_part(spec.verb);
  for (const OpPart& p : spec.parts)
    if (p.form != OpForm::name && p.form != OpForm::names && p.form != OpForm::block) read_part(p);
  for (const OpPart& p : spec.parts)
    if (p.form == OpForm::name || p.form == OpForm::names) read_part(p);
  for (const OpPart& p : spec.parts)
    if (p.form == OpForm::block) read_part(p);
  refuse(spec.why_not);
}

void OpCompiler::refuse(std::string_view why) {
  scenario_.result.not_yet.push_back(
      at_node(*op_, pointer_, "E0900", in_quotes(spec_->verb.key) + " does not run yet", "", std::string(why)));
}

// --- reading

const OpPart& OpCompiler::part_of(std::string_view key) const {
  const OpPart* const p = spec_->part(key);
  GMPSIM_CHECK(p != nullptr, "an operation reads only the parts that it declares");
  return *p;
}

Operand OpCompiler::value(std::string_view key) {
  const Node* const node = op_->find(key);
  if (node == nullptr) return {};
  const At at(*this, key);
  return value_at(*node, part_of(key));
}

Operand OpCompiler::value_at(const Node& node, const OpPart& part) {
  switch (node.type) {
    case Node::Type::boolean:
      if (part.form == OpForm::time || part.form == OpForm::size || part.form == OpForm::reference) break;
      return constant(node.boolean ? 1 : 0);
    case Node::Type::integer:
      if (part.form == OpForm::time) {
        problem(node, "E0212", std::to_string(node.integer) + " is not a time",
                "times are strings with a unit: \"5s\", \"5ms\", \"5us\", \"5ns\"");
        return constant(0);
      }
      if (part.form == OpForm::reference) break;
      if (part.form == OpForm::count && node.integer < 0) {
        problem(node, "E0506", "a count cannot be negative");
        return constant(0);
      }
      return constant(node.integer);
    case Node::Type::string: return expression(node, part);
    case Node::Type::object:
      if (node.find("dist") != nullptr) {
        if (part.form == OpForm::time || part.form == OpForm::draw) return distribution(node);
        problem(node, "E0506", "a distribution stands only where a time does",
                "draw it into a variable first: {\"let\": {\"d\": {\"dist\": …}}}");
        return constant(0);
      }
      break;
    default: break;
  }
  static constexpr auto wanted = [](OpForm f) {
    switch (f) {
      case OpForm::time: return "a time: \"20us\", an expression in ns, or a distribution";
      case OpForm::size: return "a size: \"4KiB\", or an expression in bytes";
      case OpForm::reference: return "an expression that names a resource";
      default: return "an expression: a whole number or a string";
    }
  };
  problem(node, "E0506", in_quotes(part.key) + " needs " + wanted(part.form));
  return constant(0);
}

Operand OpCompiler::expression(const Node& node, const OpPart& part) {
  std::vector<ExprProblem> problems;
  const std::optional<Ast> ast = parse_expression(node.text, *this, problems);
  for (const ExprProblem& p : problems) expression_problem(node, p);
  if (!ast) return constant(0);
  CompiledScenario& out = scenario_.result;
  for (const Ast::Node& n : ast->nodes) {
    if (n.op == Ast::Op::fresh) scenario_.copied[n.index] = true;
    if (n.op == Ast::Op::resource || n.op == Ast::Op::resource_at)
      scenario_.named[out.resources[n.index].declared] = true;
  }

  note_uses(*ast, ast->root, part);

  const ExprFacts facts = ast->facts();
  if (part.form == OpForm::time && (facts.plain_literals || facts.says == Unit::size)) {
    problem(node, "E0212", node.text + " is not a time", "times have a unit: \"5s\", \"5ms\", \"5us\", \"5ns\"");
  } else if (part.form == OpForm::size && facts.says == Unit::time) {
    problem(node, "E0213", node.text + " is not a size", "such as \"64KiB\"");
  } else if (part.form == OpForm::count && facts.constant && facts.value.bits < 0) {
    problem(node, "E0506", "a count cannot be negative");
  } else if (part.form == OpForm::reference) {
    const bool fits =
        facts.is_reference && std::find(part.kinds.begin(), part.kinds.end(), facts.kind) != part.kinds.end();
    if ((facts.is_reference && !fits) || (facts.is_integer && !(facts.constant && facts.value.is_nil()))) {
      std::string kinds;
      for (std::size_t i = 0; i < part.kinds.size(); ++i) {
        kinds += (i == 0 ? "" : i + 1 == part.kinds.size() ? " or " : ", ") + std::string(name_of(part.kinds[i]));
      }
      problem(node, "E0507",
              in_quotes(node.text) + " is " + name_of(facts.is_reference ? facts.kind : ValueKind::integer) + "; " +
                  in_quotes(part.key) + " takes " + kinds);
    }
  } else if (facts.is_reference && part.form != OpForm::value && part.form != OpForm::values &&
             part.form != OpForm::draw) {
    problem(node, "E0507",
            in_quotes(node.text) + " is " + name_of(facts.kind) + "; " + in_quotes(part.key) + " takes a number");
  }

  const Ast::Node& root = ast->nodes[ast->root];
  switch (root.op) {
    case Ast::Op::constant: return constant(root.value);
    case Ast::Op::slot: return {Operand::Mode::slot, root.index, 0};
    case Ast::Op::shared: return {Operand::Mode::shared, root.index, 0};
    case Ast::Op::resource: return {Operand::Mode::resource, root.index, 0};
    default: break;
  }
  std::vector<std::uint32_t> sites;
  for (std::uint32_t i = 0; i < ast->draws; ++i) sites.push_back(new_site());
  const auto first = static_cast<std::uint32_t>(out.words.size());
  emit_expression(
      *ast, [&](std::uint32_t begin, std::uint32_t end) { return place(node, begin, end); },
      [&](std::uint32_t n) { return static_cast<std::int64_t>(sites[n]); }, out.words);
  return {Operand::Mode::code, first, 0};
}

// Only what the value of the expression can be: a name that is compared, or whose length is asked, is not acted on.
void OpCompiler::note_uses(const Ast& ast, std::uint32_t at, const OpPart& part) {
  const Ast::Node& n = ast.nodes[at];
  NameUse use{.op = spec_ != nullptr ? op_ : nullptr, .index = n.index};
  switch (n.op) {
    case Ast::Op::slot: break;
    case Ast::Op::shared:
    case Ast::Op::shared_at:
      use.kind = NameUse::Kind::shared;
      use.count = std::max(n.count, 1u);
      break;
    case Ast::Op::resource:
    case Ast::Op::resource_at: {
      use.kind = NameUse::Kind::resource;
      use.passed_on = part.form != OpForm::reference;
      use.wakes = part.wakes;
      if (n.op == Ast::Op::resource) break;
      const Ast::Node& element = ast.nodes[n.a];
      if (element.op == Ast::Op::constant && element.value >= 0 && element.value < n.count)
        use.index += static_cast<std::uint32_t>(element.value);
      else
        use.count = n.count;
      break;
    }
    case Ast::Op::conditional:
      note_uses(ast, n.b, part);
      note_uses(ast, n.c, part);
      return;
    default: return;
  }
  scenario_.result.uses.push_back(use);
}

Operand OpCompiler::distribution(const Node& node) {
  const std::optional<Distribution> d = read_distribution(node, pointer_, scenario_.constants, scenario_.diagnostics);
  if (!d) return constant(0);
  const Sampler sampler = sampler_of(*d);
  if (sampler.is_constant()) return constant(sampler.quantile(0));
  auto& samplers = scenario_.result.samplers;
  samplers.push_back(sampler);
  const std::uint32_t site = d->stream.empty() ? new_site() : named_site(d->stream);
  return {Operand::Mode::sample, static_cast<std::uint32_t>(samplers.size() - 1), site};
}

ListRef OpCompiler::values(std::string_view key, bool& is_list) {
  const Node* const node = op_->find(key);
  is_list = false;
  if (node == nullptr) return {};
  const At at(*this, key);
  return values_at(*node, is_list);
}

namespace {
void put_list(Instr& i, ListRef list, bool is_list) {
  i.extra = list.first;
  i.count = static_cast<std::uint16_t>(list.count);
  if (is_list) i.flags |= Instr::kList;
}
}  // namespace

void OpCompiler::values_into(Instr& i, std::string_view key) {
  bool is_list = false;
  const ListRef list = values(key, is_list);
  put_list(i, list, is_list);
}

void OpCompiler::names_into(Instr& i, std::string_view key) {
  bool is_list = false;
  const ListRef list = names(key, is_list);
  put_list(i, list, is_list);
}

ListRef OpCompiler::values_at(const Node& node, bool& is_list) {
  static const OpPart kElement{.key = "value", .form = OpForm::values, .doc = "a value"};
  is_list = node.is(Node::Type::array);
  if (!is_list) return list(std::vector<Operand>{value_at(node, kElement)});
  std::vector<Operand> operands;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const At at(*this, i);
    operands.push_back(value_at(node.items[i], kElement));
  }
  if (operands.empty() || operands.size() > kLongestTuple)
    problem(node, "E0506", "a tuple has 1 to " + std::to_string(kLongestTuple) + " values");
  return list(operands);
}

std::string OpCompiler::literal(std::string_view key) const {
  const Node* const node = op_->find(key);
  if (node == nullptr) return {};
  const OpPart& p = part_of(key);
  auto* self = const_cast<OpCompiler*>(this);  // reporting does not change what is compiled
  const At at(*self, key);
  if (p.form == OpForm::word) {
    if (node->is(Node::Type::string) && std::find(p.words.begin(), p.words.end(), node->text) != p.words.end())
      return node->text;
    const std::string near = node->is(Node::Type::string) ? nearest(node->text, p.words) : "";
    self->problem(*node, "E0514", in_quotes(p.key) + " is one of " + listed(p.words),
                  near.empty() ? "" : "did you mean " + in_quotes(near) + "?");
    return p.words.empty() ? std::string() : p.words.front();
  }
  const bool names = p.form == OpForm::label || p.form == OpForm::program;
  if (names && stands_for_parameter(*node)) {
    self->problem(*node, "E0506", in_quotes(p.key) + " is a name as it stands, not a parameter",
                  "only numbers, times, sizes and expressions may be {\"param\": …} in an operation");
    return {};
  }
  if (node->is(Node::Type::string)) {
    if (p.form != OpForm::label || !node->text.empty()) return node->text;
  } else if (!p.words.empty() || p.form == OpForm::time) {
    return {};  // a word beside another form
  }
  self->problem(*node, "E0506", in_quotes(p.key) + " needs a name");
  return {};
}

std::uint32_t OpCompiler::label(std::string_view key) {
  const std::string text = literal(key);
  return text.empty() ? 0 : label_number(text);
}

std::uint32_t OpCompiler::label_number(std::string_view text) { return scenario_.label_number(text); }

bool OpCompiler::flag(std::string_view key) {
  const Node* const node = op_->find(key);
  if (node == nullptr) return false;
  const At at(*this, key);
  if (!node->is(Node::Type::boolean)) {
    problem(*node, "E0506", in_quotes(key) + " is written " + in_quotes(key) + ": true");
    return true;
  }
  if (!node->boolean && key == spec_->verb.key)
    problem(*node, "E0506", "an operation that is not wanted is left out", "write " + in_quotes(key) + ": true");
  return node->boolean;
}

std::uint32_t OpCompiler::program(std::string_view key) {
  const Node* const node = op_->find(key);
  if (node == nullptr) return kNone;
  const At at(*this, key);
  if (!node->is(Node::Type::string) || stands_for_parameter(*node)) {
    problem(*node, "E0506", in_quotes(key) + " needs the name of a program",
            stands_for_parameter(*node) ? "as it stands, not a parameter" : "");
    return kNone;
  }
  const auto found = scenario_.program_numbers.find(node->text);
  if (found != scenario_.program_numbers.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, number] : scenario_.program_numbers) known.push_back(name);
  const std::string near = nearest(node->text, known);
  problem(*node, "E0511", "there is no program " + in_quotes(node->text),
          near.empty() ? "" : "did you mean " + in_quotes(near) + "?",
          known.empty() ? "" : "programs: " + listed(known));
  return kNone;
}

ListRef OpCompiler::arguments(std::string_view key, std::uint32_t callee) {
  static const OpPart kArgument{.key = "argument", .form = OpForm::value, .doc = "an argument"};
  static const std::vector<std::string> kNoNames;
  const std::vector<std::string>& wanted =
      callee == kNone ? kNoNames : scenario_.result.scenario->programs[callee].args;
  std::vector<Operand> operands(wanted.size());
  std::vector<bool> seen(wanted.size());
  const Node* const node = op_->find(key);
  if (node != nullptr) {
    const At at(*this, key);
    if (!node->is(Node::Type::object)) {
      problem(*node, "E0506", "arguments are an object: {\"name\": value}");
      return {};
    }
    for (const Node::Member& m : node->members) {
      Operand v;
      {
        const At member(*this, m.key);
        v = value_at(m.value, kArgument);
      }
      if (callee == kNone) continue;
      const auto found = std::find(wanted.begin(), wanted.end(), m.key);
      if (found == wanted.end()) {
        const std::string near = nearest(m.key, wanted);
        problem_at_key(*node, m, "E0510",
                       in_quotes(scenario_.result.programs[callee].name) + " has no argument " + in_quotes(m.key),
                       near.empty() ? "" : "did you mean " + in_quotes(near) + "?",
                       wanted.empty() ? "it has none" : "its arguments: " + listed(wanted));
        continue;
      }
      const auto i = static_cast<std::size_t>(found - wanted.begin());
      operands[i] = v;
      seen[i] = true;
    }
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i]) continue;
    problem(node != nullptr ? *node : *op_, "E0510",
            "the argument " + in_quotes(wanted[i]) + " of " + in_quotes(scenario_.result.programs[callee].name) +
                " is missing",
            "add " + in_quotes("args") + ": { " + in_quotes(wanted[i]) + ": … }");
  }
  return list(operands);
}

void OpCompiler::block(std::string_view key) {
  const Node* const node = op_->find(key);
  if (node == nullptr) return;
  const At at(*this, key);
  block_at(*node);
}

// --- names

Symbol OpCompiler::find(std::string_view name) const {
  if (const Variable* v = variable(name)) return {.kind = Symbol::Kind::slot, .index = v->slot};
  if (name == "index") {
    if (index_slot_ != kNone) return {.kind = Symbol::Kind::slot, .index = index_slot_};
    return {.kind = Symbol::Kind::refused, .why = "stands only in arguments beside \"count\" or under arrivals"};
  }
  const auto found = scenario_.symbols.find(name);
  return found == scenario_.symbols.end() ? Symbol{} : found->second;
}

std::string OpCompiler::help(std::string_view name) const {
  if (name.find('.') == std::string_view::npos)
    return "variables are made by let and as, and seen to the end of their block";
  const std::string near = nearest(std::string(name), gauge_names());
  return near.empty() ? "a program can read these gauges: " + listed(gauge_names())
                      : "did you mean " + in_quotes(near) + "?";
}

std::vector<std::string> OpCompiler::visible() const {
  std::vector<std::string> out;
  for (const Variable& v : visible_) out.push_back(v.name);
  for (const auto& [name, symbol] : scenario_.symbols) out.push_back(name);
  return out;
}

const OpCompiler::Variable* OpCompiler::variable(std::string_view name) const {
  for (const Variable& v : visible_)
    if (v.name == name) return &v;
  return nullptr;
}

Target OpCompiler::name(std::string_view key) {
  const Node* const node = op_->find(key);
  if (node == nullptr) return {};
  const At at(*this, key);
  return name_at(*node);
}

Target OpCompiler::name_at(const Node& node) {
  if (!node.is(Node::Type::string)) {
    problem(node, "E0506", "a name is needed here");
    return {};
  }
  return target_text(node, nullptr, node.text, true);
}

Target OpCompiler::shared(std::string_view key) {
  const Node* const node = op_->find(key);
  if (node == nullptr) return {};
  const At at(*this, key);
  const Target t = node->is(Node::Type::string) ? target_text(*node, nullptr, node->text, false) : Target{};
  if (!node->is(Node::Type::string) || t.mode == Target::Mode::slot) {
    problem(*node, "E0508", in_quotes(key) + " needs a shared variable",
            "shared variables are resources of type \"var\"");
  }
  return t;
}

bool OpCompiler::is_new(std::string_view key) const {
  const Node* const node = op_->find(key);
  return node != nullptr && node->is(Node::Type::string) && find(node->text).kind == Symbol::Kind::unknown;
}

ValueKind OpCompiler::kind_known(const Operand& o) const {
  return o.mode == Operand::Mode::resource ? scenario_.result.resources[o.index].kind : ValueKind::integer;
}

ListRef OpCompiler::names(std::string_view key, bool& is_list) {
  const Node* const node = op_->find(key);
  is_list = false;
  if (node == nullptr) return {};
  const At at(*this, key);
  return names_at(*node, is_list);
}

ListRef OpCompiler::names_at(const Node& node, bool& is_list) {
  is_list = node.is(Node::Type::array);
  if (!is_list) return list(std::vector<Target>{name_at(node)});
  std::vector<Target> targets;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const At at(*this, i);
    targets.push_back(name_at(node.items[i]));
  }
  if (targets.empty() || targets.size() > kLongestTuple)
    problem(node, "E0506", "a list has 1 to " + std::to_string(kLongestTuple) + " names");
  return list(targets);
}

Target OpCompiler::assigned(const Node& object, const Node::Member& member, bool& is_shared) {
  const At at(*this, member.key);
  const Target t = target_text(object, &member.key_span, member.key, true);
  is_shared = t.mode == Target::Mode::shared || t.mode == Target::Mode::element;
  return t;
}

Target OpCompiler::target_text(const Node& node, const SourceSpan* span, const std::string& text, bool may_declare) {
  const auto report = [&](std::string code, std::string message, std::string hint = {}) {
    Diagnostic d = span != nullptr
                       ? at_span(node, *span, pointer_, std::move(code), std::move(message), std::move(hint))
                       : at_node(node, pointer_, std::move(code), std::move(message), std::move(hint));
    scenario_.diagnostics.add(std::move(d));
  };
  const std::size_t bracket = text.find('[');
  const std::string name = text.substr(0, bracket);
  if (!is_name(name) || (bracket != std::string::npos && text.back() != ']')) {
    report("E0508", in_quotes(text) + " is no name", "names are letters, digits and _, and begin with a letter");
    return {};
  }
  const Symbol s = find(name);
  if (bracket != std::string::npos) {
    if (s.kind != Symbol::Kind::shared || s.count == 0) {
      report("E0508", in_quotes(name) + " is no array of shared variables",
             "only elements of a var with \"array\" can be stored into");
      return {};
    }
    std::vector<ExprProblem> problems;
    const std::string inside = text.substr(bracket + 1, text.size() - bracket - 2);
    const std::optional<Ast> ast = parse_expression(inside, *this, problems);
    for (const ExprProblem& p : problems) report(p.code, p.message, p.hint);
    if (!ast) return {};
    std::vector<std::uint32_t> sites;
    for (std::uint32_t i = 0; i < ast->draws; ++i) sites.push_back(new_site());
    auto& out = scenario_.result;
    const auto first = static_cast<std::uint32_t>(out.words.size());
    const std::uint32_t where = place(node);
    emit_expression(
        *ast, [&](std::uint32_t, std::uint32_t) { return where; },
        [&](std::uint32_t n) { return static_cast<std::int64_t>(sites[n]); }, out.words);
    out.elements.push_back({s.index, s.count, {Operand::Mode::code, first, 0}, where});
    return {Target::Mode::element, static_cast<std::uint32_t>(out.elements.size() - 1)};
  }
  switch (s.kind) {
    case Symbol::Kind::slot:
      if (name == "index") break;
      return {Target::Mode::slot, s.index};
    case Symbol::Kind::shared:
      if (s.count == 0) return {Target::Mode::shared, s.index};
      report("E0404", in_quotes(name) + " is an array", "name one of its elements: " + name + "[0]");
      return {};
    case Symbol::Kind::constant: report("E0508", in_quotes(name) + " is a parameter, which nothing changes"); return {};
    case Symbol::Kind::resource:
      report("E0508", in_quotes(name) + " is " + name_of(s.holds) + ", not a variable",
             "nothing shadows: choose another name");
      return {};
    default: break;
  }
  if (is_reserved_name(name) || s.kind == Symbol::Kind::refused) {
    report("E0508", in_quotes(name) + " is reserved", "choose another name");
    return {};
  }
  if (!may_declare) {
    const std::string near = nearest(name, visible());
    report("E0403", in_quotes(name) + " is not known here",
           near.empty() ? "" : "did you mean " + in_quotes(near) + "?");
    return {};
  }
  visible_.push_back({name, new_slot()});
  return {Target::Mode::slot, visible_.back().slot};
}

// --- instructions

Instr OpCompiler::instr(Exec exec) const {
  Instr i;
  i.exec = exec;
  i.place = op_ != nullptr ? place(*op_) : 0;
  return i;
}

Instr OpCompiler::step(Exec exec) const {
  Instr i = instr(exec);
  i.flags = Instr::kCosts | (preemptible(Preemptible::async_only) == Preemptible::never ? 0 : Instr::kAsync);
  return i;
}

Instr OpCompiler::action(Exec exec, Cost cost) const {
  Instr i = instr(exec);
  i.flags = Instr::kCosts | (inlined_ ? Instr::kAsync : Instr::kSafePoint);
  i.cost = cost;
  return i;
}

Preemptible OpCompiler::preempt_word(Preemptible usual) {
  const std::string word = literal("preempt");
  if (word.empty()) return preemptible(usual);
  return word == "any" ? Preemptible::any : word == "never" ? Preemptible::never : Preemptible::async_only;
}

std::uint32_t OpCompiler::place(const Node& node, std::uint32_t begin, std::uint32_t end) const {
  return scenario_.add_place(node, pointer_, begin, end);
}

CodeIndex OpCompiler::emit(const Instr& i) {
  scenario_.result.code.push_back(i);
  return here() - 1;
}
Instr& OpCompiler::at(CodeIndex i) { return scenario_.result.code[i]; }
CodeIndex OpCompiler::here() const { return static_cast<CodeIndex>(scenario_.result.code.size()); }
CodeIndex OpCompiler::emit_jump() { return emit(instr(exec_jump)); }

std::uint32_t OpCompiler::new_slot() {
  if (next_slot_ == kMostSlots) {
    problem(op_ != nullptr ? *op_ : *scenario_.result.scenario->document, "E0508",
            "a program may have " + std::to_string(kMostSlots) + " variables");
    return 0;
  }
  out_.slots = std::max(out_.slots, next_slot_ + 1);
  return next_slot_++;
}

ListRef OpCompiler::list(const std::vector<Operand>& operands) {
  auto& all = scenario_.result.operands;
  const ListRef r{static_cast<std::uint32_t>(all.size()), static_cast<std::uint32_t>(operands.size())};
  all.insert(all.end(), operands.begin(), operands.end());
  return r;
}

ListRef OpCompiler::list(const std::vector<Target>& targets) {
  auto& all = scenario_.result.targets;
  const ListRef r{static_cast<std::uint32_t>(all.size()), static_cast<std::uint32_t>(targets.size())};
  all.insert(all.end(), targets.begin(), targets.end());
  return r;
}

std::uint32_t OpCompiler::add_select(SelectTable table) {
  scenario_.result.selects.push_back(std::move(table));
  return static_cast<std::uint32_t>(scenario_.result.selects.size() - 1);
}
SelectTable& OpCompiler::select_table(std::uint32_t index) { return scenario_.result.selects[index]; }

std::uint32_t OpCompiler::new_site() {
  const Node* const renamed = op_ != nullptr ? op_->find("stream") : nullptr;
  const bool has_name = renamed != nullptr && renamed->is(Node::Type::string);
  return named_site(has_name ? renamed->text : pointer_);
}

// Several sites under one name take streams of their own, in the order in which they stand.
std::uint32_t OpCompiler::named_site(const std::string& name) {
  const std::uint32_t nth = site_names_[name]++;
  scenario_.result.streams.push_back(stream_named(nth == 0 ? name : name + "#" + std::to_string(nth)));
  scenario_.result.stream_places.push_back(op_ != nullptr ? place(*op_) : 0);
  return out_.sites++;
}

// --- structure

Enclosing OpCompiler::leave() {
  Enclosing e = std::move(enclosing_.back());
  enclosing_.pop_back();
  return e;
}

Enclosing* OpCompiler::leave_to(bool next_pass, std::string_view label_key) {
  const std::string wanted = literal(label_key);
  std::size_t target = enclosing_.size();
  bool found = false;
  std::vector<std::string> labels;
  while (target > 0 && !found) {
    const Enclosing& e = enclosing_[--target];
    const bool loop = e.kind == Enclosing::Kind::loop;
    if (!loop && e.kind != Enclosing::Kind::select) continue;
    if (!e.label.empty()) labels.push_back(e.label);
    if (next_pass && !loop) continue;
    found = wanted.empty() || e.label == wanted;
  }
  if (!found) {
    const std::string near = nearest(wanted, labels);
    if (!wanted.empty()) {
      problem(*op_, "E0509",
              "no " + std::string(next_pass ? "loop or range" : "loop, range or select") +
                  " around this has the label " + in_quotes(wanted),
              near.empty() ? "" : "did you mean " + in_quotes(near) + "?");
    } else {
      problem(*op_, "E0509",
              in_quotes(spec_->verb.key) + " stands in no " + (next_pass ? "loop or range" : "loop, range or select"));
    }
    return nullptr;
  }
  for (std::size_t i = enclosing_.size(); i-- > target + 1;)
    for (const Instr& l : enclosing_[i].leave) emit(l);
  return &enclosing_[target];
}

void OpCompiler::leave_all() {
  for (std::size_t i = enclosing_.size(); i-- > 0;)
    for (const Instr& l : enclosing_[i].leave) emit(l);
}

void OpCompiler::landing(Landing::Kind kind, CodeIndex begin, CodeIndex end, CodeIndex handler) {
  out_.landings.push_back({begin, end, handler, kind});
}

std::uint32_t OpCompiler::leaving() {
  if (out_.leaving == kNone) {
    // Slots that nobody had before: what a block above has left in one is no list of deferred blocks.
    next_slot_ = std::max(next_slot_, out_.slots);
    out_.leaving = new_slot();
    (void)new_slot();
    (void)new_slot();
    pinned_ = std::max(pinned_, next_slot_);
  }
  return out_.leaving;
}

void OpCompiler::postpone(std::string_view key, CodeIndex to, const Instr& end) {
  const Node* const node = op_->find(key);
  if (node == nullptr) return;
  const At at(*this, key);
  pinned_ = std::max(pinned_, next_slot_);
  postponed_.push_back({node, to, visible_, pointer_, end});
}

bool OpCompiler::inside_attempt() const {
  return std::any_of(enclosing_.begin(), enclosing_.end(),
                     [](const Enclosing& e) { return e.kind == Enclosing::Kind::attempt; });
}

bool OpCompiler::must_clean_up() const {
  return std::any_of(enclosing_.begin(), enclosing_.end(), [](const Enclosing& e) { return !e.leave.empty(); });
}

// --- reporting

void OpCompiler::problem(const Node& node, std::string code, std::string message, std::string hint, std::string note) {
  scenario_.diagnostics.add(
      at_node(node, pointer_, std::move(code), std::move(message), std::move(hint), std::move(note)));
}

void OpCompiler::problem_at_key(const Node& object, const Node::Member& member, std::string code, std::string message,
                                std::string hint, std::string note) {
  const At at(*this, member.key);
  scenario_.diagnostics.add(at_span(object, member.key_span, pointer_, std::move(code), std::move(message),
                                    std::move(hint), std::move(note)));
}

void OpCompiler::expression_problem(const Node& node, const ExprProblem& p) {
  const bool verbatim = node.span.end - node.span.begin == node.text.size() + 2;
  if (verbatim) {
    const SourceSpan span{node.span.begin + 1 + p.begin, node.span.begin + 1 + std::max(p.end, p.begin + 1)};
    scenario_.diagnostics.add(at_span(node, span, pointer_, p.code, p.message, p.hint));
  } else {
    scenario_.diagnostics.add(at_node(node, pointer_, p.code, p.message, p.hint));
  }
}

}  // namespace gmpsim
