#include "scenarios/vocabulary.hpp"

#include <algorithm>
#include <utility>

#include "models/go/costs.hpp"
#include "models/go/settings.hpp"
#include "scenarios/grammar.hpp"
#include "scenarios/units.hpp"

namespace gmpsim {
namespace {

template <class List>
bool contains(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

bool runs(const std::string& profile) {
  Settings settings;
  return apply_preset(profile, settings);
}

std::vector<std::string> preset_names() {
  std::vector<std::string> out;
  for (const Preset& p : presets()) out.emplace_back(p.name);
  for (const Preset& b : bundles()) out.emplace_back(b.name);
  return out;
}

std::vector<std::string> switch_names(const Settings& settings) {
  std::vector<std::string> out;
  for (const SwitchText& s : list_switches(settings)) out.push_back(s.name);
  return out;
}

/// Where a setting's name stands is not kept; its value's place is near enough, and the message says the name.
class Vocabulary {
 public:
  Vocabulary(const Scenario& s, const Constants& constants, Diagnostics& out) : s_(s), constants_(constants), out_(out) {}

  void run() {
    profile();
    for (const Setting& setting : s_.runtime.overrides) {
      if (!out_.enough()) constant(setting);
    }
    for (const Policy& policy : s_.policies) {
      if (!out_.enough()) check(policy);
    }
  }

 private:
  void error(const Place& at, std::string code, std::string message, std::string hint, std::string note = {}) {
    out_.add(at_node(*at.node, at.pointer, std::move(code), std::move(message), std::move(hint), std::move(note)));
  }
  static Place part(const Place& place, std::string_view key) {
    const Node* node = place.node == nullptr ? nullptr : place.node->find(key);
    return node == nullptr ? place : Place{node, pointer_to(place.pointer, key)};
  }

  void profile() {
    const std::string& name = s_.runtime.profile;
    if (runs(name)) return;
    const std::vector<std::string> known = preset_names();
    std::string hint = did_you_mean(name, known);
    if (hint.empty() && runs("go" + name)) hint = "write \"go" + displayable(name) + "\"";
    error(part(s_.runtime.place, "profile"), "E0310", in_quotes(name) + " is no version of Go", hint, known_names("profiles", known));
  }

  void constant(const Setting& setting) {
    Settings scratch;
    std::vector<std::string> known = switch_names(scratch);
    for (const CostInfo& cost : kCosts) known.emplace_back(cost.name);
    for (const auto& [name, text] : flatten(setting)) {
      if (out_.enough()) return;
      const bool is_cost = std::any_of(kCosts.begin(), kCosts.end(), [&, n = std::string_view(name)](const CostInfo& c) { return c.name == n; });
      if (is_cost) {
        cost(setting, name, text);
      } else if (contains(known, name)) {
        set(scratch, setting, name, text);
      } else {
        error(setting.value, "E0311", "there is no constant " + in_quotes(name), did_you_mean(name, known), known_names("constants", known));
      }
    }
  }

  void cost(const Setting& setting, const std::string& name, const std::string& text) {
    Node node = *setting.value.node;
    if (node.is(Node::Type::object)) node.type = Node::Type::string, node.text = text;
    // A permille is the one constant that is no time.
    const bool plain = name.ends_with("_permille");
    const Constant c = plain ? constants_.integer(node) : constants_.time(node);
    if (!c) {
      error(setting.value, c.code, c.message, c.hint);
    } else if (c.value < 0) {
      error(setting.value, "E0211", in_quotes(name) + " cannot be negative", "");
    }
  }

  void set(Settings& settings, const Setting& setting, const std::string& name, const std::string& text) {
    const std::string wrong = set_switch(settings, name, text);
    if (!wrong.empty()) error(setting.value, "E0312", in_quotes(name) + ": " + displayable(wrong, 200), "");
  }

  void check(const Policy& policy) {
    if (policy.use.empty()) return;
    Settings settings;
    const bool ready = apply_preset(policy.use, settings);
    if (!ready) {
      const std::vector<std::string> known = preset_names();
      if (policy.place.node->find("use") != nullptr) {
        error(part(policy.place, "use"), "E0310", "there is no policy " + in_quotes(policy.use), did_you_mean(policy.use, known), known_names("policies", known));
      }
      return;
    }
    const std::vector<std::string> known = switch_names(settings);
    for (const Setting& setting : policy.params) {
      for (const auto& [name, text] : flatten(setting)) {
        if (out_.enough()) return;
        const std::string wrong = set_switch(settings, name, text);
        if (wrong.empty()) continue;
        if (wrong == "unknown switch") {
          error(setting.value, "E0313", "there is no switch " + in_quotes(name), did_you_mean(name, known), known_names("switches", known));
        } else {
          error(setting.value, "E0312", in_quotes(name) + ": " + displayable(wrong, 200), "");
        }
      }
    }
  }

  const Scenario& s_;
  const Constants& constants_;
  Diagnostics& out_;
};

/// Collects what cannot run yet; the place is the key that says so.
class NotYet {
 public:
  explicit NotYet(Scenario& s) : s_(s) {}

  void run() {
    machine();
    for (const Program& p : s_.programs) say(p.place.pointer, p.place.node, "os", "settings of the operating system for a program");
  }

 private:
  /// When `object` has `key`: `what` is not there yet.
  void say(const std::string& pointer, const Node* object, std::string_view key, const std::string& what) {
    std::vector<Diagnostic>& to = s_.not_yet;
    if (object == nullptr || to.size() >= Diagnostics::kLimit) return;
    for (const Node::Member& m : object->members) {
      if (m.key != key) continue;
      to.push_back(at_span(m.value, m.key_span, pointer_to(pointer, key), "E0900", what + " cannot run yet", "valid, and coming in a later version"));
    }
  }

  void machine() {
    const Machine& m = s_.machine;
    if (m.os_scheduler != "ideal") say(m.place.pointer, m.place.node, "os_scheduler", "the scheduler " + m.os_scheduler + " of the operating system");
  }

  Scenario& s_;
};

std::string text_of(const Node& node) {
  if (node.is(Node::Type::boolean)) return node.boolean ? "true" : "false";
  return node.text;
}

}  // namespace

void check_vocabulary(const Scenario& scenario, const Constants& constants, Diagnostics& out) { Vocabulary(scenario, constants, out).run(); }

void collect_not_yet(Scenario& scenario) { NotYet(scenario).run(); }

std::vector<std::pair<std::string, std::string>> flatten(const Setting& setting) {
  const Node& node = *setting.value.node;
  if (!node.is(Node::Type::object)) return {{setting.name, text_of(node)}};
  std::vector<std::pair<std::string, std::string>> out;
  for (const Node::Member& member : node.members) {
    if (!is_remark(member.key)) out.emplace_back(setting.name + "_" + member.key, text_of(member.value));
  }
  return out;
}

}  // namespace gmpsim
