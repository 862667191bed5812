#include "tools/schedule_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <ostream>
#include <utility>

#include "scenarios/json.hpp"
#include "tools/text_formats.hpp"
#include "tools/version.hpp"

namespace gmpsim {
namespace {

constexpr std::size_t kMostChoices = 4'000'000;

std::optional<std::uint64_t> number_of(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> hex_of(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  return number_of(text, 16);
}

/// The next word of `text`, which loses it.
std::string_view next_word(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

class Reader {
 public:
  explicit Reader(Diagnostics& out) : out_(out) {}

  void read(const Node& root, Schedule& s) {
    const Node* const scenario = member(root, "", "scenario", Node::Type::object);
    const Node* const model = member(root, "", "model", Node::Type::object);
    const Node* const result = member(root, "", "result", Node::Type::object);
    const Node* const choices = member(root, "", "choices", Node::Type::array);
    const Node* const checkpoints = member(root, "", "checkpoints", Node::Type::array);
    s.key.policy = text(root, "", "policy");
    s.key.seed = hex(root, "", "seed");
    if (const Node* const trace = root.find("schedtrace")) {
      s.key.schedtrace = std::clamp<std::int64_t>(trace->integer, 0, seconds(3600));
      const Node* const detail = root.find("scheddetail");
      s.key.scheddetail = detail != nullptr && detail->boolean;
    }
    if (scenario != nullptr) {
      s.key.scenario = text(*scenario, "/scenario", "name");
      s.key.scenario_hash = hex(*scenario, "/scenario", "hash");
      if (const Node* const overrides = scenario->find("overrides")) {
        for (const Node::Member& m : overrides->members) s.key.overrides.push_back({m.key, m.value.text});
      }
    }
    if (model != nullptr) s.key.behaviour = static_cast<std::uint32_t>(count(*model, "/model", "behaviour"));
    if (result != nullptr) {
      s.records = count(*result, "/result", "transitions");
      s.fingerprint = text(*result, "/result", "fingerprint");
    }
    if (choices != nullptr) {
      for (std::size_t i = 0; i < choices->items.size() && !out_.full(); ++i)
        read_choices(choices->items[i], "/choices/" + std::to_string(i), s);
    }
    const Node* const complete = root.find("choicesComplete");
    s.choices_complete = complete == nullptr || complete->boolean;
    if (checkpoints != nullptr) {
      for (std::size_t i = 0; i < checkpoints->items.size() && !out_.full(); ++i)
        read_checkpoint(checkpoints->items[i], "/checkpoints/" + std::to_string(i), s);
    }
  }

 private:
  void problem(const Node& at, const std::string& pointer, std::string message, std::string hint = {}) {
    out_.add(at_node(at, pointer, "E0106", std::move(message), std::move(hint)));
  }
  const Node* member(const Node& object, const std::string& pointer, const char* key, Node::Type type) {
    const Node* const node = object.find(key);
    if (node == nullptr) {
      out_.add(at_node(object, pointer, "E0108", fmt::format("a schedule needs \"{}\"", key)));
      return nullptr;
    }
    if (node->is(type)) return node;
    problem(*node, pointer + "/" + key, fmt::format("{} is no value for \"{}\"", node->kind(), key));
    return nullptr;
  }
  std::string text(const Node& object, const std::string& pointer, const char* key) {
    const Node* const node = member(object, pointer, key, Node::Type::string);
    return node == nullptr ? "" : node->text;
  }
  std::uint64_t hex(const Node& object, const std::string& pointer, const char* key) {
    const Node* const node = member(object, pointer, key, Node::Type::string);
    if (node == nullptr) return 0;
    const auto value = hex_of(node->text);
    if (!value) problem(*node, pointer + "/" + key, "a hexadecimal number belongs here: \"0x5eed\"");
    return value.value_or(0);
  }
  std::uint64_t count(const Node& object, const std::string& pointer, const char* key) {
    const Node* const node = member(object, pointer, key, Node::Type::integer);
    if (node == nullptr) return 0;
    if (node->integer < 0) problem(*node, pointer + "/" + key, "it cannot be negative");
    return static_cast<std::uint64_t>(std::max<std::int64_t>(node->integer, 0));
  }

  void read_choices(const Node& node, const std::string& pointer, Schedule& s) {
    if (!node.is(Node::Type::object)) return problem(node, pointer, "the choices of somebody are an object");
    Choice c;
    c.site.stream = hex(node, pointer, "stream");
    c.site.entity = hex(node, pointer, "entity");
    const Node* const answers = member(node, pointer, "answers", Node::Type::string);
    if (answers == nullptr) return;
    std::string_view left = answers->text;
    for (std::string_view word = next_word(left); !word.empty(); word = next_word(left)) {
      std::optional<std::uint64_t> value;
      if (word.front() == '#') {
        value = number_of(word.substr(1), 10);
        if (value) c.site.count = *value;
        if (value) continue;
      } else if (word.front() == 'x') {
        value = number_of(word.substr(1), 16);
        c.n = 0;
      } else if (const std::size_t slash = word.find('/'); slash != std::string_view::npos) {
        value = number_of(word.substr(0, slash), 10);
        const auto n = number_of(word.substr(slash + 1), 10);
        if (!n || *n == 0 || *n > 0xffffffffu || (value && *value >= *n)) value.reset();
        if (n) c.n = static_cast<std::uint32_t>(*n);
      }
      if (!value)
        return problem(*answers, pointer + "/answers", in_quotes(word) + " is no answer",
                       "alternative/alternatives, or x and 64 bits in hexadecimal");
      if (s.choices.size() == kMostChoices)
        return problem(*answers, pointer + "/answers", "too many choices: at most 4 000 000");
      c.answer = *value;
      s.choices.push_back(c);
      ++c.site.count;
    }
  }

  void read_checkpoint(const Node& node, const std::string& pointer, Schedule& s) {
    std::string_view left = node.text;
    const auto count = number_of(next_word(left), 10);
    const auto at = number_of(next_word(left), 10);
    const auto hash = number_of(next_word(left), 16);
    const bool in_order = count && *count > (s.checkpoints.empty() ? 0 : s.checkpoints.back().count);
    if (!node.is(Node::Type::string) || !count || !at || !hash || !in_order || *at > static_cast<std::uint64_t>(kNever))
      return problem(node, pointer, "a checkpoint is \"transitions time hash\", in order");
    s.checkpoints.push_back({*count, static_cast<Time>(*at), *hash});
  }

  Diagnostics& out_;
};

}  // namespace

void write_schedule(std::ostream& out, const Schedule& s) {
  out << "{\n  \"apiVersion\": \"gmpsim/v1\",\n  \"kind\": \"Schedule\",\n";
  out << "  \"scenario\": { \"name\": " << json_text(s.key.scenario)
      << fmt::format(", \"hash\": \"{:#018x}\"", s.key.scenario_hash);
  for (std::size_t i = 0; i < s.key.overrides.size(); ++i)
    out << (i == 0 ? ", \"overrides\": { " : ", ") << json_text(s.key.overrides[i].path) << ": "
        << json_text(s.key.overrides[i].value);
  out << (s.key.overrides.empty() ? " },\n" : " } },\n");
  out << "  \"model\": { \"version\": " << json_text(version()) << ", \"behaviour\": " << s.key.behaviour << " },\n";
  out << "  \"policy\": " << json_text(s.key.policy) << ",\n" << fmt::format("  \"seed\": \"{:#x}\",\n", s.key.seed);
  if (s.key.schedtrace > 0)
    out << "  \"schedtrace\": " << s.key.schedtrace
        << ",\n  \"scheddetail\": " << (s.key.scheddetail ? "true" : "false") << ",\n";
  out << "  \"result\": { \"transitions\": " << s.records << ", \"fingerprint\": " << json_text(s.fingerprint)
      << " },\n";
  if (!s.choices_complete) out << "  \"choicesComplete\": false,\n";

  // Grouped by who asked, in the order of their first question.
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> groups;
  std::vector<std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < s.choices.size(); ++i) {
    const Site& site = s.choices[i].site;
    const auto [found, is_new] = groups.emplace(std::pair(site.stream, site.entity), members.size());
    if (is_new) members.emplace_back();
    members[found->second].push_back(i);
  }
  out << "  \"choices\": [";
  for (std::size_t g = 0; g < members.size(); ++g) {
    const Site& first = s.choices[members[g].front()].site;
    out << (g == 0 ? "\n    " : ",\n    ")
        << fmt::format("{{ \"stream\": \"{:#x}\", \"entity\": \"{:#x}\", \"answers\": \"", first.stream, first.entity);
    std::uint64_t expected = 0;
    bool separated = true;
    for (const std::size_t i : members[g]) {
      const Choice& c = s.choices[i];
      if (c.site.count != expected) out << fmt::format("{}#{}", separated ? "" : " ", c.site.count), separated = false;
      out << (separated ? "" : " ")
          << (c.n == 0 ? fmt::format("x{:x}", c.answer) : fmt::format("{}/{}", c.answer, c.n));
      separated = false;
      expected = c.site.count + 1;
    }
    out << "\" }";
  }
  out << (members.empty() ? "],\n" : "\n  ],\n");
  out << "  \"checkpoints\": [";
  for (std::size_t i = 0; i < s.checkpoints.size(); ++i)
    out << (i == 0 ? "\n    " : ",\n    ")
        << fmt::format("\"{} {} {:016x}\"", s.checkpoints[i].count, s.checkpoints[i].at, s.checkpoints[i].hash);
  out << (s.checkpoints.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

std::optional<Schedule> read_schedule(std::string text, std::string file, Diagnostics& out) {
  const auto root = parse_json(std::move(text), std::move(file), out);
  if (!root) return std::nullopt;
  const Node* const kind = root->find("kind");
  if (!root->is(Node::Type::object) || kind == nullptr || kind->text != "Schedule") {
    out.add(at_node(kind != nullptr ? *kind : *root, kind != nullptr ? "/kind" : "", "E0115", "this is no schedule",
                    "`gmpsim run --save-schedule FILE` writes one"));
    return std::nullopt;
  }
  const Node* const version = root->find("apiVersion");
  if (version == nullptr || version->text != "gmpsim/v1") {
    out.add(at_node(version != nullptr ? *version : *root, "/apiVersion", "E0114",
                    "this schedule is of another version", "write \"gmpsim/v1\""));
    return std::nullopt;
  }
  Schedule s;
  Reader(out).read(*root, s);
  if (out.has_errors()) return std::nullopt;
  return s;
}

}  // namespace gmpsim
