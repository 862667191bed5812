// assert: no assertion of the workload is found false. The run goes on after one; the first few are named.

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class Assert final : public Oracle {
 public:
  std::uint64_t kinds() const override { return bit(Kind::assert_fail); }
  void observe(const Transition& t, const Facts&, const Metrics& metrics) override {
    constexpr std::size_t kShown = 5;
    if (failures_++ == 0) at_ = t.at;
    if (culprits_.size() == kShown) return;
    const LiveGoroutine* const g = metrics.witness().find(t.g);
    culprits_.push_back({t.g, goroutine_name(metrics.info(), t.g, g == nullptr ? kNoProgram : g->program),
                         "found false: " + printable(label_name(metrics.info(), t.a)), t.at, t.at});
  }
  bool violated() const override { return failures_ > 0; }
  Verdict finish(const EndOfRun&, const Metrics&) override {
    Verdict v;
    v.sentence = "no assertion found false";
    if (failures_ == 0) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = at_;
    v.sentence = counted(failures_, "assertion") + " found false, the first at " + instant(at_);
    v.culprits = culprits_;
    return v;
  }

 private:
  std::uint64_t failures_ = 0;
  Time at_ = 0;
  std::vector<Culprit> culprits_;
};

}  // namespace

void register_oracles_assert(Registry_oracles& r) {
  r.add({"assert", "\"none\": no assertion of the workload is found false",
         [](const OracleSpec&, const TraceInfo&, const OracleHooks&) -> OracleMade {
           return std::make_unique<Assert>();
         }});
}

}  // namespace gmpsim
