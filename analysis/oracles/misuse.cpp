// misuse: the runtime itself stopped a goroutine for misusing a channel, a lock, a wait group, a timer or nil. A panic
// that a program raises on purpose is not one. What the runtime says is known by its texts, which are the same in all
// versions up to their beginnings.

#include <array>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

constexpr std::array<std::string_view, 16> kTexts{
    "send on closed channel",
    "close of closed channel",
    "close of nil channel",
    "sync: negative WaitGroup counter",
    "sync: WaitGroup misuse",
    "sync: WaitGroup is reused",
    "sync: unlock of unlocked mutex",
    "sync: Unlock of unlocked RWMutex",
    "sync: RUnlock of unlocked RWMutex",
    "sync: inconsistent mutex state",
    "sync: unlock of unlocked",
    "semaphore: released more than held",
    "semaphore: bad release",
    "runtime error: invalid memory address",
    "non-positive interval for NewTicker",
    "time: ",
};

bool is_misuse(std::string_view message) {
  for (const std::string_view prefix : {std::string_view("panic: "), std::string_view("fatal error: ")}) {
    if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  }
  for (const std::string_view text : kTexts) {
    if (message.starts_with(text)) return true;
  }
  return false;
}

class Misuse final : public Oracle {
 public:
  std::uint64_t kinds() const override { return bit(Kind::panic); }
  void observe(const Transition& t, const Facts&, const Metrics& metrics) override {
    const std::string message = label_name(metrics.info(), t.a);
    // A fatal error cannot be raised by a program.
    if (seen_ || (t.why != 1 && !is_misuse(message))) return;
    seen_ = true;
    at_ = t.at;
    message_ = message;
    const LiveGoroutine* const g = metrics.witness().find(t.g);
    culprit_ = {t.g, goroutine_name(metrics.info(), t.g, g == nullptr ? kNoProgram : g->program), message_, t.at, t.at};
  }
  bool violated() const override { return seen_; }
  Verdict finish(const EndOfRun& end, const Metrics&) override {
    Verdict v;
    v.sentence = "no misuse";
    const bool told =
        !seen_ && (end.how == EndOfRun::How::fatal || (end.how == EndOfRun::How::panic && is_misuse(end.message)));
    if (!seen_ && !told) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = seen_ ? at_ : end.at;
    v.sentence = printable(seen_ ? message_ : end.message) + " at " + instant(v.at);
    if (seen_ && culprit_.g != kNoG) v.culprits.push_back(culprit_);
    return v;
  }

 private:
  bool seen_ = false;
  Time at_ = 0;
  std::string message_;
  Culprit culprit_;
};

}  // namespace

void register_oracles_misuse(Registry_oracles& r) {
  r.add({"misuse", "\"none\": no channel, lock, wait group or timer is misused so that the runtime stops the goroutine",
         [](const OracleSpec&, const TraceInfo&, const OracleHooks&) -> OracleMade {
           return std::make_unique<Misuse>();
         }});
}

}  // namespace gmpsim
