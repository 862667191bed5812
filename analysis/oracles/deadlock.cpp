// deadlock: the runtime itself reported that all goroutines are asleep. The last line of defence: it cannot see a part
// of the program that is stuck while another part goes on (see leak and wait_cycle).

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class Deadlock final : public Oracle {
 public:
  std::uint64_t kinds() const override { return bit(Kind::deadlock); }
  void observe(const Transition&, const Facts&, const Metrics&) override { seen_ = true; }
  bool violated() const override { return seen_; }
  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    Verdict v;
    v.sentence = "no deadlock";
    if (!seen_ && end.how != EndOfRun::How::deadlock) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = end.at;
    v.sentence = "all goroutines are asleep at " + instant(end.at) + ": " + counted(end.blocked.size(), "goroutine") +
                 " blocked";
    for (const EndOfRun::Blocked& b : end.blocked) v.culprits.push_back(blocked_culprit(b, metrics));
    return v;
  }

 private:
  bool seen_ = false;
};

}  // namespace

void register_oracles_deadlock(Registry_oracles& r) {
  r.add({"deadlock", "\"none\": the runtime never reports that all goroutines are asleep",
         [](const OracleSpec&, const TraceInfo&, const OracleHooks&) -> OracleMade {
           return std::make_unique<Deadlock>();
         }});
}

}  // namespace gmpsim
