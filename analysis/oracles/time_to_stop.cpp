// time_to_stop: from the request to stop the world to the last P standing still, never more than `max`.
//
// A stop that was not complete when the run ended counts with what it has lasted. The culprit is who ran last on the P
// that stopped last: it kept all the others waiting. While a stop is not complete, it is whoever runs and does not ask.

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class TimeToStop final : public Oracle {
 public:
  explicit TimeToStop(Duration max) : max_(max) {}

  std::uint64_t kinds() const override {
    return bit(Kind::stw_begin) | bit(Kind::p_stop) | bit(Kind::stw_stopped) | bit(Kind::g_running);
  }

  void observe(const Transition& t, const Facts&, const Metrics& metrics) override {
    switch (t.kind) {
      case Kind::stw_begin:
        ++stops_;
        stopping_ = true;
        since_ = t.at;
        stopper_ = t.g;
        last_ = {};
        for (RanOn& on : ran_on_) on.stopped = false;
        break;
      case Kind::p_stop:
        if (!stopping_ || t.p >= ran_on_.size()) break;
        last_ = ran_on_[t.p];
        ran_on_[t.p].stopped = true;
        break;
      case Kind::stw_stopped:
        stopping_ = false;
        // A foreign stream may say anything; no stop began before the run.
        if (const Duration took = std::clamp<Duration>(t.value, 0, std::max<Time>(t.at, 0)); took > longest_) {
          longest_ = took;
          at_ = t.at - took;
          culprit_ = blame(last_, metrics);
        }
        break;
      default:
        if (t.p >= ran_on_.size()) ran_on_.resize(t.p + 1u);
        ran_on_[t.p] = {t.g, t.p, false};
        break;
    }
  }
  bool violated() const override { return longest_ > max_; }

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    bool open = false;
    if (stopping_ && end.at - since_ > longest_) {
      open = true;
      longest_ = end.at - since_;
      at_ = since_;
      culprit_.reset();
      for (const RanOn& on : ran_on_) {
        const LiveGoroutine* const g = on.stopped ? nullptr : metrics.witness().find(on.g);
        if (culprit_ || g == nullptr || g->g == stopper_ || g->state != LiveGoroutine::State::running) continue;
        culprit_ = Culprit{
            g->g, goroutine_name(metrics.info(), g->g, g->program), "runs and does not stop", g->since, kNever, false};
      }
    }
    Verdict v;
    if (longest_ < 0) {
      v.sentence = "the world was never stopped";
      return v;
    }
    const bool bad = longest_ > max_;
    v.sentence = open ? fmt::format("the world had not stopped when the run ended, {} after the request",
                                    short_time(static_cast<double>(longest_)))
                      : fmt::format("longest time to stop {} {} {} ({})", short_time(static_cast<double>(longest_)),
                                    bad ? ">" : "<=", short_time(static_cast<double>(max_)), counted(stops_, "stop"));
    if (!bad) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = later(at_, max_);
    if (culprit_) v.culprits.push_back(*culprit_);
    return v;
  }

 private:
  struct RanOn {
    std::uint32_t g = kNoG;
    std::uint16_t p = kNoP;
    bool stopped = false;
  };

  std::optional<Culprit> blame(const RanOn& ran, const Metrics& metrics) const {
    if (ran.g == kNoG) return std::nullopt;
    const LiveGoroutine* const g = metrics.witness().find(ran.g);
    return Culprit{ran.g,
                   goroutine_name(metrics.info(), ran.g, g == nullptr ? kNoProgram : g->program),
                   fmt::format("was the last to stop, on P{}", ran.p),
                   at_,
                   later(at_, longest_),
                   false};
  }

  Duration max_;
  std::uint64_t stops_ = 0;
  bool stopping_ = false;
  Time since_ = 0;
  std::uint32_t stopper_ = kNoG;
  RanOn last_;                 // of the P that stopped last
  std::vector<RanOn> ran_on_;  // by P
  Duration longest_ = -1;
  Time at_ = 0;
  std::optional<Culprit> culprit_;
};

}  // namespace

void register_oracles_time_to_stop(Registry_oracles& r) {
  r.add({"time_to_stop", "{max}: from the request to stop the world to all Ps standing still, at most max",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks&) -> OracleMade {
           if (!spec.max) return "time_to_stop needs \"max\", how long the world may take to stop";
           return std::make_unique<TimeToStop>(*spec.max);
         }});
}

}  // namespace gmpsim
