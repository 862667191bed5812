// timer_late: from the moment a timer is due to its goroutine running, never more than `max`.
//
// The whole way counts: the P that should have fired it, the queue, the P that runs it. A timer that was due when the
// run ended and has not been served counts with what it is late: that is how a starved heartbeat shows.
//
// The records of a timer that feeds a channel name no goroutine. Whom it concerns is learned when it fires and somebody
// becomes runnable through it: that tells the channel, and at the end whoever waits there waits for this timer.
// Invariant: memory grows with the timers pending at once, and with at most kLearned channels.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class TimerLate final : public Oracle {
 public:
  TimerLate(Duration max, Selector who) : max_(max), who_(std::move(who)) {}

  std::uint64_t kinds() const override {
    return bit(Kind::g_running) | bit(Kind::g_runnable) | bit(Kind::timer_set) | bit(Kind::timer_fire) |
           bit(Kind::timer_stop);
  }

  void observe(const Transition& t, const Facts& f, const Metrics& metrics) override {
    switch (t.kind) {
      case Kind::timer_set: pending_[t.a] = {t.g, t.value}; break;
      case Kind::timer_fire:
        fired_ = t.a;
        pending_.erase(t.a);
        break;
      case Kind::timer_stop: pending_.erase(t.a); break;
      case Kind::g_runnable:
        if (f.unblocked && f.object != 0 && static_cast<Why>(t.why) == Why::timer && feeds_.size() < kLearned)
          feeds_[fired_] = f.object;
        break;
      default:
        if (f.late) consider(metrics.witness().slot(f.slot), f.lateness, t.at - f.lateness, t.at, f.queue, metrics);
        break;
    }
  }
  bool violated() const override { return worst_.g != kNoG && worst_.length > max_; }

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    // Served in part: due, perhaps fired, but its goroutine has not run.
    metrics.witness().each_live([&](const LiveGoroutine& g) {
      const bool waits = g.state == LiveGoroutine::State::waiting || g.state == LiveGoroutine::State::runnable;
      if (waits && g.due != kNever && g.due < end.at) unserved(g, g.due, end, metrics);
    });
    // Never fired.
    std::map<std::uint32_t, Time> due_on;  // by object: the earliest due time of a timer that feeds it
    for (const auto& [timer, set] : pending_) {
      if (set.due >= end.at) continue;
      const auto channel = feeds_.find(timer);
      if (const LiveGoroutine* const g = metrics.witness().find(set.g)) {
        unserved(*g, set.due, end, metrics);
      } else if (channel != feeds_.end()) {
        Time& due = due_on.try_emplace(channel->second, set.due).first->second;
        due = std::min(due, set.due);
      }
    }
    metrics.witness().each_live([&](const LiveGoroutine& g) {
      const auto due = due_on.find(g.object);
      if (g.state == LiveGoroutine::State::waiting && due != due_on.end()) unserved(g, due->second, end, metrics);
    });
    return judge(metrics);
  }

 private:
  struct Pending {
    std::uint32_t g = kNoG;
    Time due = 0;
  };

  bool consider(const LiveGoroutine& g, Duration late, Time due, Time until, std::uint16_t queue,
                const Metrics& metrics) {
    if ((worst_.g != kNoG && late <= worst_.length) || !who_.matches(metrics.info(), g.g, g.program, g.ordinal))
      return false;
    worst_ = {.length = late,
              .g = g.g,
              .program = g.program,
              .ordinal = g.ordinal,
              .queue = queue,
              .since = due,
              .until = until};
    meanwhile_ = late > max_ ? ran_meanwhile(worst_, metrics) : std::nullopt;
    return true;
  }

  void unserved(const LiveGoroutine& g, Time due, const EndOfRun& end, const Metrics& metrics) {
    const std::uint16_t queue = g.state == LiveGoroutine::State::runnable ? g.p : kNoP;
    if (consider(g, end.at - due, due, end.at, queue, metrics)) worst_.open = true;
  }

  Verdict judge(const Metrics& metrics) const {
    Verdict v;
    if (worst_.g == kNoG) {
      v.sentence = "no timer was due";
      return v;
    }
    const bool bad = violated();
    v.sentence = worst_.open ? fmt::format("due at {}, not served when the run ended, {} late ({} {} allowed)",
                                           instant(worst_.since), short_time(static_cast<double>(worst_.length)),
                                           bad ? ">" : "<=", short_time(static_cast<double>(max_)))
                             : fmt::format("latest timer {} {} {}", short_time(static_cast<double>(worst_.length)),
                                           bad ? ">" : "<=", short_time(static_cast<double>(max_)));
    v.culprits.push_back(
        {worst_.g, goroutine_name(metrics.info(), worst_.g, worst_.program),
         "due at " + instant(worst_.since) + (worst_.open ? ", never served" : ", ran at " + instant(worst_.until)),
         worst_.since, worst_.open ? kNever : worst_.until, true});
    if (!bad) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = worst_.since + max_;
    if (meanwhile_) v.culprits.push_back(*meanwhile_);
    return v;
  }

  static constexpr std::size_t kLearned = 4096;

  Duration max_;
  Selector who_;
  std::map<std::uint32_t, Pending> pending_;
  std::map<std::uint32_t, std::uint32_t> feeds_;  // timer to the object of its channel
  std::uint32_t fired_ = 0;                       // the last timer that fired
  WaitRecord worst_;
  std::optional<Culprit> meanwhile_;
};

}  // namespace

void register_oracles_timer_late(Registry_oracles& r) {
  r.add({"timer_late", "{max, who}: from a timer's due time to its goroutine running, at most max",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks&) -> OracleMade {
           if (!spec.max) return "timer_late needs \"max\", how late a timer may be";
           Selector who;
           Selector::parse(spec.who, who);
           return std::make_unique<TimerLate>(*spec.max, std::move(who));
         }});
}

}  // namespace gmpsim
