// The exported program as a whole: resources, programs, start, and the support that they need (see export_go.hpp).

#include <algorithm>

#include "models/go/costs.hpp"
#include "models/go/settings.hpp"
#include "tools/go_export/export_go.hpp"
#include "tools/go_export/sources.hpp"
#include "tools/go_export/translator.hpp"

namespace gmpsim {
namespace {

constexpr int kMostWalks = 40;

std::string camel(const std::string& name) {
  std::string out;
  bool up = false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!letter) {
      up = !out.empty();
      continue;
    }
    out += up && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    up = false;
  }
  if (out.empty() || (out[0] >= '0' && out[0] <= '9')) out = "program" + out;
  return out;
}

bool timed(ResourceType t) {
  return t == ResourceType::ticker || t == ResourceType::timer || t == ResourceType::context;
}

bool in_go(ResourceType t) {
  return t != ResourceType::socket && t != ResourceType::file && t != ResourceType::cgo_lib && t != ResourceType::heap;
}

}  // namespace

GoTranslator::GoTranslator(const CompiledScenario& code, GoKnowledge& knowledge, Diagnostics* out)
    : code_(code), scenario_(*code.scenario), knowledge_(knowledge), out_(out), constants_(scenario_.params) {
  for (const Param& p : scenario_.params) taken_.insert(p.name);
  for (const Resource& r : scenario_.resources) {
    resources_[r.name] = go_name(r.name);
    taken_.insert(go_name(r.name));
    resource_types_[r.name] = resource_type(r);
    for (std::int64_t i = 0; i < std::max<std::int64_t>(r.array.value_or(1), 1); ++i)
      cells_.push_back({static_cast<std::uint32_t>(&r - scenario_.resources.data()), static_cast<std::uint32_t>(i)});
  }
  for (const auto& [key, v] : knowledge_.variables) taken_.insert(v.name);
  for (const Program& p : scenario_.programs) {
    std::string name = go_name(camel(p.name));
    if (name.ends_with("_")) name = camel(p.name) + "Program";
    while (taken_.count(name) != 0 || go_name(name) != name) name += "Program";
    taken_.insert(name);
    functions_[p.name] = name;
  }
}

// --- problems

void GoTranslator::refuse(const Node& node, const std::string& what, const std::string& why) {
  if (out_ == nullptr) return;
  out_->add(at_node(node, pointer_, "E0910", what + " cannot be exported to Go", why));
}

void GoTranslator::same(const Node& node, GoTypes::Id a, GoTypes::Id b, const std::string& what) {
  GoTypes& types = knowledge_.types;
  const std::size_t before = types.learned();
  if (!types.unify(a, b) && out_ != nullptr) {
    const auto [left, right] = std::pair(types.kind(a), types.kind(b));
    refuse(node, what,
           left == right ? "it has different numbers of values in different places"
                         : "it is " + GoTypes::name_of(left) + " here and " + GoTypes::name_of(right) +
                               " elsewhere, but has one type in Go");
  }
  knowledge_.facts += types.learned() - before;
}

// --- writing

void GoTranslator::line(const std::string& text) {
  text_.append(static_cast<std::size_t>(std::max(indent_, 0)), '\t');
  text_ += text;
  text_ += '\n';
}

void GoTranslator::open(const std::string& text) {
  line(text);
  ++indent_;
}

void GoTranslator::close(const std::string& text) {
  --indent_;
  line(text);
}

std::string GoTranslator::unique(const std::string& base) {
  for (;;) {
    const std::size_t n = ++uniques_[base];
    const std::string name = n == 1 && go_name(base) == base ? base : base + std::to_string(n);
    if (taken_.count(name) == 0) return name;
  }
}

/// For what is seen in a few lines only: an inner one may hide an outer one.
std::string GoTranslator::local(std::string name) const {
  while (taken_.count(name) != 0) name += "_";
  return name;
}

// --- resources

GoTypes::Id GoTranslator::resource_type(const Resource& r) {
  GoTypes& types = knowledge_.types;
  const std::string& place = r.place.pointer;
  using Kind = GoTypes::Kind;
  switch (r.type) {
    case ResourceType::chan: return types.make(place, Kind::chan, {types.at(place + "#message")});
    case ResourceType::mutex: return types.make(place, Kind::mutex);
    case ResourceType::rwmutex: return types.make(place, Kind::rwmutex);
    case ResourceType::waitgroup: return types.make(place, Kind::wait_group);
    case ResourceType::cond: return types.make(place, Kind::cond);
    case ResourceType::once: return types.make(place, Kind::once);
    case ResourceType::semaphore: return types.make(place, Kind::semaphore);
    case ResourceType::ticker: return types.make(place, Kind::ticker);
    case ResourceType::timer: return types.make(place, Kind::timer);
    case ResourceType::context: return types.make(place, Kind::context);
    case ResourceType::pool: return types.make(place, Kind::pool, {types.at(place + "#message")});
    default: return types.at(place);
  }
}

/// An expression that makes one. `place` names it for types that it needs.
std::string GoTranslator::new_resource(const Resource& r, const std::string& place) {
  (void)place;
  const GoTypes::Id type = resource_types_[r.name];
  switch (r.type) {
    case ResourceType::chan: {
      const std::string made =
          "make(" + knowledge_.types.text(type) + (r.cap > 0 ? ", " + std::to_string(r.cap) : std::string()) + ")";
      if (r.init.empty()) return made;
      std::string out = "filled(" + made;
      for (const std::int64_t v : r.init) out += ", " + std::to_string(v);
      return out + ")";
    }
    case ResourceType::waitgroup:
      import("sync");
      return r.init.empty() || r.init[0] == 0 ? "new(sync.WaitGroup)" : "group(" + std::to_string(r.init[0]) + ")";
    case ResourceType::cond: {
      import("sync");
      const Resource* const m = scenario_.resource(r.mutex);
      return "sync.NewCond(" + go_name(r.mutex) + (m != nullptr && m->array ? "[index]" : "") + ")";
    }
    case ResourceType::semaphore: return need("semaphore"), "newSemaphore(" + std::to_string(r.count) + ")";
    case ResourceType::ticker: return import("time"), "time.NewTicker(" + go_alone(duration_text(r.period)) + ")";
    case ResourceType::timer:
      import("time");
      return r.after ? "time.NewTimer(" + go_alone(duration_text(*r.after)) + ")" : std::string("stopped()");
    case ResourceType::context:
      need("contexts");
      import("time");
      return "newScope(" + (r.parent.empty() ? std::string("nil") : go_name(r.parent)) + ", " +
             (r.timeout ? duration_text(*r.timeout) : std::string("-1")) + ")";
    default: import("sync"); return "new(" + knowledge_.types.text(type).substr(1) + ")";
  }
}

void GoTranslator::resources() {
  GoTypes& types = knowledge_.types;
  for (const Resource& r : scenario_.resources) {
    if (!in_go(r.type)) continue;
    const std::string name = go_name(r.name);
    const GoTypes::Id type = resource_types_[r.name];
    if (r.type == ResourceType::chan && !r.init.empty()) {
      const GoTypes::Id message = types.make(r.place.pointer + "#init", GoTypes::Kind::tuple, {types.integer()});
      pointer_ = r.place.pointer;
      same(*r.place.node, types.parts(type)[0], message, "what this channel holds");
    }
    const std::string note = r.place.node->find("note") != nullptr ? r.place.node->find("note")->text : "";
    if (!note.empty()) line("// " + name + ": " + note + ".");
    if (r.type == ResourceType::var) {
      const bool reference = types.is_reference(type);
      if (reference) need("shared_reference");
      const std::string cell = reference ? "shared[" + types.text(type) + "]" : "int64";
      const bool zero = std::all_of(r.init.begin(), r.init.end(), [](std::int64_t v) { return v == 0; });
      const std::string n = std::to_string(r.array.value_or(0));
      pointer_ = r.place.pointer;
      if (!zero) same(*r.place.node, type, types.integer(), "what \"" + r.name + "\" holds");
      if (!r.array) {
        line("var " + name + " " + cell + (zero ? "" : " = " + std::to_string(r.init[0])));
      } else if (zero) {
        line("var " + name + " [" + n + "]" + cell);
      } else if (r.init.size() == 1) {
        line("var " + name + " = several(" + n + ", func(index int) int64 { return " + std::to_string(r.init[0]) +
             " })");
      } else {
        std::string list;
        for (const std::int64_t v : r.init) list += (list.empty() ? "" : ", ") + std::to_string(v);
        line("var " + name + " = [" + n + "]int64{" + list + "}");
      }
      line("");
      continue;
    }
    const std::string one = types.text(type);
    if (timed(r.type)) {
      import("time");
      line("var " + name + " " + (r.array ? "[]" : "") + one);
    } else if (r.array) {
      line("var " + name + " = several(" + std::to_string(*r.array) + ", func(index int) " + one + " { return " +
           new_resource(r, r.place.pointer) + " })");
    } else {
      line("var " + name + " = " + new_resource(r, r.place.pointer));
    }
    line("");
  }
}

// --- programs

void GoTranslator::program(const Program& p) {
  GoTypes& types = knowledge_.types;
  program_ = &p;
  site_names_.clear();
  uniques_.clear();
  pointer_ = p.place.pointer;
  const Node* const note = p.place.node->find("note");
  if (note != nullptr && note->is(Node::Type::string) && note->text.find('\n') == std::string::npos)
    line("// " + functions_[p.name] + ": " + note->text + ".");
  std::string head = "func " + functions_[p.name] + "(g *goroutine";
  for (const std::string& a : p.args) {
    const std::string name = declare({p.place.node, a, p.place.pointer}, types.at(p.place.pointer + "=" + a));
    head += ", " + name + " " + types.text(types.at(p.place.pointer + "=" + a));
  }
  head += ")";
  const auto found = knowledge_.results.find(p.name);
  const std::size_t results = found == knowledge_.results.end() ? 0 : found->second;
  std::string list, zeros;
  for (std::size_t i = 0; i < results; ++i) {
    const GoTypes::Id type = types.at(p.place.pointer + "#result" + std::to_string(i));
    list += (i == 0 ? "" : ", ") + types.text(type);
    zeros += (i == 0 ? " " : ", ") + std::string(types.is_reference(type) ? "nil" : "0");
  }
  if (results == 1) head += " " + list;
  if (results > 1) head += " (" + list + ")";
  open(head + " {");
  const bool ends_run = scenario_.stop.when_done == p.name;
  line(ends_run ? "defer g.end(g.begin())" : "g.begin()");
  if (knowledge_.crossing.count(p.name) != 0) {
    for (std::size_t i = 0; i < results; ++i)
      line("var result" + std::to_string(i) + " " +
           types.text(types.at(p.place.pointer + "#result" + std::to_string(i))));
  }
  pointer_ = p.body.pointer;
  if (p.body.node != nullptr) {
    op_ = p.body.node;
    block(*p.body.node);
  }
  const std::size_t last = text_.rfind('\n', text_.size() - 2);
  if (results > 0 && text_.compare(last + 1, 7, "\treturn") != 0) line("return" + zeros);
  close();
  line("");
  visible_.clear();
  program_ = nullptr;
}

void GoTranslator::entry(const Start& s, std::size_t number) {
  const Program& p = *scenario_.program(s.program);
  const bool many = s.count != 1;
  if (many) {
    open("for index := int64(0); index < " + std::to_string(s.count) + "; index++ {");
    const std::string key = "/start/" + std::to_string(number) + "#index";
    GoVariable& index = knowledge_.variables[key];
    if (index.name.empty()) index.name = "index";
    visible_.push_back({"index", key, ""});
    if (index.reads > 0) line("index := index");
  }
  std::map<std::string, std::string> given;
  if (!many) {
    const std::string key = "/start/" + std::to_string(number) + "#index";
    knowledge_.variables[key].name = "int64(0)";
    visible_.push_back({"index", key, ""});
  }
  for (const Argument& a : s.args) {
    pointer_ = a.value.pointer;
    const GoValue v = value_of(*a.value.node);
    const GoTypes::Id type = knowledge_.types.at(p.place.pointer + "=" + a.name);
    same(*a.value.node, v.condition ? 0 : v.type, type, "the argument \"" + a.name + "\"");
    given[a.name] = v.condition                  ? "truth(" + v.text + ")"
                    : v.constant && v.value == 0 ? std::string(knowledge_.types.is_reference(type) ? "nil" : "0")
                                                 : v.text;
  }
  std::string call = functions_[s.program] + "(g";
  for (const std::string& a : p.args) call += ", " + given[a];
  call += ")";
  line("enter(" + quoted(p.name) + ", " +
       (p.args.empty() ? functions_[s.program] : "func(g *goroutine) { " + call + " }") + ")");
  visible_.clear();
  if (many) close();
}

void GoTranslator::start() {
  line("// start makes what begins with the run.");
  open("func start() {");
  for (const Resource& r : scenario_.resources) {
    if (!timed(r.type)) continue;
    const auto index = static_cast<std::uint32_t>(&r - scenario_.resources.data());
    const bool pattern = std::any_of(code_.resources.begin(), code_.resources.end(),
                                     [&](const ResourceCell& c) { return c.declared == index && c.is_template; });
    if (pattern) continue;
    const std::string made = new_resource(r, r.place.pointer);
    if (r.array)
      line(go_name(r.name) + " = several(" + std::to_string(*r.array) + ", func(index int) " +
           knowledge_.types.text(resource_types_[r.name]) + " { return " + made + " })");
    else
      line(go_name(r.name) + " = " + made);
  }
  in_start_ = true;
  site_names_.clear();
  std::map<std::int64_t, std::vector<std::size_t>> times;  // one timer for each: Go runs equal ones in any order
  for (std::size_t i = 0; i < scenario_.start.size(); ++i) times[scenario_.start[i].at].push_back(i);
  for (const auto& [at, entries] : times) {
    std::int64_t last = 0;  // of those with whose end the run ends
    for (const std::size_t i : entries)
      if (scenario_.start[i].program == scenario_.stop.when_done) last += scenario_.start[i].count;
    if (at > 0) {
      import("time");
      open("later(" + duration_text(at) + ", " + std::to_string(last) + ", func() {");
    }
    for (const std::size_t i : entries) entry(scenario_.start[i], i);
    if (at > 0) close("})");
  }
  in_start_ = false;
  close();
  line("");
}

// --- settings

namespace {

/// What a Go program can be told of its scheduler. Answers false for what only a model does.
bool set_in_go(const std::string& name, const std::string& value, bool& cooperative) {
  if (name == "preempt" && (value == "cooperative" || value == "async")) {
    cooperative = value == "cooperative";
    return true;
  }
  const auto cost = std::find_if(kCosts.begin(), kCosts.end(), [&](const CostInfo& c) { return c.name == name; });
  return cost != kCosts.end();  // what steps cost is the machine's affair
}

bool before_1_14(const std::string& preset) {
  if (preset.rfind("go1.", 0) != 0) return false;
  return std::atoi(preset.c_str() + 4) < 14;
}

}  // namespace

std::string GoTranslator::runtime_text(std::uint64_t seed, const std::string& policy) {
  const Policy& p = *scenario_.policy(policy);
  bool cooperative = before_1_14(p.use);
  pointer_ = p.place.pointer;
  Settings ignored;
  if (!apply_preset(p.use, ignored) || p.use.rfind("go1.", 0) != 0)
    refuse(*p.place.node, "the policy \"" + policy + "\"", "it is no version of Go: choose another with --policy");
  for (const auto& [settings, what] :
       {std::pair(&scenario_.runtime.overrides, "the setting \""), std::pair(&p.params, "the switch \"")}) {
    for (const Setting& s : *settings) {
      pointer_ = s.value.pointer;
      const Node& v = *s.value.node;
      const std::string text = v.is(Node::Type::boolean)   ? (v.boolean ? "on" : "off")
                               : v.is(Node::Type::integer) ? std::to_string(v.integer)
                                                           : v.text;
      if (!set_in_go(s.name, text, cooperative))
        refuse(v, what + s.name + "\"", "no real runtime has it: choose another policy with --policy");
    }
  }
  for (const Fault& f : scenario_.faults) {
    pointer_ = f.place.pointer;
    refuse(*f.place.node, "a fault", "only a model can be disturbed on purpose");
  }
  for (const Arrival& a : scenario_.arrivals) {
    pointer_ = a.place.pointer;
    refuse(*a.place.node, "arrivals", "write them as a goroutine that sleeps and starts others");
  }
  for (const Resource& r : scenario_.resources) {
    pointer_ = r.place.pointer;
    if (r.kind == "runtime")
      refuse(*r.place.node, "a lock of the runtime", "a program cannot reach those of its runtime");
  }
  if (scenario_.machine.numa_nodes > 1) {
    pointer_ = scenario_.machine.place.pointer;
    refuse(*scenario_.machine.place.node, "memory nodes", "a real machine has its own");
  }
  if (scenario_.machine.cpu_quota) {
    pointer_ = scenario_.machine.place.pointer;
    refuse(*scenario_.machine.place.node, "a quota of CPU time", "run the program in a container that has one");
  }

  const std::int64_t cores = scenario_.machine.cores;
  const std::int64_t procs = scenario_.runtime.gomaxprocs > 0 ? scenario_.runtime.gomaxprocs : cores > 0 ? cores : 4;
  std::string out;
  const auto say = [&](const std::string& text) { out += text + "\n\n"; };
  say("// How many Ps, and how many processors they may use: 0 for all.");
  out.pop_back();
  say("const procs = " + std::to_string(procs));
  say("const cores = " + std::to_string(cores > 0 && cores < procs ? cores : 0));
  out +=
      "// The run ends so long after its beginning (0: never), with the last goroutine of a program, or with a mark.\n";
  say("const stopAfter = " +
      (scenario_.stop.after ? go_alone(duration_text(*scenario_.stop.after)) : std::string("0")));
  if (scenario_.stop.after && *scenario_.stop.after > 0) import("time");
  say("const lastProgram = " + quoted(scenario_.stop.when_done));
  say("const lastMark = " + quoted(scenario_.stop.when_done_mark));
  if (knowledge_.needs.count("random") != 0) say("const scenarioSeed = " + std::to_string(seed));
  std::int64_t gogc = -1;
  for (const Resource& r : scenario_.resources)
    if (r.type == ResourceType::heap) gogc = r.gogc;
  std::string environment = gogc < 0 ? R"("GOGC=off", "GOMEMLIMIT=2GiB")" : "\"GOGC=" + std::to_string(gogc) + "\"";
  if (cooperative) environment += ", \"GODEBUG=asyncpreemptoff=1\"";
  say("var environment = []string{" + environment + "}");
  std::string programs;
  for (const Program& q : scenario_.programs) programs += (programs.empty() ? "" : ", ") + quoted(q.name);
  say("var programs = [...]string{" + programs + "}");
  if (knowledge_.needs.count("names") != 0) {
    for (const char* kind : {"chan", "mutex", "rwmutex", "waitgroup", "cond", "once", "timer", "ticker"})
      (void)label_text(kind);
    for (const Resource& r : scenario_.resources) {
      if (!r.array) (void)label_text(r.name);
      for (std::int64_t i = 0; i < r.array.value_or(0); ++i) (void)label_text(r.name + "[" + std::to_string(i) + "]");
    }
  }
  out += "var labels = []string{\n";
  for (const std::string& l : labels_) out += "\t" + quoted(l) + ",\n";
  say("}");
  if (knowledge_.needs.count("names") != 0) {
    out += "// references are the names of the declared resources.\nfunc references() map[interface{}]string {\n";
    out += "\tnames := map[interface{}]string{}\n";
    for (const Resource& r : scenario_.resources) {
      if (!in_go(r.type) || r.type == ResourceType::var) continue;
      if (!r.array) out += "\tnames[" + go_name(r.name) + "] = " + quoted(r.name) + "\n";
      for (std::int64_t i = 0; i < r.array.value_or(0); ++i) {
        const std::string n = "[" + std::to_string(i) + "]";
        out += "\tnames[" + go_name(r.name) + n + "] = " + quoted(r.name + n) + "\n";
      }
    }
    out += "\treturn names\n}\n\n";
  }
  return out;
}

std::string GoTranslator::text(std::uint64_t seed, const std::string& policy) {
  resources();
  for (const Program& p : scenario_.programs) program(p);
  start();
  const std::string settings = runtime_text(seed, policy);
  std::string types;
  for (const auto& [name, declaration] : knowledge_.types.declarations()) types += declaration + "\n";
  std::string draws;
  for (const auto* list : {&site_lines_, &sampler_lines_}) {
    for (const std::string& l : *list) draws += l + "\n\n";
  }
  if (!sampler_lines_.empty()) import("time");
  return types + text_ + draws + settings;
}

// --- the document

std::optional<std::string> export_to_go(const CompiledScenario& code, const GoExport& wishes, Diagnostics& out) {
  GoKnowledge knowledge;
  for (int walk = 0; walk < kMostWalks; ++walk) {
    const std::size_t before = knowledge.facts + knowledge.types.learned();
    for (auto& [key, v] : knowledge.variables) v.reads = v.reads > 0 ? 1 : 0;
    knowledge.types.begin_walk();
    GoTranslator learning(code, knowledge, nullptr);
    (void)learning.text(wishes.seed, wishes.policy);
    if (knowledge.facts + knowledge.types.learned() != before) continue;
    if (knowledge.settling) break;
    knowledge.settling = true;
  }
  const std::size_t errors = out.errors();
  knowledge.types.begin_walk();
  GoTranslator translator(code, knowledge, &out);
  const std::string body = translator.text(wishes.seed, wishes.policy);
  if (out.errors() > errors) return std::nullopt;

  std::set<std::string> imports = translator.imports();
  std::string support;
  for (const GoSource& s : go_support_sources()) {
    const bool always = s.name == "1_run" || s.name == "2_compute";
    if (!always && knowledge.needs.count(std::string(s.name)) == 0) continue;
    std::string text(s.text.substr(s.text.find('\n') + 2));  // behind the package clause
    if (text.rfind("import (", 0) == 0) {
      const std::size_t end = text.find(")\n");
      for (std::size_t at = text.find('"'); at < end; at = text.find('"', text.find('"', at + 1) + 1))
        imports.insert(text.substr(at + 1, text.find('"', at + 1) - at - 1));
      text = text.substr(end + 3);
    } else if (text.rfind("import \"", 0) == 0) {
      const std::size_t end = text.find('\n');
      imports.insert(text.substr(8, end - 9));
      text = text.substr(end + 2);
    }
    support += "\n" + text;
  }
  const Scenario& s = *code.scenario;
  const Policy& policy = *s.policy(wishes.policy);
  std::string head = "//go:build linux\n\n";
  head += "// The scenario " + s.metadata.name + " as a Go program: go run FILE.go (Go 1.19 or later).\n//\n";
  if (!s.metadata.title.empty()) head += "// " + s.metadata.title + ".\n";
  head += "// Made by: " + wishes.command + "\n";
  head += "// It prints what `gmpsim run --format log` prints of the model; compare with " + policy.use + ".\n";
  for (const Param& p : s.params) head += "// Parameter " + p.name + " = " + p.text + "\n";
  head += "package main\n\nimport (\n";
  for (const std::string& i : imports) head += "\t\"" + i + "\"\n";
  return head + ")\n\n" + body + support.substr(1);
}

}  // namespace gmpsim
