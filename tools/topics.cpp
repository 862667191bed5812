#include "tools/topics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/metrics.hpp"
#include "analysis/oracle.hpp"
#include "analysis/table.hpp"
#include "models/go/costs.hpp"
#include "models/go/policies.hpp"
#include "models/go/world.hpp"
#include "scenarios/codes.hpp"
#include "scenarios/grammar.hpp"
#include "scenarios/json.hpp"
#include "scenarios/ops/registry.hpp"
#include "sim/check.hpp"
#include "tools/catalogue.hpp"
#include "tools/templates.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

using NamedFacts = std::vector<std::pair<std::string, std::string>>;

std::string joined(const std::vector<std::string>& words, const char* between = ", ") {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : between) + w;
  return out;
}

// --- policies, switches, presets, costs

std::string bounds_of(const PolicyParam& p) {
  const auto told = [&](std::int64_t v) { return p.is_time ? exact_time(static_cast<double>(v)) : std::to_string(v); };
  return fmt::format("{} (default {}, {} to {})", p.what, told(p.value), told(p.min), told(p.max));
}

template <class Policy>
void add_policies(const std::string& kind, const PolicyRegistry<Policy>& registry, std::vector<Topic>& out) {
  for (const PolicyInfo<Policy>& info : registry.all()) {
    Topic t{"policy", info.name, info.what, {kind}, {}, {}, {kind + ":" + info.name, kind + "=" + info.name}};
    std::vector<std::string> names;
    for (const PolicyParam& p : info.params) {
      names.push_back(kind + "." + p.name);
      t.facts.emplace_back(names.back(), bounds_of(p));
    }
    t.cells.push_back(joined(names));
    t.facts.emplace_back(
        "in a scenario",
        fmt::format(R"("policies": {{ "mine": {{ "use": "go1.26", "params": {{ "{}": "{}" }} }} }})", kind, info.name));
    out.push_back(std::move(t));
  }
}

std::vector<Topic> policies() {
  std::vector<Topic> out;
  add_policies("steal", steal_policies(), out);
  add_policies("preempt", preempt_policies(), out);
  add_policies("timers", timer_policies(), out);
  add_policies("wake", wake_policies(), out);
  add_policies("netpoll", netpoll_policies(), out);
  return out;
}

std::vector<Topic> switches() {
  std::vector<Topic> out;
  for (const SwitchText& s : list_switches(Settings{})) {
    Topic t{"switch", s.name, s.what, {s.value}, {{"default", s.value}}, {}, {}};
    if (!s.source.empty()) t.facts.emplace_back("source", s.source);
    std::string others;
    for (const Preset& p : presets()) {
      for (const PresetEntry& e : p.entries) {
        if (s.name == e.name) others += fmt::format("{}{} since {}", others.empty() ? "" : ", ", e.value, p.name);
      }
    }
    if (!others.empty()) t.facts.emplace_back("history", others);
    t.facts.emplace_back(
        "in a scenario",
        fmt::format(R"("policies": {{ "mine": {{ "use": "go1.26", "params": {{ "{}": "{}" }} }} }})", s.name, s.value));
    out.push_back(std::move(t));
  }
  return out;
}

std::vector<Topic> preset_topics() {
  std::vector<Topic> out;
  Settings before;
  std::string previous;
  for (const Preset& p : presets()) {
    Topic t{"preset", p.name, p.note, {std::to_string(p.entries.size())}, {}, {}, {}};
    for (const PresetEntry& e : p.entries) {
      std::string was;
      for (const SwitchText& s : list_switches(before))
        if (!previous.empty() && s.name == e.name) was = s.value + " -> ";
      t.facts.emplace_back(e.name, was + e.value);
    }
    t.text = previous.empty()
                 ? "Every switch that ever changed, as it was at first. Each later version says what it changed."
             : p.entries.empty() ? "No switch changed against " + previous + "."
                                 : "The other switches are those of " + previous + "; gmpsim diff-presets " + previous +
                                       " " + p.name + " says what these decide.";
    GMPSIM_CHECK(apply_preset(p.name, before), "a version that is listed can be had");
    previous = p.name;
    out.push_back(std::move(t));
  }
  for (const Preset& b : bundles()) {
    Topic t{"preset", b.name, b.note, {std::to_string(b.entries.size())}, {}, {}, {}};
    for (const PresetEntry& e : b.entries) t.facts.emplace_back(e.name, e.value);
    t.text = std::string("The other switches are those of ") + presets().back().name + ".";
    out.push_back(std::move(t));
  }
  return out;
}

std::vector<Topic> costs() {
  std::vector<Topic> out;
  for (const CostInfo& c : kCosts) {
    const bool plain = c.name.ends_with("_permille");
    const auto told = [&](Duration v) { return plain ? std::to_string(v) : short_time(static_cast<double>(v)); };
    const char* const evidence = c.evidence == 'S'   ? "stated in Go's source, a commit or release note"
                                 : c.evidence == 'M' ? "measured on real runtimes"
                                                     : "estimate";
    out.push_back({"cost",
                   std::string(c.name),
                   std::string(c.what),
                   {told(c.value), told(c.low) + " to " + told(c.high), std::string(1, c.evidence)},
                   {{"value", told(c.value)},
                    {"plausible", told(c.low) + " to " + told(c.high)},
                    {"evidence", evidence},
                    {"in a scenario", fmt::format(R"("runtime": {{ "overrides": {{ "{}": {} }} }})", c.name,
                                                  plain ? told(c.value) : "\"" + told(c.value) + "\"")}},
                   {},
                   {}});
  }
  return out;
}

// --- metrics, checks, wait reasons

std::vector<Topic> metrics() {
  std::vector<Topic> out;
  for (const MetricDoc& m : list_metrics()) {
    Topic t{"metric", m.name, m.doc, {}, {}, {}, {}};
    t.aliases.push_back(m.name.substr(0, m.name.find_first_of("[.")));
    if (m.name.find('[') != std::string::npos)
      t.text =
          "Quantiles are .p50 to .p99.99; without brackets around a plain name: span.request.p99.\n"
          "Who is *, program:x, class:x, goroutine:x or goroutine:x#2.";
    out.push_back(std::move(t));
  }
  return out;
}

void add_fields(std::span<const Field> fields, NamedFacts& facts) {
  for (const Field& f : fields) {
    facts.emplace_back(std::string(f.key),
                       fmt::format("{}; {}{}", f.doc, describe(f.type), f.need == Need::required ? ", needed" : ""));
  }
}

/// The type of a check of this kind, from the grammar: {"checks": {name: {kind: …}}}.
const Type* type_of_check(const std::string& kind) {
  const Field* const checks = scenario_type().shape->find("checks");
  if (checks == nullptr || checks->type.item == nullptr || checks->type.item->shape == nullptr) return nullptr;
  const Field* const field = checks->type.item->shape->find(kind);
  return field == nullptr ? nullptr : &field->type;
}

std::vector<Topic> checks() {
  std::vector<Topic> out;
  for (const OracleDoc& doc : list_oracles()) {
    Topic t{"check", doc.kind, doc.doc, {}, {}, {}, {}};
    if (const Type* const type = type_of_check(doc.kind)) {
      if (type->form == Form::object) {
        add_fields(type->shape->fields, t.facts);
        add_fields(type->shape->common, t.facts);
      } else {
        t.facts.emplace_back("value", describe(*type));
      }
    }
    t.facts.emplace_back("severity", "\"warn\" makes a failure a warning");
    out.push_back(std::move(t));
  }
  return out;
}

struct ReasonDoc {
  WaitReason reason;
  const char* what;
};
constexpr ReasonDoc kReasons[] = {
    {WaitReason::chan_receive, "receives from a channel; nothing is there and nobody sends"},
    {WaitReason::chan_send, "sends on a channel that is full or has no receiver"},
    {WaitReason::chan_receive_nil, "receives from a nil channel: for ever"},
    {WaitReason::chan_send_nil, "sends on a nil channel: for ever"},
    {WaitReason::select, "no case of its select is ready"},
    {WaitReason::select_no_cases, "an empty select: for ever"},
    {WaitReason::sleep, "time.Sleep is not over"},
    {WaitReason::mutex_lock, "waits for a Mutex that somebody holds"},
    {WaitReason::rwmutex_rlock, "waits to read under an RWMutex: a writer holds it or waits for it"},
    {WaitReason::rwmutex_lock, "waits to write under an RWMutex: readers or a writer hold it"},
    {WaitReason::wait_group, "waits for the counter of a WaitGroup to become 0"},
    {WaitReason::cond_wait, "waits for Signal or Broadcast of a Cond"},
    {WaitReason::semacquire, "waits for a semaphore (until Go 1.19 also for locks and wait groups)"},
    {WaitReason::io_wait, "parks in the poller until a descriptor is ready"},
    {WaitReason::gc_assist, "pays for its allocations by helping the collector"},
    {WaitReason::preempted, "stopped by a suspension request"},
};

/// The text that a version prints; asked of a world, the only one who knows.
std::vector<std::string> reason_texts(const std::string& preset) {
  WorldOptions options;
  GMPSIM_CHECK(apply_preset(preset, options.settings), "asked for presets that there are");
  SeededChooser chooser(1);
  return World(options, {}, chooser).info().wait_reasons;
}

std::vector<Topic> wait_reasons() {
  const std::vector<std::string> oldest = reason_texts(presets().front().name);
  const std::vector<std::string> newest = reason_texts(presets().back().name);
  std::vector<Topic> out;
  for (const ReasonDoc& r : kReasons) {
    const std::size_t i = static_cast<std::size_t>(r.reason);
    Topic t{"wait reason", name_of(r.reason), r.what, {newest[i]}, {{"printed", newest[i]}}, {}, {newest[i]}};
    if (oldest[i] != newest[i]) t.facts.emplace_back(std::string("in ") + presets().front().name, oldest[i]);
    out.push_back(std::move(t));
  }
  return out;
}

// --- the language

std::string form_text(const OpPart& p) {
  const auto either = [&](const char* what) {
    return p.words.empty() ? std::string(what) : std::string(what) + " or " + joined(p.words, " or ");
  };
  switch (p.form) {
    case OpForm::flag: return "true";
    case OpForm::value: return either("expression");
    case OpForm::values: return "expression or a list of them";
    case OpForm::draw: return "expression or distribution";
    case OpForm::condition: return "condition";
    case OpForm::count: return either("count");
    case OpForm::time: return either("time or distribution");
    case OpForm::size: return "size";
    case OpForm::reference: {
      std::vector<std::string> kinds;
      for (const ValueKind k : p.kinds) kinds.emplace_back(name_of(k));
      return kinds.empty() ? "resource" : joined(kinds, " or ");
    }
    case OpForm::name: return "name";
    case OpForm::names: return "name or a list of them";
    case OpForm::block: return "operations";
    case OpForm::program: return "program";
    case OpForm::arguments: return "arguments";
    case OpForm::label: return "label";
    case OpForm::word: return joined(p.words, " or ");
    case OpForm::own: return "as in the example";
  }
  return "value";
}

/// Something that may stand there, for the example of an operation.
std::string sample_of(const OpPart& p) {
  switch (p.form) {
    case OpForm::flag: return "true";
    case OpForm::value: return p.words.empty() ? "\"x + 1\"" : json_text(p.words.front());
    case OpForm::values: return "\"x\"";
    case OpForm::draw: return R"({ "dist": "exp", "mean": "100us" })";
    case OpForm::condition: return "\"x < 10\"";
    case OpForm::count: return "3";
    case OpForm::time: return "\"1ms\"";
    case OpForm::size: return "\"4KiB\"";
    case OpForm::reference: {
      if (p.kinds.empty() || p.kinds.front() == ValueKind::chan) return "\"jobs\"";
      std::string kind = name_of(p.kinds.front());  // "a wait group"
      kind.erase(0, kind.find(' ') + 1);
      kind.resize(std::min(kind.find(" or "), kind.size()));
      std::replace(kind.begin(), kind.end(), ' ', '_');
      return json_text(kind);
    }
    case OpForm::name:
    case OpForm::names: return p.key == "ok" ? "\"ok\"" : "\"x\"";
    case OpForm::block: return "[ ... ]";
    case OpForm::program: return "\"worker\"";
    case OpForm::arguments: return R"({ "n": 1 })";
    case OpForm::label: return "\"here\"";
    case OpForm::word: return json_text(p.words.front());
    case OpForm::own: break;
  }
  if (p.key == "select")
    return R"([ { "recv": "jobs", "as": "x", "do": [ ... ] }, { "after": "1ms", "do": [ ... ] } ])";
  if (p.key == "choose") return R"([ { "weight": 9, "do": [ ... ] }, { "weight": 1, "do": [ ... ] } ])";
  if (p.key == "let") return R"({ "x": "y + 1" })";
  if (p.key == "args") return R"({ "n": "x" })";
  if (p.key == "set") return R"({ "total": "total + 1" })";
  return "...";
}

std::string example_of(const OpSpec& spec) {
  std::string out = "{ \"" + spec.verb.key + "\": " + sample_of(spec.verb);
  for (const OpPart& p : spec.parts) out += ", \"" + p.key + "\": " + sample_of(p);
  return out + " }";
}

std::vector<Topic> ops() {
  std::vector<Topic> out;
  for (const OpSpec& spec : all_ops().all()) {
    std::vector<std::string> modifiers;
    for (const OpPart& p : spec.parts) modifiers.push_back(p.key);
    Topic t{"op", spec.verb.key, spec.verb.doc, {spec.group, joined(modifiers)}, {}, {}, {}};
    if (spec.compile == nullptr) t.line += " (does not run yet)";
    t.facts.emplace_back(spec.verb.key, form_text(spec.verb));
    for (const OpPart& p : spec.parts)
      t.facts.emplace_back(p.key, fmt::format("{}; {}{}", p.doc, form_text(p), p.required ? ", needed" : ""));
    t.facts.emplace_back("example", example_of(spec));
    if (spec.compile == nullptr)
      t.text = "It is read and checked, but does not run in this version" +
               (spec.why_not.empty() ? "." : ": " + spec.why_not + ".");
    out.push_back(std::move(t));
  }
  // By group, in the order in which the groups first appear; then by name as registered.
  std::stable_sort(out.begin(), out.end(), [](const Topic& a, const Topic& b) { return a.cells[0] < b.cells[0]; });
  return out;
}

std::vector<Topic> distributions() {
  std::vector<Topic> out;
  for (const Variant& v : distribution_type().variants) {
    std::vector<std::string> parameters;
    for (const Field& f : v.shape->fields) parameters.emplace_back(f.key);
    Topic t{"distribution", std::string(v.tag), std::string(v.shape->what), {joined(parameters)}, {}, {}, {}};
    add_fields(v.shape->fields, t.facts);
    add_fields(v.shape->common, t.facts);
    out.push_back(std::move(t));
  }
  return out;
}

/// The members of metadata and the names of policies, straight from the text: `list` must not fail over a scenario that
/// does not validate.
Topic scenario_topic(std::string kind, std::string_view name, std::string_view text) {
  Topic t{std::move(kind), std::string(name), {}, {}, {}, {}, {}};
  Diagnostics ignored;
  const auto document = parse_json(std::string(text), std::string(name), ignored);
  const Node* const metadata = document ? document->find("metadata") : nullptr;
  const auto string_of = [&](const char* key) {
    const Node* const node = metadata != nullptr ? metadata->find(key) : nullptr;
    return node != nullptr && node->is(Node::Type::string) ? node->text : std::string();
  };
  const auto words_of = [&](const char* key) {
    std::vector<std::string> words;
    if (const Node* const node = metadata != nullptr ? metadata->find(key) : nullptr) {
      for (const Node& item : node->items) words.push_back(item.text);
    }
    return joined(words);
  };
  const auto names_in = [&](const char* key) {
    std::vector<std::string> names;
    const Node* const node = document ? document->find(key) : nullptr;
    if (node != nullptr) {
      for (const Node::Member& m : node->members) {
        if (!is_remark(m.key)) names.push_back(m.key);
      }
    }
    return joined(names);
  };
  t.line = string_of("title");
  t.text = string_of("description");
  for (const auto& [what, value] : NamedFacts{{"policies", names_in("policies")},
                                              {"params", names_in("params")},
                                              {"checks", names_in("checks")},
                                              {"tags", words_of("tags")},
                                              {"references", words_of("references")}}) {
    if (!value.empty()) t.facts.emplace_back(what, value);
  }
  return t;
}

std::vector<Topic> of_catalogue(const std::string& kind, std::string_view folder) {
  std::vector<Topic> out;
  for (const CatalogueEntry& entry : catalogue()) {
    if (entry.folder != folder) continue;
    Topic t = scenario_topic(kind, entry.name, entry.text);
    t.facts.emplace_back("run it", fmt::format("gmpsim run {}", entry.name));
    t.facts.emplace_back("compare", fmt::format("gmpsim compare {}", entry.name));
    if (kind == "bug") t.facts.emplace_back("beside what was published", fmt::format("gmpsim bugs {}", entry.name));
    out.push_back(std::move(t));
  }
  return out;
}

std::vector<Topic> codes() {
  std::vector<Topic> out;
  for (const std::string& code : all_codes()) {
    // "E0107: unknown key", an empty line, paragraphs, whose lines end where the screen does.
    std::string text = explain_code(code).value_or(code + ": ");
    const std::size_t title = std::min(text.find(": ") + 2, text.size());
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (std::size_t i = end + 2; i + 1 < text.size(); ++i)
      if (text[i] == '\n' && text[i - 1] != '\n' && text[i + 1] != '\n') text[i] = ' ';
    out.push_back(
        {"code", code, text.substr(title, end - title), {}, {}, end + 2 < text.size() ? text.substr(end + 2) : "", {}});
  }
  return out;
}

std::vector<Topic> templates() {
  std::vector<Topic> out;
  for (const ScenarioTemplate& s : scenario_templates())
    out.push_back({"template",
                   std::string(s.name),
                   std::string(s.what),
                   {},
                   {{"start from it", fmt::format("gmpsim init my-scenario --template {}", s.name)}},
                   {},
                   {}});
  return out;
}

}  // namespace

const std::vector<TopicKind>& topic_kinds() {
  static const std::vector<TopicKind> kinds{
      {"scenario", "scenarios", {"name", "what it shows"}},
      {"bug", "bugs", {"name", "what goes wrong"}},
      {"claim", "claims", {"name", "what is so"}},
      {"template", "templates", {"name", "what it is"}},
      {"preset", "presets", {"name", "switches changed", "what it stands for"}},
      {"policy", "policies", {"name", "kind", "parameters", "what it does"}},
      {"switch", "switches", {"name", "default", "what it decides"}},
      {"cost", "costs", {"name", "value", "plausible", "evidence", "what it is the cost of"}},
      {"check", "checks", {"name", "what it judges"}},
      {"metric", "metrics", {"name", "what it measures"}},
      {"op", "ops", {"name", "group", "modifiers", "what it does"}},
      {"distribution", "distributions", {"name", "parameters", "what it is"}},
      {"wait reason", "reasons", {"name", "printed", "what the goroutine does"}},
      {"code", "codes", {"name", "what is wrong"}},
  };
  return kinds;
}

std::vector<Topic> topics_of(const std::string& kind) {
  if (kind == "scenario") return of_catalogue(kind, "");
  if (kind == "bug") return of_catalogue(kind, "bugs");
  if (kind == "claim") return of_catalogue(kind, "claims");
  if (kind == "template") return templates();
  if (kind == "preset") return preset_topics();
  if (kind == "policy") return policies();
  if (kind == "switch") return switches();
  if (kind == "cost") return costs();
  if (kind == "check") return checks();
  if (kind == "metric") return metrics();
  if (kind == "op") return ops();
  if (kind == "distribution") return distributions();
  if (kind == "wait reason") return wait_reasons();
  if (kind == "code") return codes();
  return {};
}

std::vector<Topic> all_topics() {
  std::vector<Topic> out;
  for (const TopicKind& kind : topic_kinds()) {
    for (Topic& t : topics_of(kind.kind)) out.push_back(std::move(t));
  }
  return out;
}

}  // namespace gmpsim
