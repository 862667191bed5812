// work_conserving: no goroutine stays runnable for longer than `max_idle` while some P is idle.
//
// Measured per goroutine: of its wait, the part during which at least one P was idle. Rejected: the longest stretch
// with both an idle P and any runnable goroutine; under load such stretches join, although each goroutine waits only as
// long as waking a thread takes. The total over the run is the metric sched.idle_while_runnable.

#include <fmt/format.h>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class WorkConserving final : public Oracle {
 public:
  explicit WorkConserving(Duration max) : max_(max) {}
  std::uint64_t kinds() const override { return bit(Kind::g_running); }
  void observe(const Transition&, const Facts& f, const Metrics&) override {
    violated_ |= f.started && f.stranded > max_;
  }
  bool violated() const override { return violated_; }

  Verdict finish(const EndOfRun&, const Metrics& metrics) override {
    const WaitRecord& worst = metrics.most_stranded();  // takes in those that still wait
    const bool bad = worst.length > max_;
    Verdict v;
    v.sentence =
        fmt::format("longest wait beside an idle P {} {} {}, in all {}", short_time(static_cast<double>(worst.length)),
                    bad ? ">" : "<=", short_time(static_cast<double>(max_)),
                    short_time(static_cast<double>(metrics.witness().idle_while_runnable())));
    if (worst.g == kNoG) return v;
    v.culprits.push_back({worst.g, goroutine_name(metrics.info(), worst.g, worst.program), queue_name(worst.queue),
                          worst.since, worst.open ? kNever : worst.until});
    if (!bad) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = worst.until;
    return v;
  }

 private:
  Duration max_;
  bool violated_ = false;
};

}  // namespace

void register_oracles_work_conserving(Registry_oracles& r) {
  r.add({"work_conserving", "{max_idle}: no goroutine waits longer than max_idle for a P while some P is idle",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks&) -> OracleMade {
           if (!spec.max) return "work_conserving needs \"max_idle\"";
           return std::make_unique<WorkConserving>(*spec.max);
         }});
}

}  // namespace gmpsim
