#include "scenarios/references.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "scenarios/grammar.hpp"
#include "scenarios/overrides.hpp"
#include "scenarios/units.hpp"

namespace gmpsim {
// Functions and literals of expressions, `index`, and the families of metrics.
bool is_reserved_name(std::string_view name) {
  static constexpr std::string_view kReserved[] = {"min", "max", "len", "cap", "newchan", "new", "err", "rand", "now", "self", "nil", "true", "false", "index",
                                                   "span", "delay", "late", "wait", "stw", "gc", "mark", "log", "cpu", "sched", "runtime"};
  return std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
}

namespace {

using NameSet = std::set<std::string, std::less<>>;

constexpr std::int64_t kMostElements = 10'000'000;  // of all arrays of resources together
constexpr std::size_t kNamesSuggested = 1000;


bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

/// How the text of a resource operand begins: the name of "x" and of "x[i]"; empty for any other expression.
std::string_view bare_name(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_name_part(text[end])) ++end;
  if (end == 0 || !is_name_start(text[0])) return {};
  if (end == text.size()) return text;
  const bool indexed = text[end] == '[' && text.back() == ']' && text.find(']') == text.size() - 1;
  return indexed ? text.substr(0, end) : std::string_view{};
}

/// What operations say, without understanding them: labels, and how each name is used.
struct Mentions {
  NameSet marks, spans, logs, programs;
  NameSet sent, received, other;  ///< resources: as the channel of a send, of a recv or range, in any other way

  void walk(const Node& node, std::string_view key) {
    for (const Node& item : node.items) walk(item, key);
    for (const Node::Member& member : node.members) {
      if (!is_remark(member.key)) walk(member.value, member.key);
    }
    if (!node.is(Node::Type::string)) return;
    if (key == "mark") marks.insert(node.text);
    if (key == "span") spans.insert(node.text);
    if (key == "log") logs.insert(node.text);
    if (key == "go" || key == "call") programs.insert(node.text);
    std::string_view rest = node.text;
    if (const std::string_view name = bare_name(rest); !name.empty()) {
      (key == "send" ? sent : key == "recv" || key == "range" ? received : other).emplace(name);
      rest.remove_prefix(name.size());
    }
    for (std::size_t at = 0; at < rest.size();) {
      std::size_t end = at;
      while (end < rest.size() && is_name_part(rest[end])) ++end;
      if (end > at) other.emplace(rest.substr(at, end - at));
      at = std::max(end, at + 1);
    }
  }
};

std::vector<std::string> list_of(const NameSet& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    if (out.size() == kNamesSuggested) break;
    out.push_back(name);
  }
  return out;
}

std::string plural(std::string_view noun) { return std::string(noun) + (noun.ends_with('s') || noun.ends_with('x') ? "es" : "s"); }

/// The member `key` of what stands at `place`; `place` itself when there is none.
Place part(const Place& place, std::string_view key) {
  const Node* node = place.node == nullptr ? nullptr : place.node->find(key);
  return node == nullptr ? place : Place{node, pointer_to(place.pointer, key)};
}
Place part(const Place& place, std::size_t index) {
  if (place.node == nullptr || index >= place.node->items.size()) return place;
  return {&place.node->items[index], pointer_to(place.pointer, index)};
}

constexpr std::int64_t kFarthest = 1000;  // of memory: a hundred times as far as near

class References {
 public:
  References(const Scenario& s, const Constants& constants, Diagnostics& out) : s_(s), constants_(constants), out_(out) {
    for (const Program& p : s.programs) {
      programs_.emplace(p.name, &p);
      program_names_.insert(p.name);
      if (!p.class_name.empty()) classes_.insert(p.class_name);
      if (p.body) mentions_.walk(*p.body.node, "");
    }
    for (const Resource& r : s.resources) resources_.emplace(r.name, &r), resource_names_.insert(r.name);
    for (const Check& c : s.checks) check_names_.insert(c.name);
    for (const Policy& p : s.policies) policy_names_.insert(p.name);
  }

  void run() {
    names();
    resources();
    each(s_.start, [&](const Start& start) { goroutine(start.place, start.program, start.args); });
    each(s_.arrivals, [&](const Arrival& a) { arrival(a); });
    something_starts();
    stop();
    metrics();
    each(s_.checks, [&](const Check& c) { check(c); });
    expect();
    sweep();
    each(s_.faults, [&](const Fault& f) { fault(f); });
    memory();
    distributions(*s_.document, "");
    if (!out_.has_errors()) suspicions();
  }

 private:
  /// Goes through a list until so much is wrong that more would help nobody.
  template <class List, class Body>
  void each(const List& list, Body&& body) {
    for (const auto& item : list) {
      if (out_.enough()) return;
      body(item);
    }
  }

  void error(const Place& at, std::string code, std::string message, std::string hint = {}, std::string note = {}) {
    out_.add(at_node(at.node == nullptr ? *s_.document : *at.node, at.pointer, std::move(code), std::move(message), std::move(hint), std::move(note)));
  }
  /// At the name of an entry of `section`.
  void warning(const char* section, const Place& at, std::string code, std::string message, std::string hint) {
    if (out_.full()) return;
    SourceSpan span = at.node->span;
    for (const Node::Member& m : s_.document->find(section)->members) {
      if (&m.value == at.node) span = m.key_span;
    }
    Diagnostic d = at_span(*at.node, span, at.pointer, std::move(code), std::move(message), std::move(hint));
    d.severity = Severity::warning;
    out_.add(std::move(d));
  }
  /// `name` must be in `known`.
  bool known(const Place& at, const std::string& name, const NameSet& known_here, const char* what) {
    if (known_here.count(name) > 0) return true;
    if (out_.full()) return error(at, "E0303", ""), false;
    const std::vector<std::string> names = list_of(known_here);
    error(at, "E0303", std::string("there is no ") + what + " " + in_quotes(name), did_you_mean(name, names),
          names.empty() ? "the scenario has no " + plural(what) : known_names(plural(what), names));
    return false;
  }

  // --- names

  void claim(const std::string& name, const char* what, const Node& at, SourceSpan span, const std::string& pointer) {
    if (is_reserved_name(name)) {
      out_.add(at_span(at, span, pointer, "E0304", in_quotes(name) + " is a word of the language", "choose another name"));
      return;
    }
    const auto [first, fresh] = claimed_.emplace(name, what);
    if (fresh) return;
    out_.add(at_span(at, span, pointer, "E0305", in_quotes(name) + " is already the name of " + first->second,
                     "parameters, resources, arguments and variables share one namespace"));
  }

  void names() {
    for (const auto& [key, what] : {std::pair{"params", "a parameter"}, std::pair{"resources", "a resource"}}) {
      const Node* section = s_.document->find(key);
      if (section == nullptr) continue;
      for (const Node::Member& m : section->members) {
        if (out_.enough()) return;
        if (!is_remark(m.key)) claim(m.key, what, m.value, m.key_span, pointer_to(std::string("/") + key, m.key));
      }
    }
    for (const Program& p : s_.programs) {
      if (out_.enough()) return;
      const Place args = part(p.place, "args");
      NameSet seen;
      for (std::size_t i = 0; i < p.args.size(); ++i) {
        const Place at = part(args, i);
        if (at.node == nullptr || !at.node->is(Node::Type::string)) continue;
        if (!seen.insert(p.args[i]).second) {
          error(at, "E0305", "the argument " + in_quotes(p.args[i]) + " stands here twice");
        } else if (claimed_.count(p.args[i]) > 0 || is_reserved_name(p.args[i])) {
          claim(p.args[i], "an argument", *at.node, at.node->span, at.pointer);
        }
      }
    }
  }

  // --- resources

  void resources() {
    std::int64_t elements = 0;
    for (const Resource& r : s_.resources) {
      if (out_.enough()) return;
      elements += r.array.value_or(1);
      if (elements > kMostElements) {
        error(r.place, "E0223", "too many resources", "at most " + std::to_string(kMostElements) + ", elements of arrays included");
        break;
      }
      if (r.type == ResourceType::cond) cond(r);
      if (r.type == ResourceType::context) context(r);
      if (r.type == ResourceType::chan && static_cast<std::int64_t>(r.init.size()) > std::max<std::int64_t>(r.cap, 0)) {
        error(part(r.place, "init"), "E0224", "the channel starts with more values than it holds", "cap is " + std::to_string(r.cap));
      }
      const Node* init = r.place.node->find("init");
      if (r.type == ResourceType::var && init != nullptr && init->is(Node::Type::array) && static_cast<std::int64_t>(r.init.size()) != r.array.value_or(1)) {
        error(part(r.place, "init"), "E0224", std::to_string(r.init.size()) + " values for " + (r.array ? std::to_string(*r.array) + " elements" : "one variable"),
              "one value for all, or one for each");
      }
    }
    heaps();
  }

  const Resource* of_type(const Place& at, const std::string& name, ResourceType type, const char* what) {
    const auto found = resources_.find(name);
    if (found != resources_.end() && found->second->type == type) return found->second;
    NameSet fitting;
    for (const Resource& r : s_.resources) {
      if (r.type == type) fitting.insert(r.name);
    }
    if (found == resources_.end()) return known(at, name, fitting, what), nullptr;
    error(at, "E0306", in_quotes(name) + " is a " + std::string(name_of(found->second->type)) + ", not a " + what, "", known_names(plural(what), list_of(fitting)));
    return nullptr;
  }

  void cond(const Resource& r) {
    const Node* name = r.place.node->find("mutex");
    if (name == nullptr || r.mutex.empty()) return;
    const Resource* mutex = of_type(part(r.place, "mutex"), r.mutex, ResourceType::mutex, "mutex");
    if (mutex != nullptr && mutex->kind == "runtime") {
      error(part(r.place, "mutex"), "E0306", in_quotes(mutex->name) + " is a mutex of the runtime, which no cond can let go", "use one without \"kind\"");
    } else if (mutex != nullptr && mutex->array != r.array) {
      error(part(r.place, "mutex"), "E0307", "the arrays differ: element i of a cond uses element i of its mutex",
            mutex->array ? "the mutex has " + std::to_string(*mutex->array) + " elements" : "the mutex is no array");
    }
  }

  void context(const Resource& r) {
    if (r.parent.empty()) return;
    const Resource* parent = of_type(part(r.place, "parent"), r.parent, ResourceType::context, "context");
    if (parent != nullptr && parent->array && parent->array != r.array) {
      error(part(r.place, "parent"), "E0307", "the arrays differ: element i of a context belongs under element i of its parent",
            "the parent has " + std::to_string(*parent->array) + " elements");
    }
    // Up from here, as far as nobody went before; a circle comes back to where this walk has been.
    NameSet walk{r.name};
    while (parent != nullptr && rooted_.count(parent->name) == 0) {
      if (!walk.insert(parent->name).second) {
        error(part(r.place, "parent"), "E0308", "the contexts are their own ancestors", "one of them needs no parent, or another one");
        break;
      }
      const auto next = resources_.find(parent->parent);
      parent = next == resources_.end() ? nullptr : next->second;
    }
    rooted_.merge(walk);
  }

  void heaps() {
    const Resource* first = nullptr;
    for (const Resource& r : s_.resources) {
      if (r.type != ResourceType::heap) continue;
      if (first != nullptr) error(r.place, "E0305", "there is one heap", in_quotes(first->name) + " is it already");
      if (first == nullptr) first = &r;
    }
  }

  // --- goroutines

  void goroutine(const Place& place, const std::string& name, const std::vector<Argument>& args) {
    if (name.empty() || !known(part(place, "go"), name, program_names_, "program")) return;
    const Program& program = *programs_.at(name);
    const NameSet wanted(program.args.begin(), program.args.end());
    NameSet given;
    const Place at = part(place, "args");
    for (const Argument& a : args) {
      given.insert(a.name);
      if (wanted.count(a.name) > 0) continue;
      error(a.value, "E0309", in_quotes(name) + " has no argument " + in_quotes(a.name), did_you_mean(a.name, list_of(wanted)),
            wanted.empty() ? "the program takes no arguments" : known_names("arguments", list_of(wanted)));
    }
    for (const std::string& arg : wanted) {
      if (given.count(arg) == 0) error(at, "E0309", "the argument " + in_quotes(arg) + " of " + in_quotes(name) + " is missing", "\"args\": { " + in_quotes(arg) + ": … }");
    }
  }

  void arrival(const Arrival& a) {
    goroutine(a.place, a.program, a.args);
    if (a.until && *a.until <= a.from) error(part(a.place, "until"), "E0225", "the arrivals end before they begin", "from is " + time_text(a.from));
  }

  void something_starts() {
    const bool empty_program = s_.programs.empty();
    const Node& document = *s_.document;
    const SourceSpan brace{document.span.begin, document.span.begin + 1};
    if (empty_program && document.find("programs") == nullptr) {
      out_.add(at_span(document, brace, "", "E0108", "a scenario needs \"programs\"", "what goroutines do, by name"));
    }
    if (s_.start.empty() && s_.arrivals.empty() && document.find("start") == nullptr && document.find("arrivals") == nullptr) {
      out_.add(at_span(document, brace, "", "E0108", "nothing ever starts", "add \"start\": [ { \"go\": … } ]"));
    }
  }

  void stop() {
    const Place when = part(s_.stop.place, "when_done");
    if (!s_.stop.when_done.empty()) known(when, s_.stop.when_done, program_names_, "program");
    if (!s_.stop.when_done_mark.empty()) known(part(when, "mark"), s_.stop.when_done_mark, mentions_.marks, "mark");
  }

  // --- metrics, checks, expect

  void metrics() {
    const Node* section = s_.document->find("metrics");
    if (section == nullptr) return;
    const Place spans = part({section, "/metrics"}, "spans");
    for (std::size_t i = 0; i < s_.metrics.spans.size(); ++i) {
      if (!s_.metrics.spans[i].empty()) known(part(spans, i), s_.metrics.spans[i], mentions_.spans, "span");
    }
  }

  void selector(const Place& at, const std::string& who) {
    const std::size_t colon = who.find(':');
    if (at.node == nullptr || !at.node->is(Node::Type::string) || colon == std::string::npos) return;
    std::string name = who.substr(colon + 1);
    if (who.starts_with("class:")) {
      known(at, name, classes_, "class");
      return;
    }
    name.resize(std::min(name.find('#'), name.size()));
    if (who.starts_with("program:") || who.starts_with("goroutine:")) known(at, name, program_names_, "program");
  }

  /// "x" or "x[2]"; of an array "x" means each element.
  void resource_name(const Place& at, const std::string& text) {
    const std::string name(bare_name(text));
    if (name.empty()) return error(at, "E0306", in_quotes(text) + " does not name a resource", "write a name, or an element of an array: x[2]");
    if (!known(at, name, resource_names_, "resource")) return;
    const Resource& r = *resources_.at(name);
    if (r.type == ResourceType::var || r.type == ResourceType::heap)
      return error(at, "E0306", in_quotes(name) + " is a " + std::string(name_of(r.type)) + ", for which nobody waits");
    if (text.size() == name.size()) return;
    if (!r.array) return error(at, "E0306", in_quotes(name) + " is no array");
    std::int64_t index = -1;
    const char* const end = text.data() + text.size() - 1;
    const auto read = std::from_chars(text.data() + name.size() + 1, end, index);
    if (read.ptr != end || index < 0 || index >= *r.array)
      error(at, "E0306", in_quotes(text) + " is no element of " + in_quotes(name), "they are " + name + "[0] to " + name + "[" + std::to_string(*r.array - 1) + "]");
  }

  void check(const Check& c) {
    if (!c.oracle) return;
    const auto has = [&](const char* key) { return c.oracle.node->find(key) != nullptr; };
    if (has("who")) selector(part(c.oracle, "who"), c.who);
    if (c.kind == "bounded_wait" && !c.on.empty()) resource_name(part(c.oracle, "on"), c.on);
    if (c.kind == "fairness" && !c.mark.empty()) known(part(c.oracle, "of"), c.mark, mentions_.marks, "mark");
    if (c.kind != "fairness" && !c.mark.empty()) known(part(c.oracle, "mark"), c.mark, mentions_.marks, "mark");
    if (!c.done.empty()) known(part(c.oracle, "done"), c.done, program_names_, "program");
    if (!c.label.empty()) known(part(c.oracle, "label"), c.label, mentions_.logs, "log");
    if (c.kind == "fairness" && has("share")) share(c);
    for (std::size_t i = 0; c.blocked && i < c.blocked->size(); ++i) {
      const Place at = part(part(c.oracle, "blocked"), i);
      selector(part(at, "who"), (*c.blocked)[i].who);
      if (!(*c.blocked)[i].on.empty()) resource_name(part(at, "on"), (*c.blocked)[i].on);
    }
  }

  void share(const Check& c) {
    const Place at = part(c.oracle, "share");
    if (!at.node->is(Node::Type::array)) return;
    if (at.node->items.size() != 2) return error(at, "E0226", "bounds are a pair", "[low, high]");
    if (c.share_ppm && c.share_ppm->first > c.share_ppm->second) error(at, "E0226", "the lower bound is above the upper one", "[low, high]");
  }

  void expect() {
    NameSet policies = policy_names_;
    policies.insert("*");
    NameSet checks = check_names_;
    checks.insert("assert");  // reported also without a check of this kind
    const Node* section = s_.document->find("expect");
    for (std::size_t i = 0; section != nullptr && i < section->members.size() && !out_.enough(); ++i) {
      const Node::Member& m = section->members[i];
      if (is_remark(m.key) || policies.count(m.key) > 0) continue;
      const std::vector<std::string> names = list_of(policies);
      out_.add(at_span(m.value, m.key_span, pointer_to("/expect", m.key), "E0303", "there is no policy " + in_quotes(m.key), did_you_mean(m.key, names), known_names("policies", names)));
    }
    for (const Expectation& e : s_.expect) {
      if (out_.enough()) return;
      known(e.place, e.check, checks, "check");
    }
  }

  // --- sweep, faults, distributions

  void sweep() {
    const Node* section = s_.document->find("sweep");
    if (section == nullptr) return;
    Node scratch = *s_.document;
    const auto path = [&](const std::string& pointer, const Node::Member* member, const std::string& place) {
      check_path(scratch, pointer, member == nullptr ? Diagnostic{} : at_span(member->value, member->key_span, place, "", ""), out_);
    };
    for (const char* kind : {"matrix", "zip"}) {
      const Node* axes = section->find(kind);
      for (std::size_t i = 0; axes != nullptr && i < axes->members.size() && !out_.enough(); ++i) {
        const Node::Member& m = axes->members[i];
        if (is_remark(m.key)) continue;
        const std::string place = pointer_to(std::string("/sweep/") + kind, m.key);
        path(m.key, &m, place);
        if (m.value.is(Node::Type::array) && m.value.items.empty()) error({&m.value, place}, "E0227", "an axis without values");
        const std::size_t first = s_.sweep.zip.empty() ? 0 : s_.sweep.zip.front().values.size();
        if (std::string_view(kind) == "zip" && m.value.items.size() != first) {
          error({&m.value, place}, "E0227", "the lists of zip advance together, but differ in length",
                std::to_string(m.value.items.size()) + (m.value.items.size() == 1 ? " value here, " : " values here, ") + std::to_string(first) + " in the first");
        }
      }
    }
    if (const Node* where = section->find("where")) {
      const Constant c = constants_.integer(*where);
      if (!c) out_.add(at_span(*where, c.span, "/sweep/where", c.code, c.message, c.hint));
    }
    const Node* exclude = section->find("exclude");
    for (std::size_t i = 0; exclude != nullptr && i < exclude->items.size() && !out_.enough(); ++i) {
      for (const Node::Member& m : exclude->items[i].members) {
        if (!is_remark(m.key)) path(m.key, &m, pointer_to(pointer_to("/sweep/exclude", i), m.key));
      }
    }
  }

  void fault(const Fault& f) {
    if (f.kind == "stall_core" || f.kind == "slow_core") core(part(f.settings, "core"), f.core, f.kind);
    if (f.kind == "io_delay" && f.settings && f.settings.node->find("on") != nullptr) {
      const Place at = part(f.settings, "on");
      const auto found = resources_.find(at.node->text);
      if (found == resources_.end()) {
        known(at, at.node->text, resource_names_, "resource");
      } else if (found->second->type != ResourceType::socket && found->second->type != ResourceType::file) {
        error(at, "E0306", in_quotes(found->first) + " is a " + std::string(name_of(found->second->type)) + ", not a socket or file");
      }
    }
    if (f.kind == "lose_wakeup" && f.settings && f.settings.node->find("who") != nullptr) selector(part(f.settings, "who"), part(f.settings, "who").node->text);
  }

  void core(const Place& at, std::int64_t core, const std::string& kind) {
    const std::int64_t cores = s_.machine.cores;
    if (core < cores) return;
    if (cores == 0) {
      error(at, "E0314", "a core can " + std::string(kind == "stall_core" ? "stall" : "be slow") + " only where their number is known",
            "say how many: \"machine\": {\"cores\": 4}");
    } else {
      error(at, "E0314", "there is no core " + std::to_string(core), cores == 1 ? "the machine has one, core 0" : "the machine has cores 0 to " + std::to_string(cores - 1));
    }
  }

  void memory() {
    const Machine& m = s_.machine;
    const std::int64_t nodes = m.numa_nodes;
    if (nodes > 1 && m.cores < nodes) {
      error(part(m.place, "numa_nodes"), "E0314", m.cores == 0 ? "memory nodes need a number of cores" : "a memory node without a core",
            m.cores == 0 ? "say how many: \"machine\": {\"cores\": " + std::to_string(4 * nodes) + "}" : "each of the " + std::to_string(nodes) + " nodes needs one, the machine has " + std::to_string(m.cores));
    }
    if (m.numa_distance.empty()) return;
    const Place at = part(m.place, "numa_distance");
    if (static_cast<std::int64_t>(m.numa_distance.size()) != nodes) {
      error(at, "E0315", "the matrix has " + std::to_string(m.numa_distance.size()) + " rows, the machine " + std::to_string(nodes) + (nodes == 1 ? " memory node" : " memory nodes"));
      return;
    }
    for (std::size_t i = 0; i < m.numa_distance.size(); ++i) {
      const Place row{&at.node->items[i], pointer_to(at.pointer, i)};
      if (m.numa_distance[i].size() != m.numa_distance.size()) {
        error(row, "E0315", "the row has " + std::to_string(m.numa_distance[i].size()) + " distances, not one for each memory node");
        return;
      }
      for (std::size_t j = 0; j < m.numa_distance[i].size(); ++j) {
        const std::int64_t d = m.numa_distance[i][j];
        if (i == j ? d == 10 : d > 10 && d <= kFarthest) continue;
        error({&row.node->items[j], pointer_to(row.pointer, j)}, "E0315", std::to_string(d) + " is no distance " + (i == j ? "of a node from itself" : "to another node"),
              i == j ? "10" : "from 11 to " + std::to_string(kFarthest));
        return;
      }
    }
  }

  /// What the table of distributions cannot say, outside programs (inside, operations are checked when compiled).
  void distributions(const Node& node, const std::string& pointer) {
    for (std::size_t i = 0; i < node.items.size(); ++i) distributions(node.items[i], pointer_to(pointer, i));
    for (const Node::Member& member : node.members) {
      if (member.key == "programs" || member.key == "params" || member.key == "sweep" || member.key == "metadata" || is_remark(member.key)) continue;
      distributions(member.value, pointer_to(pointer, member.key));
    }
    const Node* dist = node.find("dist");
    if (dist == nullptr || !dist->is(Node::Type::string)) return;
    const Distribution d = typed_distribution(node, constants_);
    check_distribution(node, d, pointer, out_);
  }

  // --- what is probably not meant

  void suspicions() {
    const bool polled = std::any_of(s_.resources.begin(), s_.resources.end(), [](const Resource& r) { return r.type == ResourceType::socket; });
    for (const Fault& f : s_.faults)
      if (f.kind == "lose_wakeup" && !polled) warning("faults", f.place, "W0304", "there is no wake-up that could be lost", "lose_wakeup is about what the poller wakes, and the scenario has no socket");
    for (const Program& p : s_.programs) {
      const bool started = mentions_.programs.count(p.name) > 0 || std::any_of(s_.start.begin(), s_.start.end(), [&](const Start& x) { return x.program == p.name; }) ||
                           std::any_of(s_.arrivals.begin(), s_.arrivals.end(), [&](const Arrival& x) { return x.program == p.name; }) || mentions_.other.count(p.name) > 0;
      if (!started) warning("programs", p.place, "W0303", "nobody starts " + in_quotes(p.name), "no start, arrival, go or call names it");
    }
    for (const Resource& r : s_.resources) {
      if (r.type != ResourceType::chan || mentions_.other.count(r.name) > 0) continue;
      const bool sent = mentions_.sent.count(r.name) > 0, received = mentions_.received.count(r.name) > 0;
      const std::string fit = r.cap == 0 ? "every sender blocks" : std::to_string(r.cap) + (r.cap == 1 ? " value fits" : " values fit") + "; after that every sender blocks";
      if (sent && !received) warning("resources", r.place, "W0301", "nobody receives from " + in_quotes(r.name), fit);
      if (received && !sent && r.init.empty()) warning("resources", r.place, "W0302", "nobody sends to " + in_quotes(r.name) + " or closes it", "every receiver blocks");
    }
  }

  const Scenario& s_;
  const Constants& constants_;
  Diagnostics& out_;
  std::map<std::string, const Program*, std::less<>> programs_;
  std::map<std::string, const Resource*, std::less<>> resources_;
  std::map<std::string, std::string> claimed_;
  NameSet rooted_;  ///< contexts whose ancestors are known
  NameSet program_names_, resource_names_, check_names_, policy_names_, classes_;
  Mentions mentions_;
};

}  // namespace

void check_references(const Scenario& scenario, const Constants& constants, Diagnostics& out) { References(scenario, constants, out).run(); }

}  // namespace gmpsim
