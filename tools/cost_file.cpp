#include "tools/cost_file.hpp"

#include <algorithm>

#include "models/go/costs.hpp"
#include "scenarios/json.hpp"
#include "scenarios/units.hpp"
#include "tools/failure.hpp"
#include "tools/files.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

constexpr Duration kDearest = 10'000'000'000;  // no step takes ten seconds

class CostReader {
 public:
  explicit CostReader(Diagnostics& out) : out_(out) {}

  std::optional<CostFile> read(const Node& root) {
    if (!root.is(Node::Type::object)) {
      problem(root, "", "E0106", "a cost file is an object");
      return std::nullopt;
    }
    // Another kind of document has other keys: one problem says enough.
    const Node* const kind = root.find("kind");
    if (kind != nullptr && (!kind->is(Node::Type::string) || kind->text != "Costs")) {
      problem(*kind, "/kind", "E0115", "\"kind\" of a cost file is \"Costs\"");
      return std::nullopt;
    }
    CostFile file;
    bool has_costs = false;
    for (const Node::Member& m : root.members) {
      const std::string at = pointer_to("", m.key);
      if (m.key == "apiVersion") {
        if (word(m.value, at) != "gmpsim/v1" && !bad_) problem(m.value, at, "E0114", "\"apiVersion\" is \"gmpsim/v1\"");
      } else if (m.key == "kind") {
        continue;
      } else if (m.key == "go") {
        file.go = word(m.value, at);
      } else if (m.key == "platform") {
        file.platform = word(m.value, at);
      } else if (m.key == "costs") {
        has_costs = true;
        costs(m.value, at, file);
      } else if (m.key != "measured" && m.key != "note" && !m.key.starts_with("x-")) {
        static const std::vector<std::string> kKeys{"apiVersion", "kind",  "go",  "platform",
                                                    "measured",   "costs", "note"};
        out_.add(at_span(m.value, m.key_span, at, "E0107", "unknown key " + in_quotes(m.key),
                         did_you_mean(m.key, kKeys), known_names("known here", kKeys)));
        bad_ = true;
      }
    }
    for (const char* const key : {"apiVersion", "kind"})
      if (root.find(key) == nullptr) problem(root, "", "E0108", "\"" + std::string(key) + "\" is missing");
    if (!has_costs) problem(root, "", "E0108", "\"costs\" is missing", "such as { \"gosched\": \"20ns\" }");
    return bad_ ? std::nullopt : std::optional(std::move(file));
  }

 private:
  void problem(const Node& node, const std::string& pointer, const char* code, std::string message,
               std::string hint = {}) {
    out_.add(at_node(node, pointer, code, std::move(message), std::move(hint)));
    bad_ = true;
  }

  std::string word(const Node& node, const std::string& pointer) {
    if (!node.is(Node::Type::string)) problem(node, pointer, "E0106", "a text is needed here");
    return node.text;
  }

  void costs(const Node& node, const std::string& pointer, CostFile& file) {
    if (!node.is(Node::Type::object))
      return problem(node, pointer, "E0106", "\"costs\" is an object of names and times");
    for (const Node::Member& m : node.members) {
      const std::string at = pointer_to(pointer, m.key);
      const auto known = std::find_if(kCosts.begin(), kCosts.end(), [&](const CostInfo& c) { return c.name == m.key; });
      if (known == kCosts.end()) {
        std::vector<std::string> names;
        for (const CostInfo& c : kCosts) names.emplace_back(c.name);
        out_.add(at_span(m.value, m.key_span, at, "E0107", "there is no cost " + in_quotes(m.key),
                         did_you_mean(m.key, names), "gmpsim list costs shows them"));
        bad_ = true;
        continue;
      }
      if (m.key.ends_with("_permille")) {
        if (!m.value.is(Node::Type::integer) || m.value.integer < 0 || m.value.integer > 1'000)
          problem(m.value, at, "E0215", in_quotes(m.key) + " is a whole number from 0 to 1000");
        else
          file.costs.emplace_back(m.key, std::to_string(m.value.integer));
        continue;
      }
      const QuantityResult q = m.value.is(Node::Type::string) ? parse_quantity(m.value.text) : QuantityResult{};
      if (!m.value.is(Node::Type::string) || !q || q.quantity.unit != Unit::time || q.quantity.value < 0 ||
          q.quantity.value > kDearest)
        problem(m.value, at, "E0212", in_quotes(m.key) + " is a time from 0ns to 10s", "such as \"20ns\"");
      else
        file.costs.emplace_back(m.key, m.value.text);
    }
  }

  Diagnostics& out_;
  bool bad_ = false;
};

}  // namespace

std::optional<CostFile> read_costs(std::string text, const std::string& file, Diagnostics& out) {
  const std::optional<Node> root = parse_json(std::move(text), file, out);
  return root ? CostReader(out).read(*root) : std::nullopt;
}

std::vector<Override> overrides_of(const CostFile& costs, const Scenario& scenario) {
  std::vector<Override> out;
  for (const auto& [name, value] : costs.costs) {
    const auto& own = scenario.runtime.overrides;
    if (std::any_of(own.begin(), own.end(), [n = std::string_view(name)](const Setting& s) { return s.name == n; }))
      continue;
    out.push_back({"/runtime/overrides/" + name, value});
  }
  return out;
}

LoadedScenario load_with_costs(const ScenarioText& source, const std::vector<std::string>& sets,
                               const std::string& file, const std::vector<std::string>& policies, Context& context) {
  std::vector<Override> overrides = overrides_of(sets);
  if (file.empty()) return load_scenario(source, std::move(overrides), policies, context);
  Diagnostics problems;
  const auto costs = read_costs(read_file(file, kMaxBytes + 1).text, file, problems);
  if (!problems.all().empty()) context.err() << problems.render(context.err_style.color);
  if (!costs) fail_input(in_quotes(file) + " is no cost file", "gmpsim calibrate -o costs.json makes one");
  // What the scenario sets itself is known once it has been read; warnings are told once.
  LoadedScenario first = load_scenario(source, overrides, policies, context);
  std::vector<Override> all = overrides_of(*costs, *first.scenario);
  all.insert(all.end(), overrides.begin(), overrides.end());
  Context quiet = context;
  quiet.options.quiet = true;
  return load_scenario(source, std::move(all), policies, quiet);
}

}  // namespace gmpsim
