// leak: when the run is over, a goroutine is blocked and nothing can wake it any more.
//
// After a run that ended by itself every blocked goroutine is one. After a run that was cut off (time, limit, exit) the
// stream does not tell what the rest of the program could still have done: that needs knowledge of the program, which
// the layer that has it supplies. Without it the verdict is undecided, unless nothing is blocked.

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class Leak final : public Oracle {
 public:
  Leak(Selector who, const WakeKnowledge* wakes) : who_(std::move(who)), wakes_(wakes) {}

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    const bool over = end.how == EndOfRun::How::done || end.how == EndOfRun::How::deadlock || end.stopped;
    Verdict v;
    std::size_t unknown = 0;
    for (const EndOfRun::Blocked& b : end.blocked) {
      const LiveGoroutine* const g = metrics.witness().find(b.g);
      if (!who_.matches(metrics.info(), b.g, g == nullptr ? kNoProgram : g->program, g == nullptr ? 0 : g->ordinal))
        continue;
      const std::optional<bool> hope = over                ? std::optional<bool>(false)
                                       : wakes_ != nullptr ? wakes_->may_be_woken(b.g)
                                                           : std::nullopt;
      if (!hope) ++unknown;
      if (hope && !*hope) v.culprits.push_back(blocked_culprit(b, metrics));
    }
    if (!v.culprits.empty()) {
      v.outcome = Verdict::Outcome::fail;
      v.at = end.at;
      v.sentence =
          counted(v.culprits.size(), "goroutine") + (v.culprits.size() == 1 ? " is" : " are") + " blocked for ever";
    } else if (unknown > 0) {
      v.outcome = Verdict::Outcome::undecided;
      v.sentence =
          counted(unknown, "goroutine") + " blocked when the run was cut off; it cannot be told whether for ever";
    } else {
      v.sentence = "no goroutine is blocked for ever";
    }
    return v;
  }

 private:
  Selector who_;
  const WakeKnowledge* wakes_;
};

}  // namespace

void register_oracles_leak(Registry_oracles& r) {
  r.add({"leak", "\"none\" or {who}: at the end no goroutine is blocked that nothing can wake",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks& hooks) -> OracleMade {
           Selector who;
           Selector::parse(spec.who, who);
           return std::make_unique<Leak>(std::move(who), hooks.wakes);
         }});
}

}  // namespace gmpsim
