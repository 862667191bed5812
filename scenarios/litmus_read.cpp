// Reading recordings: hardened, because recordings come from elsewhere. Whatever a program refers to exists and every
// count is bounded, so that what follows needs no checks of its own.

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "scenarios/litmus.hpp"

namespace gmpsim {
namespace {

constexpr std::int64_t kMaxProcs = 1024;
constexpr std::int64_t kMaxObjects = 1000;  // of each kind
constexpr std::int64_t kMaxCapacity = 1'000'000;
constexpr std::int64_t kMaxMillis = 3'600'000;
constexpr std::int64_t kMaxNumber = 1'000'000;
constexpr std::size_t kMaxBodies = 4096;

// An operation's arguments, a letter each: c channel, m mutex, r rwmutex, w wait group, k cond, o once, t timer,
// b body, d milliseconds, n a number.
struct VerbSpec {
  std::string_view verb;
  std::string_view args;
};
constexpr std::array<VerbSpec, 35> kVerbs{{
    {"go", "b"},          {"send", "c"},        {"recv", "c"},   {"close", "c"},   {"range", "c"},   {"len", "c"},
    {"pump", "ncc"},      {"lock", "m"},        {"unlock", "m"}, {"trylock", "m"}, {"rlock", "r"},   {"runlock", "r"},
    {"wlock", "r"},       {"wunlock", "r"},     {"add", "wn"},   {"done", "w"},    {"wait", "w"},    {"cwait", "k"},
    {"signal", "k"},      {"broadcast", "k"},   {"once", "o"},   {"gosched", ""},  {"goexit", ""},   {"nilrecv", ""},
    {"lockthread", ""},   {"unlockthread", ""}, {"sleep", "d"},  {"compute", "d"}, {"syscall", "d"}, {"timeout", "cd"},
    {"afterfunc", "tdb"}, {"stop", "t"},        {"reset", "td"}, {"select", "*"},  {"try", "*"},
}};

// Of two events in a row of the same goroutine, the second of which ends a `compute`: how much longer than asked for it
// took, all of them together. What took more than a twentieth longer was interrupted by another goroutine.
std::int64_t stolen_by_the_machine(const LitmusFile& f) {
  std::int64_t asked = 0, more = 0;
  for (const LitmusEntry& e : f.entries) {
    std::vector<std::pair<std::uint32_t, std::size_t>> bodies{{0, 0}};  // of goroutines started by `go`
    const LitmusEvent* before = nullptr;
    for (const LitmusEvent& event : e.recorded.events) {
      const LitmusEvent* const previous = std::exchange(before, &event);
      const auto known =
          std::find_if(bodies.begin(), bodies.end(), [&](const auto& b) { return b.first == event.goroutine; });
      if (event.at < 0 || known == bodies.end()) continue;
      const auto& ops = e.program.bodies[known->second];
      if (event.step >= ops.size()) continue;
      const LitmusOp& op = ops[event.step];
      if (op.verb == "go")
        bodies.emplace_back(static_cast<std::uint32_t>(event.value), static_cast<std::size_t>(op.args[0]));
      if (op.verb != "compute" || previous == nullptr || previous->goroutine != event.goroutine) continue;
      const std::int64_t d = op.args[0] * 1'000'000;
      const std::int64_t longer = event.at - previous->at - d;
      if (longer < 0 || longer > d / 20) continue;
      asked += d;
      more += longer;
    }
  }
  constexpr std::int64_t kEnough = 100'000'000;  // [ns] of computing, for the figure to mean something
  return asked < kEnough ? 0 : more / (asked / 100'000);
}

const VerbSpec* spec_of(std::string_view verb) {
  const auto at = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const VerbSpec& v) { return v.verb == verb; });
  return at == kVerbs.end() ? nullptr : &*at;
}

class Reader {
 public:
  explicit Reader(Diagnostics& out) : out_(out) {}

  std::optional<LitmusFile> file(const Node& root, std::string name) {
    const std::size_t errors = out_.errors();
    LitmusFile f;
    f.file = std::move(name);
    if (!need(root, "", Node::Type::object, "a recording is an object")) return std::nullopt;
    if (const Node* kind = root.find("kind"); kind == nullptr || kind->text != "LitmusRecording") {
      error(kind == nullptr ? root : *kind, "/kind", "E0115", "this is no recording of litmus programs",
            "it has \"kind\": \"LitmusRecording\"");
      return std::nullopt;
    }
    f.go = text(root, "go");
    f.preset = text(root, "preset");
    f.async_preempt = text(root, "env", false).find("asyncpreemptoff=1") == std::string::npos;
    f.warmed_up = root.find("class") != nullptr;
    if (const Node* sleep = root.find("sleep_us")) sleeps(*sleep, f);
    const Node* entries = root.find("entries");
    if (entries == nullptr) {
      error(root, "", "E0108", "\"entries\" is missing");
    } else if (need(*entries, "/entries", Node::Type::array, "\"entries\" is a list of programs")) {
      f.entries.reserve(entries->items.size());
      for (std::size_t i = 0; i < entries->items.size() && !out_.full(); ++i)
        f.entries.push_back(entry(entries->items[i], pointer_to("/entries", i)));
    }
    if (out_.errors() > errors) return std::nullopt;
    f.stolen = stolen_by_the_machine(f);
    return f;
  }

 private:
  void error(const Node& at, const std::string& pointer, const char* code, std::string message, std::string hint = {}) {
    out_.add(at_node(at, pointer, code, std::move(message), std::move(hint)));
  }
  bool need(const Node& n, const std::string& pointer, Node::Type type, const char* what) {
    if (n.is(type)) return true;
    error(n, pointer, "E0106", std::string(what) + ", not " + std::string(n.kind()));
    return false;
  }
  std::string text(const Node& object, const char* key, bool needed = true) {
    const Node* n = object.find(key);
    if (n == nullptr) {
      if (needed) error(object, "", "E0108", "\"" + std::string(key) + "\" is missing");
      return {};
    }
    if (n->is(Node::Type::string)) return n->text;
    error(*n, pointer_to("", key), "E0106", "\"" + std::string(key) + "\" is a string, not " + std::string(n->kind()));
    return {};
  }
  std::int64_t integer(const Node& n, const std::string& pointer, std::int64_t min, std::int64_t max) {
    if (!n.is(Node::Type::integer)) {
      error(n, pointer, "E0215", "an integer belongs here, not " + std::string(n.kind()));
    } else if (n.integer < min || n.integer > max) {
      error(n, pointer, "E0211",
            std::to_string(n.integer) + " is outside [" + std::to_string(min) + ", " + std::to_string(max) + "]");
    } else {
      return n.integer;
    }
    return min;
  }
  std::int64_t count(const Node& object, const std::string& pointer, const char* key, std::int64_t absent,
                     std::int64_t min, std::int64_t max) {
    const Node* n = object.find(key);
    return n == nullptr ? absent : integer(*n, pointer_to(pointer, key), min, max);
  }

  void sleeps(const Node& n, LitmusFile& f) {
    if (!need(n, "/sleep_us", Node::Type::object, "\"sleep_us\" is an object of times")) return;
    for (const Node::Member& m : n.members) {
      std::int64_t asked = 0;
      if (m.key.empty() || m.key.size() > 9 || m.key.find_first_not_of("0123456789") != std::string::npos) {
        error(m.value, pointer_to("/sleep_us", m.key), "E0215", "the keys of \"sleep_us\" are whole microseconds");
        continue;
      }
      for (const char c : m.key) asked = asked * 10 + (c - '0');
      const std::int64_t took = integer(m.value, pointer_to("/sleep_us", m.key), 0, kMaxMillis * 1000);
      f.sleeps.emplace_back(asked * 1000, std::max(took, asked) * 1000);
    }
    std::sort(f.sleeps.begin(), f.sleeps.end());
  }

  LitmusEntry entry(const Node& n, const std::string& pointer) {
    LitmusEntry e;
    if (!need(n, pointer, Node::Type::object, "an entry is an object")) return e;
    const Node* program = n.find("program");
    if (program == nullptr)
      error(n, pointer, "E0108", "\"program\" is missing");
    else
      e.program = read_program(*program, pointer_to(pointer, "program"));
    if (const Node* spread = n.find("spread_us"))
      e.spread = integer(*spread, pointer_to(pointer, "spread_us"), 0, kMaxMillis * 1000) * 1000;
    recorded(n, pointer, e.recorded);
    return e;
  }

  void recorded(const Node& n, const std::string& pointer, LitmusRun& run) {
    const Node* events = n.find("events");
    const std::string at = pointer_to(pointer, "events");
    if (events == nullptr) {
      error(n, pointer, "E0108", "\"events\" is missing");
    } else if (need(*events, at, Node::Type::array, "\"events\" is a list")) {
      run.events.reserve(events->items.size());
      for (std::size_t i = 0; i < events->items.size() && !out_.full(); ++i) {
        const Node& item = events->items[i];
        const std::string here = pointer_to(at, i);
        if (!item.is(Node::Type::array) || item.items.size() < 3 || item.items.size() > 4) {
          error(item, here, "E0106", "an event is [goroutine, step, value], with the time in us where it was recorded");
          continue;
        }
        LitmusEvent event;
        event.goroutine =
            static_cast<std::uint32_t>(integer(item.items[0], pointer_to(here, std::size_t{0}), 0, 0xfffffffe));
        event.step =
            static_cast<std::uint32_t>(integer(item.items[1], pointer_to(here, std::size_t{1}), 0, 0xfffffffe));
        event.value = integer(item.items[2], pointer_to(here, std::size_t{2}), std::numeric_limits<std::int64_t>::min(),
                              std::numeric_limits<std::int64_t>::max());
        if (item.items.size() == 4)
          event.at = integer(item.items[3], pointer_to(here, std::size_t{3}), 0, kMaxMillis * 1000) * 1000;
        run.events.push_back(event);
      }
    }
    for (const auto& [key, to] : {std::pair{"outcome", &run.outcome}, std::pair{"message", &run.message}}) {
      const Node* v = n.find(key);
      if (v == nullptr)
        error(n, pointer, "E0108", "\"" + std::string(key) + "\" is missing");
      else if (need(*v, pointer_to(pointer, key), Node::Type::string, "this is a string"))
        *to = v->text;
    }
    const Node* blocked = n.find("blocked");
    if (blocked == nullptr) return;
    const std::string list = pointer_to(pointer, "blocked");
    if (!need(*blocked, list, Node::Type::array, "\"blocked\" is a list")) return;
    for (std::size_t i = 0; i < blocked->items.size() && !out_.full(); ++i) {
      const Node& item = blocked->items[i];
      if (item.is(Node::Type::string)) {
        run.blocked.push_back({kNoLitmusGoroutine, item.text});
      } else if (item.is(Node::Type::array) && item.items.size() == 2 && item.items[1].is(Node::Type::string)) {
        const std::int64_t g = integer(item.items[0], pointer_to(pointer_to(list, i), std::size_t{0}), 0, 0xfffffffe);
        run.blocked.push_back({static_cast<std::uint32_t>(g), item.items[1].text});
      } else {
        error(item, pointer_to(list, i), "E0106", "a blocked goroutine is a wait reason, or [goroutine, wait reason]");
      }
    }
  }

  LitmusProgram read_program(const Node& n, const std::string& pointer) {
    LitmusProgram p;
    if (!need(n, pointer, Node::Type::object, "a program is an object")) return p;
    p.procs = static_cast<std::uint32_t>(count(n, pointer, "procs", 1, 1, kMaxProcs));
    for (const auto& [key, to] :
         {std::pair{"mutexes", &p.mutexes}, std::pair{"rwmutexes", &p.rwmutexes}, std::pair{"wgs", &p.wgs},
          std::pair{"conds", &p.conds}, std::pair{"onces", &p.onces}, std::pair{"timers", &p.timers}})
      *to = static_cast<std::uint32_t>(count(n, pointer, key, 0, 0, kMaxObjects));
    if (const Node* chans = n.find("chans")) {
      const std::string at = pointer_to(pointer, "chans");
      if (need(*chans, at, Node::Type::array, "\"chans\" is a list of capacities")) {
        if (chans->items.size() > static_cast<std::size_t>(kMaxObjects))
          error(*chans, at, "E0211", "there are at most " + std::to_string(kMaxObjects) + " channels");
        for (std::size_t i = 0; i < chans->items.size() && !out_.full(); ++i)
          p.chans.push_back(integer(chans->items[i], pointer_to(at, i), 0, kMaxCapacity));
      }
    }
    const Node* bodies = n.find("bodies");
    const std::string at = pointer_to(pointer, "bodies");
    if (bodies == nullptr) {
      error(n, pointer, "E0108", "\"bodies\" is missing");
      return p;
    }
    if (!need(*bodies, at, Node::Type::array, "\"bodies\" is a list of lists of operations")) return p;
    if (bodies->items.empty() || bodies->items.size() > kMaxBodies) {
      error(*bodies, at, "E0211", "a program has 1 to " + std::to_string(kMaxBodies) + " bodies");
      return p;
    }
    p.bodies.resize(bodies->items.size());
    for (std::size_t b = 0; b < bodies->items.size(); ++b) {
      const Node& body = bodies->items[b];
      const std::string here = pointer_to(at, b);
      if (!need(body, here, Node::Type::array, "a body is a list of operations")) continue;
      for (std::size_t i = 0; i < body.items.size() && !out_.full(); ++i)
        p.bodies[b].push_back(operation(p, body.items[i], pointer_to(here, i), false));
    }
    return p;
  }

  LitmusOp operation(const LitmusProgram& p, const Node& n, const std::string& pointer, bool inside_try) {
    LitmusOp op;
    if (!n.is(Node::Type::array) || n.items.empty() || !n.items[0].is(Node::Type::string)) {
      error(n, pointer, "E0502", "an operation is [\"verb\", arguments]");
      return op;
    }
    op.verb = n.items[0].text;
    const VerbSpec* spec = spec_of(op.verb);
    if (spec == nullptr) {
      std::vector<std::string> known;
      for (const VerbSpec& v : kVerbs) known.emplace_back(v.verb);
      error(n.items[0], pointer_to(pointer, std::size_t{0}), "E0501", "unknown operation " + in_quotes(op.verb),
            did_you_mean(op.verb, known));
      return op;
    }
    if (op.verb == "try") {
      if (n.items.size() != 2 || inside_try) {
        error(n, pointer, "E0506", "[\"try\", operation], and no try in it");
        return op;
      }
      LitmusOp inner = operation(p, n.items[1], pointer_to(pointer, std::size_t{1}), true);
      inner.recovered = true;
      return inner;
    }
    if (op.verb == "select") {
      read_select(p, n, pointer, op);
      return op;
    }
    if (n.items.size() != spec->args.size() + 1) {
      error(n, pointer, "E0506", op.verb + " has " + std::to_string(spec->args.size()) + " arguments");
      return op;
    }
    for (std::size_t i = 0; i < spec->args.size(); ++i) {
      const auto [min, max] = bounds(p, spec->args[i]);
      const std::string at = pointer_to(pointer, i + 1);
      if (max < min) {
        error(n.items[i + 1], at, "E0211", "the program has none of what " + op.verb + " needs");
        op.args.push_back(0);
      } else {
        op.args.push_back(integer(n.items[i + 1], at, min, max));
      }
    }
    return op;
  }

  static std::pair<std::int64_t, std::int64_t> bounds(const LitmusProgram& p, char kind) {
    const auto below = [](std::size_t n) {
      return std::pair<std::int64_t, std::int64_t>{0, static_cast<std::int64_t>(n) - 1};
    };
    switch (kind) {
      case 'c': return below(p.chans.size());
      case 'm': return below(p.mutexes);
      case 'r': return below(p.rwmutexes);
      case 'w': return below(p.wgs);
      case 'k': return below(p.conds);
      case 'o': return below(p.onces);
      case 't': return below(p.timers);
      case 'b': return below(p.bodies.size());
      case 'd': return {0, kMaxMillis};
      default: return {-kMaxNumber, kMaxNumber};
    }
  }

  void read_select(const LitmusProgram& p, const Node& n, const std::string& pointer, LitmusOp& op) {
    if (n.items.size() != 3 || !n.items[1].is(Node::Type::array) || !n.items[2].is(Node::Type::boolean)) {
      error(n, pointer, "E0506", "[\"select\", [[direction, channel], …], has_default]");
      return;
    }
    op.has_default = n.items[2].boolean;
    const std::string list = pointer_to(pointer, std::size_t{1});
    for (std::size_t i = 0; i < n.items[1].items.size() && !out_.full(); ++i) {
      const Node& k = n.items[1].items[i];
      const std::string at = pointer_to(list, i);
      const bool pair = k.is(Node::Type::array) && k.items.size() == 2 && k.items[0].is(Node::Type::string);
      if (!pair || (k.items[0].text != "send" && k.items[0].text != "recv")) {
        error(k, at, "E0506", "a case is [\"send\" or \"recv\", channel]");
        continue;
      }
      op.args.push_back(k.items[0].text == "send" ? 1 : 0);
      op.args.push_back(integer(k.items[1], pointer_to(at, std::size_t{1}), 0,
                                std::max<std::int64_t>(static_cast<std::int64_t>(p.chans.size()) - 1, 0)));
      if (p.chans.empty()) error(k, at, "E0211", "the program has no channels");
    }
  }

  Diagnostics& out_;
};

}  // namespace

std::int64_t litmus_sleep(const LitmusFile& file, std::int64_t asked) {
  const auto& table = file.sleeps;
  if (table.empty()) return asked;
  const auto more = [](const std::pair<std::int64_t, std::int64_t>& row) { return row.second - row.first; };
  if (asked <= table.front().first) return asked + more(table.front());
  if (asked >= table.back().first) return asked + more(table.back());
  const auto above = std::upper_bound(table.begin(), table.end(), std::pair{asked, std::int64_t{0}});
  const auto below = above - 1;
  return asked + more(*below) + (more(*above) - more(*below)) * (asked - below->first) / (above->first - below->first);
}

std::optional<LitmusFile> read_litmus(std::string text, std::string file, Diagnostics& out) {
  const std::optional<Node> root = parse_json(std::move(text), file, out);
  if (!root) return std::nullopt;
  return Reader(out).file(*root, std::move(file));
}

}  // namespace gmpsim
