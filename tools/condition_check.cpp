#include "tools/condition_check.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "analysis/condition.hpp"
#include "scenarios/json.hpp"
#include "tools/topics.hpp"

namespace gmpsim {
namespace {

/// Names that conditions may use.
struct Declared {
  std::vector<std::string> variables, channels, objects, spans, marks, logs, programs, classes, reasons;
  std::map<std::string, std::int64_t> arrays;
  bool arrivals = false;

  explicit Declared(const Scenario& s) : arrivals(!s.arrivals.empty()) {
    for (const Resource& r : s.resources) {
      if (r.array) arrays.emplace(r.name, *r.array);
      if (r.type == ResourceType::var)
        variables.push_back(r.name);
      else
        objects.push_back(r.name);
      if (r.type == ResourceType::chan || r.type == ResourceType::timer || r.type == ResourceType::ticker)
        channels.push_back(r.name);
    }
    for (const Program& p : s.programs) {
      programs.push_back(p.name);
      if (!p.class_name.empty()) classes.push_back(p.class_name);
      if (p.body.node != nullptr) labels(*p.body.node, "");
    }
    for (const Topic& t : topics_of("wait reason")) reasons.insert(reasons.end(), t.aliases.begin(), t.aliases.end());
  }

  void labels(const Node& node, std::string_view key) {
    for (const Node& item : node.items) labels(item, key);
    for (const Node::Member& m : node.members) labels(m.value, m.key);
    if (!node.is(Node::Type::string)) return;
    if (key == "span") spans.push_back(node.text);
    if (key == "mark") marks.push_back(node.text);
    if (key == "log") logs.push_back(node.text);
  }

  [[nodiscard]] ConditionNames names() const {
    return {&variables, &channels, &objects, &spans,  &marks,
            &logs,      &programs, &classes, &reasons, &arrays, arrivals};
  }
};

}  // namespace

void check_conditions(const Scenario& s, Diagnostics& out) {
  const bool any = std::any_of(s.checks.begin(), s.checks.end(), [](const Check& c) { return !c.expression.empty(); });
  if (!any) return;
  const Declared declared(s);
  for (const Check& c : s.checks) {
    if (c.expression.empty() || !c.oracle) continue;
    const ConditionParse parsed = parse_condition(c.expression, declared.names());
    if (parsed.condition) continue;
    const ConditionError& e = parsed.error;
    const Node& node = *c.oracle.node;
    const std::string hint = e.suggestion.empty() ? "" : "did you mean " + in_quotes(e.suggestion) + "?";
    // Offsets in the condition are offsets in the document, unless the string was written with escapes.
    const bool verbatim = node.span.end - node.span.begin == c.expression.size() + 2;
    if (verbatim) {
      const auto begin = static_cast<std::uint32_t>(node.span.begin + 1 + std::min(e.offset, c.expression.size()));
      const auto length = static_cast<std::uint32_t>(std::max<std::size_t>(e.length, 1));
      out.add(at_span(node, {begin, begin + length}, c.oracle.pointer, "E0406", e.message, hint));
    } else {
      out.add(at_node(node, c.oracle.pointer, "E0406", e.message, hint));
    }
  }
}

}  // namespace gmpsim
