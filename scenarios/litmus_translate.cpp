// A litmus program in the scenario language.

#include <algorithm>
#include <utility>

#include "scenarios/litmus.hpp"

namespace gmpsim {
namespace {

constexpr std::uint64_t kMaxEvents = 1'000'000;  // of a run; a recorded program takes some thousands

// What threads cost under the real-time class in the virtual machine of the recordings. Measured on them: between the
// events before and after a new thread lay 81 us (median of 293) more than with our defaults, of which a wake-up explains
// 25 (median of 199 that had no creation).
constexpr const char* kThreadCosts =
    ", \"wake_latency\": \"30us\", \"thread_clone\": \"30us\", \"thread_create\": \"90us\"";

/// Writes one program in the scenario language.
class Translator {
 public:
  Translator(const LitmusFile& file, std::size_t index, const std::string& preset, const LitmusPhase& phase)
      : file_(file),
        phase_(phase),
        program_(file.entries[index].program),
        index_(index),
        preset_(preset.empty() ? file.preset : preset) {
    // A goroutine that a timer starts gets its number when it begins to run: then numbers are counted in a variable and
    // handed to every body. Otherwise the numbers are those of the model, from 1.
    for (const auto& body : program_.bodies)
      for (const LitmusOp& op : body) counted_ = counted_ || op.verb == "afterfunc";
    me_ = counted_ ? "me" : "self() - 1";
  }

  std::string text() {
    line("{");
    line("  \"apiVersion\": \"gmpsim/v1\", \"kind\": \"Scenario\",");
    line("  \"metadata\": { \"name\": \"litmus-" + n(index_) +
         "\", \"title\": " + quoted("Litmus program " + n(index_) + ", recorded on " + file_.go) + " },");
    std::string overrides;
    if (!file_.sleeps.empty())
      overrides = ", \"overrides\": { \"kernel_sleep_slack\": \"" +
                  n(file_.sleeps.front().second - file_.sleeps.front().first + phase_.more_slack) + "ns\"" +
                  kThreadCosts + " }";
    line("  \"runtime\": { \"profile\": " + quoted(preset_) + ", \"gomaxprocs\": " + n(program_.procs) + overrides +
         " },");
    const std::string params = file_.async_preempt ? "" : ", \"params\": { \"preempt\": \"cooperative\" }";
    line("  \"policies\": { \"recorded\": { \"use\": " + quoted(preset_) + params + " } },");
    resources();
    programs();
    line("  \"start\": [ { \"go\": \"main\" } ],");
    line("  \"stop\": { \"max_events\": " + n(kMaxEvents) + " }");
    line("}");
    return std::move(out_);
  }

 private:
  template <class Integer>
  static std::string n(Integer v) {
    return std::to_string(v);
  }
  void line(const std::string& text) { out_ += text + '\n'; }
  static std::string quoted(const std::string& text) {  // names of versions; anything else is made harmless
    std::string out = "\"";
    for (const char c : text)
      if (c >= ' ' && c != '"' && c != '\\' && static_cast<unsigned char>(c) < 0x7f) out += c;
    return out + '"';
  }

  void resources() {
    std::vector<std::string> all;
    const auto add = [&](const std::string& name, const std::string& type) {
      all.push_back("\"" + name + "\": { \"type\": \"" + type + "\" }");
    };
    for (std::size_t i = 0; i < program_.chans.size(); ++i)
      all.push_back("\"c" + n(i) + "\": { \"type\": \"chan\", \"cap\": " + n(program_.chans[i]) + " }");
    for (std::uint32_t i = 0; i < program_.mutexes; ++i) add("m" + n(i), "mutex");
    for (std::uint32_t i = 0; i < program_.rwmutexes; ++i) add("r" + n(i), "rwmutex");
    for (std::uint32_t i = 0; i < program_.wgs; ++i) add("w" + n(i), "waitgroup");
    for (std::uint32_t i = 0; i < program_.conds; ++i) {
      add("k" + n(i) + "_mutex", "mutex");
      all.push_back("\"k" + n(i) + "\": { \"type\": \"cond\", \"mutex\": \"k" + n(i) + "_mutex\" }");
    }
    for (std::uint32_t i = 0; i < program_.onces; ++i) add("o" + n(i), "once");
    if (counted_) {
      add("next", "var");
      for (std::uint32_t i = 0; i < program_.timers; ++i) add("t" + n(i), "var");
    }
    std::string text = "  \"resources\": {";
    for (std::size_t i = 0; i < all.size(); ++i) text += (i == 0 ? "\n    " : ",\n    ") + all[i];
    line(text + (all.empty() ? "" : "\n  ") + "},");
  }

  void programs() {
    line("  \"programs\": {");
    std::string main = "    \"main\": { \"do\": [ { \"sleep\": \"2ms\" }, ";
    if (file_.warmed_up)
      main += "{ \"syscall\": \"40ms\" }, { \"yield\": true }, { \"run\": \"" + n(phase_.warm_up) + "ns\" }, ";
    line(main + "{ \"mark\": \"begin\" }, { \"call\": \"body0\"" + (counted_ ? ", \"args\": { \"me\": 0 }" : "") +
         " }, { \"select\": [] } ] },");
    for (std::size_t b = 0; b < program_.bodies.size(); ++b) body(b);
    if (counted_)
      for (std::size_t b = 0; b < program_.bodies.size(); ++b)
        line("    \"timer" + n(b) + "\": { \"do\": [ { \"set\": { \"next\": \"next + 1\" } }, { \"call\": \"body" +
             n(b) + "\", \"args\": { \"me\": \"next\" } } ] }" + (b + 1 < program_.bodies.size() ? "," : ""));
    line("  },");
  }

  void body(std::size_t b) {
    const bool last = b + 1 == program_.bodies.size() && !counted_;
    line("    \"body" + n(b) + "\": {" + (counted_ ? " \"args\": [\"me\"]," : "") + " \"do\": [");
    std::string ops = "      { \"let\": { \"v\": 0, \"ok\": 0 } }";
    const auto& list = program_.bodies[b];
    for (step_ = 0; step_ < list.size(); ++step_) {
      const LitmusOp& op = list[step_];
      ops += ",\n      ";
      const std::string log_head = "{ \"log\": \"step\", \"value\": [\"" + me_ + "\", " + n(step_) + ", ";
      if (op.verb == "goexit") {  // logged before it ends the goroutine
        ops += log_head + "0] }, { \"exit\": true }";
        continue;
      }
      const auto [text, value] = operation(op);
      if (op.recovered)
        ops += "{ \"try\": [ " + text + " ], \"ok\": \"fine\" }, " + log_head + "\"fine ? " + value + " : -3\"] }";
      else
        ops += text + ", " + log_head + "\"" + value + "\"] }";
    }
    line(ops);
    line(std::string("    ] }") + (last ? "" : ","));
  }

  // Operations and the expression of the value that is logged after them.
  std::pair<std::string, std::string> operation(const LitmusOp& op) {
    const auto arg = [&](std::size_t i) { return n(op.args[i]); };
    const auto plain = [&](const char* verb, const char* kind) {
      return std::pair<std::string, std::string>{std::string("{ \"") + verb + "\": \"" + kind + arg(0) + "\" }", "0"};
    };
    const std::string sent = (counted_ ? std::string("me * 100 + ") : std::string("(self() - 1) * 100 + ")) + n(step_);
    const std::string& v = op.verb;
    if (v == "go") {
      if (!counted_) return {"{ \"go\": \"body" + arg(0) + "\", \"as\": \"v\" }", "v - 1"};
      return {"{ \"set\": { \"next\": \"next + 1\", \"v\": \"next + 1\" } }, { \"go\": \"body" + arg(0) +
                  "\", \"args\": { \"me\": \"v\" } }",
              "v"};
    }
    if (v == "send") return {"{ \"send\": \"c" + arg(0) + "\", \"value\": \"" + sent + "\" }", "0"};
    if (v == "recv") return {"{ \"recv\": \"c" + arg(0) + "\", \"as\": \"v\", \"ok\": \"ok\" }", "ok ? v : -1"};
    if (v == "close") return plain("close", "c");
    if (v == "lock") return plain("lock", "m");
    if (v == "unlock") return plain("unlock", "m");
    if (v == "rlock") return plain("rlock", "r");
    if (v == "runlock") return plain("runlock", "r");
    if (v == "wlock") return plain("lock", "r");
    if (v == "wunlock") return plain("unlock", "r");
    if (v == "done") return plain("wg_done", "w");
    if (v == "wait") return plain("wg_wait", "w");
    if (v == "signal") return plain("signal", "k");
    if (v == "broadcast") return plain("broadcast", "k");
    if (v == "add") return {"{ \"wg_add\": \"w" + arg(0) + "\", \"n\": " + arg(1) + " }", "0"};
    if (v == "cwait") {
      const std::string k = "k" + arg(0);
      return {"{ \"lock\": \"" + k + "_mutex\" }, { \"wait\": \"" + k + "\" }, { \"unlock\": \"" + k + "_mutex\" }",
              "0"};
    }
    if (v == "gosched") return {"{ \"yield\": true }", "0"};
    if (v == "sleep") return {"{ \"sleep\": \"" + arg(0) + "ms\" }", "0"};
    if (v == "compute") {  // the recorder counts only what the machine left to the goroutine
      const std::int64_t d = op.args[0] * 1'000'000;
      return {"{ \"run\": \"" + n(d + d / 100'000 * file_.stolen) + "ns\" }", "0"};
    }
    if (v == "syscall") return {"{ \"syscall\": \"" + n(litmus_sleep(file_, op.args[0] * 1'000'000)) + "ns\" }", "0"};
    if (v == "len") return {"{ \"let\": { \"v\": \"len(c" + arg(0) + ")\" } }", "v"};
    if (v == "nilrecv") return {"{ \"recv\": \"nil\" }", "0"};
    if (v == "trylock") return {"{ \"trylock\": \"m" + arg(0) + "\", \"as\": \"v\" }", "v"};
    if (v == "once")
      return {"{ \"let\": { \"v\": 0 } }, { \"once\": \"o" + arg(0) +
                  "\", \"do\": [ { \"yield\": true }, { \"let\": { \"v\": 1 } } ] }",
              "v"};
    if (v == "range")
      return {"{ \"let\": { \"v\": 0 } }, { \"range\": \"c" + arg(0) +
                  "\", \"do\": [ { \"let\": { \"v\": \"v + 1\" } } ] }",
              "v"};
    if (v == "pump") {
      // Counts below one do nothing in Go's loop.
      return {"{ \"let\": { \"v\": 0 } }, { \"loop\": true, \"times\": " + n(std::max<std::int64_t>(op.args[0], 0)) +
                  ", \"do\": [ { \"recv\": \"c" + arg(1) +
                  "\", \"as\": \"v\", \"ok\": \"ok\" }, { \"if\": \"!ok\", \"then\": [ { \"let\": { \"v\": -1 } }, { "
                  "\"break\": true } ] }, { \"send\": \"c" +
                  arg(2) + "\", \"value\": \"v + 1\" } ] }",
              "v"};
    }
    if (v == "lockthread") return {"{ \"lock_os_thread\": true }", "0"};
    if (v == "unlockthread") return {"{ \"unlock_os_thread\": true }", "0"};
    if (v == "timeout")
      return {"{ \"select\": [ { \"recv\": \"c" + arg(0) +
                  "\", \"as\": \"got\", \"ok\": \"ok\", \"do\": [ { \"let\": { \"v\": \"ok ? got : -1\" } } ] }, { "
                  "\"after\": \"" +
                  arg(1) + "ms\", \"do\": [ { \"let\": { \"v\": -2 } } ] } ] }",
              "v"};
    if (v == "afterfunc")
      return {"{ \"go\": \"timer" + arg(2) + "\", \"after\": \"" + arg(1) + "ms\", \"as\": \"t" + arg(0) + "\" }", "0"};
    if (v == "stop" || v == "reset") {
      if (!counted_) return {"{ \"let\": { \"v\": 2 } }", "v"};  // no timer is ever started
      const std::string to = v == "reset" ? ", \"to\": \"" + arg(1) + "ms\"" : "";
      return {"{ \"if\": \"t" + arg(0) + " == nil\", \"then\": [ { \"let\": { \"v\": 2 } } ], \"else\": [ { \"" + v +
                  "\": \"t" + arg(0) + "\"" + to + ", \"as\": \"v\" } ] }",
              "v"};
    }
    return select(op, sent);
  }

  // The recorded program always has two cases of each direction, those that the entry does not name on nil channels:
  // nil cases keep a select of one case what it was.
  std::pair<std::string, std::string> select(const LitmusOp& op, const std::string& sent) {
    std::string text = "{ \"select\": [ ";
    for (std::size_t i = 0; i + 1 < op.args.size(); i += 2) {
      const std::string c = "\"c" + n(op.args[i + 1]) + "\"";
      text += op.args[i] != 0 ? "{ \"send\": " + c + ", \"value\": \"" + sent + "\"" : "{ \"recv\": " + c;
      text += ", \"do\": [ { \"let\": { \"v\": " + n(i / 2) + " } } ] }, ";
    }
    if (op.args.size() < 4) text += "{ \"recv\": \"nil\" }, { \"recv\": \"nil\" }, ";
    if (op.has_default) text += "{ \"default\": true, \"do\": [ { \"let\": { \"v\": 9 } } ] }, ";
    text.resize(text.size() - 2);
    return {text + " ] }", "v"};
  }

  const LitmusFile& file_;
  const LitmusPhase& phase_;
  const LitmusProgram& program_;
  std::size_t index_;
  std::string preset_;
  std::string me_;
  bool counted_ = false;
  std::size_t step_ = 0;
  std::string out_;
};

}  // namespace

std::string litmus_scenario(const LitmusFile& file, std::size_t index, const std::string& preset,
                            const LitmusPhase& phase) {
  return Translator(file, index, preset, phase).text();
}

}  // namespace gmpsim
