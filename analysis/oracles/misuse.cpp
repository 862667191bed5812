// misuse: the runtime itself stopped a goroutine for misusing a channel, a lock, a wait group, a timer or nil; or an Add
// from zero and a Wait of one wait group are unordered, so that Wait may return too early (sync/waitgroup.go says so of
// Add, and models it as a read and a write for its race detector). A panic that a program raises on purpose is not
// misuse. What the runtime says is known by its texts, which are the same in all versions up to their beginnings.

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "analysis/happens_before.hpp"

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
  explicit Misuse(const TraceInfo& info)
      : order_(info), groups_(std::any_of(info.objects.begin(), info.objects.end(), [](const TraceInfo::Object& o) {
          return o.kind == ObjectKind::wait_group;
        })) {}

  std::uint64_t kinds() const override {
    return bit(Kind::panic) | (groups_ ? bit(Kind::access) | HappensBefore::kKinds : 0);
  }
  void observe(const Transition& t, const Facts&, const Metrics& metrics) override {
    if (t.kind == Kind::access) return group_used(t, metrics);
    if (t.kind != Kind::panic) return order_.observe(t);
    const std::string message = label_name(metrics.info(), t.a);
    // A fatal error cannot be raised by a program.
    if (seen_ || (t.why != 1 && !is_misuse(message))) return;
    seen_ = true;
    at_ = t.at;
    message_ = message;
    const LiveGoroutine* const g = metrics.witness().find(t.g);
    culprit_ = {t.g, goroutine_name(metrics.info(), t.g, g == nullptr ? kNoProgram : g->program), message_, t.at, t.at};
  }
  bool violated() const override { return seen_ || !unordered_.culprits.empty(); }
  Verdict finish(const EndOfRun& end, const Metrics&) override {
    Verdict v;
    v.sentence = "no misuse";
    if (!seen_ && !unordered_.culprits.empty()) return unordered_;
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
  using Deed = HappensBefore::Deed;
  static constexpr std::size_t kMaxDeeds = 100'000;  // of one wait group; more goroutines than that are not remembered

  void group_used(const Transition& t, const Metrics& metrics) {
    const auto how = static_cast<Access>(t.why);
    if ((how != Access::add_from_zero && how != Access::wait) || order_.gave_up() || !unordered_.culprits.empty())
      return;
    const Deed now = order_.deed(t);
    std::vector<Deed>& deeds = deeds_[t.a];
    for (const Deed& then : deeds)
      if (then.how != how && !order_.knows(t.g, then)) return found(t.a, then, now, metrics);
    std::erase_if(deeds, [&](const Deed& then) { return then.how == how && order_.knows(t.g, then); });
    if (deeds.size() < kMaxDeeds) deeds.push_back(now);
  }

  void found(std::uint32_t object, const Deed& then, const Deed& now, const Metrics& metrics) {
    const TraceInfo& info = metrics.info();
    const std::string name = object_name(info, object);
    unordered_.outcome = Verdict::Outcome::fail;
    unordered_.at = now.at;
    unordered_.sentence = "an Add from zero and a Wait of " + name + " are unordered: Wait may return too early";
    for (const Deed& d : {then, now})
      unordered_.culprits.push_back(
          {d.g, goroutine_name(info, d.g, d.program),
           (d.how == Access::wait ? "waits for " : "adds to ") + name + " at " + instant(d.at), d.at, d.at, true});
  }

  HappensBefore order_;
  bool groups_;  ///< there are wait groups: who knew of what is of interest
  std::map<std::uint32_t, std::vector<Deed>> deeds_;
  Verdict unordered_;
  bool seen_ = false;
  Time at_ = 0;
  std::string message_;
  Culprit culprit_;
};

}  // namespace

void register_oracles_misuse(Registry_oracles& r) {
  r.add({"misuse",
         "\"none\": no channel, lock, wait group or timer is misused so that the runtime stops the goroutine; no Add "
         "from zero is "
         "unordered with a Wait",
         [](const OracleSpec&, const TraceInfo& info, const OracleHooks&) -> OracleMade {
           return std::make_unique<Misuse>(info);
         }});
}

}  // namespace gmpsim
