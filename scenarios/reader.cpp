#include "scenarios/reader.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/arrival_times.hpp"
#include "scenarios/constants.hpp"
#include "scenarios/extends.hpp"
#include "scenarios/grammar.hpp"
#include "scenarios/grammar_check.hpp"
#include "scenarios/parameters.hpp"
#include "scenarios/references.hpp"
#include "scenarios/typing.hpp"
#include "scenarios/vocabulary.hpp"
#include "sim/recorder.hpp"

namespace gmpsim {
namespace {

template <class List>
auto find_named(const List& list, std::string_view name) -> decltype(list.data()) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
  return found == list.end() ? nullptr : &*found;
}

/// A copy without what cannot change a result.
Node essence(const Node& node, bool top) {
  Node out;
  out.type = node.type;
  out.boolean = node.boolean;
  out.integer = node.integer;
  out.text = node.text;
  for (const Node& item : node.items) out.items.push_back(essence(item, false));
  for (const Node::Member& member : node.members) {
    const bool idle = is_remark(member.key) || (top && (member.key == "$schema" || member.key == "metadata"));
    if (!idle) out.members.push_back({member.key, {}, essence(member.value, false)});
  }
  return out;
}

}  // namespace

std::string_view name_of(ResourceType type) {
  static constexpr std::string_view kTypes[] = {"chan",      "mutex",   "rwmutex", "waitgroup", "cond", "once",
                                                "semaphore", "ticker",  "timer",   "context",   "pool", "socket",
                                                "file",      "cgo_lib", "heap",    "var"};
  return kTypes[static_cast<std::size_t>(type)];
}

ValueKind value_kind_of(const Resource& r) {
  switch (r.type) {
    case ResourceType::chan: return ValueKind::chan;
    case ResourceType::mutex: return r.kind == "runtime" ? ValueKind::runtime_mutex : ValueKind::mutex;
    case ResourceType::rwmutex: return ValueKind::rwmutex;
    case ResourceType::waitgroup: return ValueKind::wait_group;
    case ResourceType::cond: return ValueKind::cond;
    case ResourceType::once: return ValueKind::once;
    case ResourceType::semaphore: return ValueKind::semaphore;
    case ResourceType::ticker:
    case ResourceType::timer: return ValueKind::timer;
    case ResourceType::context: return ValueKind::context;
    case ResourceType::pool: return ValueKind::pool;
    case ResourceType::socket:
    case ResourceType::file: return ValueKind::device;
    case ResourceType::cgo_lib: return ValueKind::library;
    case ResourceType::heap:
    case ResourceType::var: return ValueKind::integer;
  }
  return ValueKind::integer;
}

const Param* Scenario::param(std::string_view name) const { return find_named(params, name); }
const Resource* Scenario::resource(std::string_view name) const { return find_named(resources, name); }
const Program* Scenario::program(std::string_view name) const { return find_named(programs, name); }
const Policy* Scenario::policy(std::string_view name) const { return find_named(policies, name); }

std::vector<Diagnostic> Scenario::refusals(const Policy& policy) const {
  std::vector<Diagnostic> out = not_yet;
  out.insert(out.end(), policy.not_yet.begin(), policy.not_yet.end());
  return out;
}

std::optional<Scenario> read_scenario(std::string text, std::string file, const ReadOptions& options,
                                      Diagnostics& out) {
  const std::size_t errors_before = out.errors();
  auto written = parse_json(std::move(text), std::move(file), out);
  if (!written) return std::nullopt;
  auto merged = resolve_extends(std::move(*written), options.load, out);
  if (!merged) return std::nullopt;
  apply_overrides(*merged, options.overrides, out);
  put_parameters(*merged, out);

  Scenario s;
  s.document = std::make_shared<const Node>(std::move(*merged));
  s.params = fix_parameters(*s.document, out);
  const Constants constants(s.params);
  check_grammar(*s.document, scenario_type(), "", constants, out);
  if (out.enough()) return std::nullopt;
  type_sections(s, constants);
  check_references(s, constants, out);
  check_vocabulary(s, constants, out);
  if (out.errors() != errors_before) return std::nullopt;
  collect_not_yet(s);
  s.hash = scenario_hash(*s.document);
  read_arrival_times(s, options.load, out);
  if (out.errors() != errors_before) return std::nullopt;
  return s;
}

std::uint64_t scenario_hash(const Node& document) {
  const std::string text = to_json(essence(document, true));
  Hasher hasher;
  hasher.word(text.size());
  for (std::size_t at = 0; at < text.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = at; i < std::min(at + 8, text.size()); ++i)
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])) << (8 * (i - at));
    hasher.word(word);
  }
  return hasher.value().hi;
}

}  // namespace gmpsim
