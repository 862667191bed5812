#include "scenarios/compile.hpp"

#include <algorithm>

#include "scenarios/arrivals.hpp"
#include "scenarios/scenario_compiler.hpp"
#include "sim/random.hpp"

namespace gmpsim {

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : ", ") + w;
  return out;
}

// --- places

Diagnostic CompiledScenario::at(std::uint32_t place, std::string message, std::string hint) const {
  const CodePlace& p = places[place];
  const Node& node = *p.node;
  const std::string& pointer = pointers[p.pointer];
  // Offsets in an expression are offsets in the document, unless the string was written with escapes.
  const bool verbatim = node.is(Node::Type::string) && node.span.end - node.span.begin == node.text.size() + 2;
  if (p.end > 0 && verbatim) {
    return at_span(node, {node.span.begin + 1 + p.begin, node.span.begin + 1 + p.end}, pointer, "E0600",
                   std::move(message), std::move(hint));
  }
  return at_node(node, pointer, "E0600", std::move(message), std::move(hint));
}

// --- the scenario

void ScenarioCompiler::run() {
  const Scenario& s = *result.scenario;
  for (const Param& p : s.params) {
    Symbol symbol{.kind = Symbol::Kind::constant, .value = p.value};
    if (p.unit == Param::Unit::rate || p.unit == Param::Unit::text) {
      symbol.kind = Symbol::Kind::refused;
      symbol.why = "is no number: it stands only where {\"param\": …} does";
    }
    symbols.emplace(p.name, symbol);
  }
  lay_out_resources(s);
  for (const Program& p : s.programs) {
    program_numbers.emplace(p.name, static_cast<std::uint32_t>(result.programs.size()));
    CompiledProgram c;
    c.name = p.name;
    c.args = static_cast<std::uint32_t>(p.args.size());
    c.key = stream_named(p.name);
    c.frame = p.frame;
    result.programs.push_back(std::move(c));
  }
  std::vector<std::vector<std::uint32_t>> calls;
  for (std::size_t i = 0; i < s.programs.size(); ++i) {
    OpCompiler c(*this, s.programs[i], result.programs[i]);
    c.run();
    calls.push_back(c.callees());
  }
  count_sites(calls);
  start_all(s);
  mark_templates(s);
}

std::uint32_t ScenarioCompiler::label_number(std::string_view text) {
  const auto [at, fresh] = labels_.try_emplace(std::string(text), static_cast<std::uint32_t>(result.labels.size()));
  if (fresh) result.labels.emplace_back(text);
  return at->second;
}

std::uint32_t ScenarioCompiler::add_place(const Node& node, const std::string& pointer, std::uint32_t begin,
                                          std::uint32_t end) {
  if (result.pointers.empty() || result.pointers.back() != pointer) result.pointers.push_back(pointer);
  result.places.push_back({&node, static_cast<std::uint32_t>(result.pointers.size() - 1), begin, end});
  return static_cast<std::uint32_t>(result.places.size() - 1);
}

void ScenarioCompiler::lay_out_resources(const Scenario& s) {
  named.resize(s.resources.size());
  copied.resize(s.resources.size());
  for (std::size_t i = 0; i < s.resources.size(); ++i) {
    const Resource& r = s.resources[i];
    const auto count = static_cast<std::uint32_t>(r.array.value_or(0));
    const std::uint32_t cells = r.array ? count : 1;
    Symbol symbol{.count = count, .holds = value_kind_of(r), .object = static_cast<std::uint32_t>(i)};
    if (r.type == ResourceType::heap) {
      symbol.kind = Symbol::Kind::refused;
      symbol.why = "is the heap, which no expression names";
    } else if (r.type == ResourceType::var) {
      symbol.kind = Symbol::Kind::shared;
      symbol.index = static_cast<std::uint32_t>(result.shared_names.size());
      for (std::uint32_t e = 0; e < cells; ++e) {
        result.shared_names.push_back(r.array ? r.name + "[" + std::to_string(e) + "]" : r.name);
        const std::int64_t init = r.init.empty()       ? 0
                                  : r.init.size() == 1 ? r.init[0]
                                  : e < r.init.size()  ? r.init[e]
                                                       : 0;
        result.shared_init.emplace_back(init);
      }
    } else {
      symbol.kind = Symbol::Kind::resource;
      symbol.index = static_cast<std::uint32_t>(result.resources.size());
      for (std::uint32_t e = 0; e < cells; ++e) {
        result.resources.push_back({r.type, symbol.holds, r.array ? r.name + "[" + std::to_string(e) + "]" : r.name,
                                    static_cast<std::uint32_t>(i), e, false});
      }
    }
    symbols.emplace(r.name, symbol);
  }
  for (ResourceCell& cell : result.resources) {
    const auto parent = symbols.find(s.resources[cell.declared].parent);
    const Resource& r = s.resources[cell.declared];
    const bool device = cell.type == ResourceType::socket || cell.type == ResourceType::file;
    if (device && cell.element == 0) {
      const Distribution& timing = r.every ? *r.every : r.latency ? *r.latency : Distribution{};
      result.samplers.push_back(sampler_of(timing));
      const std::string& name = timing.stream.empty() ? r.name : timing.stream;
      if (r.every || !timing.stream.empty()) cell.stream = stream_named(name);
      cell.timing = static_cast<std::uint32_t>(result.samplers.size() - 1);
    } else if (device) {
      const ResourceCell& first = *(&cell - cell.element);
      cell.timing = first.timing;
      cell.stream = first.stream;
    }
    if (cell.type == ResourceType::context && parent != symbols.end())
      cell.parent = parent->second.index + (parent->second.count > 0 ? cell.element : 0);
  }
}

// Counters of random sites: a goroutine keeps one for each site of its program and of all that it may call.
void ScenarioCompiler::count_sites(const std::vector<std::vector<std::uint32_t>>& calls) {
  const std::size_t n = result.programs.size();
  std::uint32_t first = 0;
  for (CompiledProgram& p : result.programs) {
    p.first_site = first;
    first += p.sites;
  }
  result.outside.first_site = first;
  for (std::size_t root = 0; root < n; ++root) {
    CompiledProgram& p = result.programs[root];
    p.site_bases.assign(n, 0);
    std::vector<bool> seen(n);
    std::vector<std::uint32_t> todo{static_cast<std::uint32_t>(root)};
    seen[root] = true;
    while (!todo.empty()) {
      const std::uint32_t at = todo.back();
      todo.pop_back();
      p.site_bases[at] = p.reachable_sites;
      p.reachable_sites += result.programs[at].sites;
      for (const std::uint32_t callee : calls[at]) {
        if (callee != kNone && !seen[callee]) {
          seen[callee] = true;
          todo.push_back(callee);
        }
      }
    }
  }
}

// Arguments of `start` and `arrivals` are expressions over parameters, resources and `index`.
void ScenarioCompiler::start_all(const Scenario& s) {
  const Program outside{.name = "start", .args = {}, .class_name = {}, .frame = 0, .os = {}, .body = {}, .place = {}};
  OpCompiler c(*this, outside, result.outside);
  c.open_scope();
  c.set_index_slot(c.new_slot());
  for (const Start& start : s.start) {
    const auto found = program_numbers.find(start.program);
    if (found == program_numbers.end()) continue;  // the reader has said so
    CompiledStart out{.program = found->second, .count = start.count, .at = start.at};
    out.args = given(c, s.programs[found->second], start.args, start.place);
    out.place = add_place(*start.place.node, start.place.pointer, 0, 0);
    result.starts.push_back(out);
  }
  for (const Arrival& a : s.arrivals) {
    const auto found = program_numbers.find(a.program);
    if (found == program_numbers.end()) continue;
    CompiledArrival out{.declared = &a, .program = found->second};
    out.args = given(c, s.programs[found->second], a.args, a.place);
    switch (a.kind) {
      case Arrival::Kind::poisson:
        out.gap = Sampler::poisson_gap(std::max<std::int64_t>(a.rate.count, 1), std::max<Duration>(a.rate.per, 1));
        break;
      case Arrival::Kind::stages: out.gap = Sampler::exponential(Arrivals::kMean); break;
      case Arrival::Kind::closed: out.gap = sampler_of(a.think); break;
      default: out.gap = sampler_of(a.every); break;
    }
    out.stream = stream_named("arrivals/" + a.name);
    result.arrivals.push_back(out);
  }
  for (const RunPhase& p : s.phases) result.phase_labels.push_back(label_number(p.name));
  result.outside.slots = 1;
}

ListRef ScenarioCompiler::given(OpCompiler& c, const Program& callee, const std::vector<Argument>& args,
                                const Place& place) {
  static const OpPart kArgument{.key = "argument", .form = OpForm::value, .doc = "an argument"};
  std::vector<Operand> operands(callee.args.size());
  std::vector<bool> seen(callee.args.size());
  for (const Argument& a : args) {
    const auto at = std::find(callee.args.begin(), callee.args.end(), a.name);
    c.pointer_ = a.value.pointer;
    if (at == callee.args.end()) {
      const std::string near = nearest(a.name, callee.args);
      c.problem(*a.value.node, "E0510", in_quotes(callee.name) + " has no argument " + in_quotes(a.name),
                near.empty() ? "" : "did you mean " + in_quotes(near) + "?", "its arguments: " + listed(callee.args));
      continue;
    }
    const auto i = static_cast<std::size_t>(at - callee.args.begin());
    operands[i] = c.value_at(*a.value.node, kArgument);
    seen[i] = true;
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    c.pointer_ = place.pointer;
    if (!seen[i])
      c.problem(*place.node, "E0510",
                "the argument " + in_quotes(callee.args[i]) + " of " + in_quotes(callee.name) + " is missing");
  }
  return c.list(operands);
}

// Resources that are named in new() and nowhere else are patterns for copies.
void ScenarioCompiler::mark_templates(const Scenario& s) {
  for (const Resource& r : s.resources) {
    const auto mutex = symbols.find(r.mutex);
    if (r.type == ResourceType::cond && mutex != symbols.end()) named[mutex->second.object] = true;
    const auto parent = symbols.find(r.parent);
    if (r.type == ResourceType::context && parent != symbols.end()) named[parent->second.object] = true;
  }
  for (ResourceCell& cell : result.resources) cell.is_template = copied[cell.declared] && !named[cell.declared];
}

std::shared_ptr<const CompiledScenario> compile(std::shared_ptr<const Scenario> scenario, Diagnostics& out) {
  const std::size_t errors = out.errors();
  ScenarioCompiler compiler(std::move(scenario), out);
  compiler.run();
  if (out.errors() > errors) return nullptr;
  return std::make_shared<const CompiledScenario>(std::move(compiler.result));
}

}  // namespace gmpsim
