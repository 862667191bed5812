// lost_wakeup: somebody waits for what has already happened.
//
// Two ways to lose a wake-up. The poller takes a ready descriptor and its goroutine is not made runnable: seen when
// somebody has looked at the network since the descriptor became ready, and the goroutine still waits 50 ms later. Or a
// signal comes before its waiter waits: seen when a run is over and a goroutine waits for a condition variable that was
// last signalled, with nobody there to be woken, before it began to wait.
//
// Rejected: to call every descriptor that has been ready for long a lost one (on a busy machine nobody looks for 10 ms, and
// a look takes 128 at most). Invariant: memory grows with goroutines in the poller and objects signalled.

#include <map>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

constexpr Duration kTolerated = ms(50);

class LostWakeup final : public Oracle {
 public:
  std::uint64_t kinds() const override {
    return bit(Kind::io_ready) | bit(Kind::poll) | bit(Kind::notify) | bit(Kind::g_waiting) | bit(Kind::g_runnable) |
           bit(Kind::g_end);
  }

  void observe(const Transition& t, const Facts&, const Metrics& metrics) override {
    switch (t.kind) {
      case Kind::io_ready:
        if (t.g != kNoG) ready_.try_emplace(t.g, Ready{t.at, kNever, t.a});
        break;
      case Kind::poll:
        for (auto& [g, r] : ready_) {
          if (r.looked == kNever) r.looked = t.at;
          if (t.at - r.since >= kTolerated) lost(g, r, t.at, metrics);
        }
        break;
      case Kind::notify: signals_[t.a] = {t.at, t.g, t.value}; break;
      case Kind::g_waiting:
        if (static_cast<WaitReason>(t.why) == WaitReason::cond_wait) waits_[t.g] = {t.a, t.at};
        break;
      default:
        ready_.erase(t.g);
        waits_.erase(t.g);
        break;
    }
  }
  bool violated() const override { return !found_.culprits.empty(); }

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    for (const auto& [g, r] : ready_)
      if (r.looked != kNever && end.at - r.since >= kTolerated) lost(g, r, end.at, metrics);
    const bool over = end.how == EndOfRun::How::done || end.how == EndOfRun::How::deadlock || end.stopped;
    for (const auto& [g, w] : waits_) {
      const auto signal = signals_.find(w.object);
      if (!over || signal == signals_.end() || signal->second.woken > 0 || signal->second.at >= w.since) continue;
      const TraceInfo& info = metrics.info();
      Verdict& v = found_;
      if (v.culprits.empty()) {
        v.at = w.since;
        v.sentence = object_name(info, w.object) + " was signalled at " + instant(signal->second.at) +
                     ", when nobody waited; who came at " + instant(w.since) + " waits for ever";
      }
      v.culprits.push_back({g, name(g, metrics), "waits for " + object_name(info, w.object), w.since, kNever});
    }
    found_.outcome = found_.culprits.empty() ? Verdict::Outcome::pass : Verdict::Outcome::fail;
    if (found_.culprits.empty()) found_.sentence = "no wake-up was lost";
    return found_;
  }

 private:
  struct Ready {
    Time since;
    Time looked;  ///< first look at the network since then
    std::uint32_t object;
  };
  struct Signal {
    Time at;
    std::uint32_t g;
    std::int64_t woken;
  };
  struct Wait {
    std::uint32_t object;
    Time since;
  };

  static std::string name(std::uint32_t g, const Metrics& metrics) {
    const LiveGoroutine* const live = metrics.witness().find(g);
    return goroutine_name(metrics.info(), g, live == nullptr ? kNoProgram : live->program);
  }

  void lost(std::uint32_t g, const Ready& r, Time now, const Metrics& metrics) {
    for (const Culprit& c : found_.culprits)
      if (c.g == g) return;
    if (found_.culprits.empty()) {
      found_.at = now;
      found_.sentence = object_name(metrics.info(), r.object) + " was ready at " + instant(r.since) +
                        ", the poller looked at " + instant(r.looked) + " and woke nobody";
    }
    found_.culprits.push_back(
        {g, name(g, metrics), "waits for " + object_name(metrics.info(), r.object), r.since, kNever});
  }

  std::map<std::uint32_t, Ready> ready_;
  std::map<std::uint32_t, Signal> signals_;
  std::map<std::uint32_t, Wait> waits_;
  Verdict found_;
};

}  // namespace

void register_oracles_lost_wakeup(Registry_oracles& r) {
  r.add({"lost_wakeup", "\"none\": nobody waits for what has already happened",
         [](const OracleSpec&, const TraceInfo&, const OracleHooks&) -> OracleMade {
           return std::make_unique<LostWakeup>();
         }});
}

}  // namespace gmpsim
