// panic: no panic goes uncaught and no fatal error happens; a deadlock is the business of the oracle of that name.

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class Panic final : public Oracle {
 public:
  std::uint64_t kinds() const override { return bit(Kind::panic); }
  void observe(const Transition& t, const Facts&, const Metrics& metrics) override {
    if (seen_) return;
    seen_ = true;
    first_ = t;
    const LiveGoroutine* const g = metrics.witness().find(t.g);
    who_ = goroutine_name(metrics.info(), t.g, g == nullptr ? kNoProgram : g->program);
    message_ = label_name(metrics.info(), t.a);
  }
  bool violated() const override { return seen_; }
  Verdict finish(const EndOfRun& end, const Metrics&) override {
    Verdict v;
    v.sentence = "no panic";
    const bool ended_so = end.how == EndOfRun::How::panic || end.how == EndOfRun::How::fatal;
    if (!seen_ && !ended_so) return v;
    const bool fatal = seen_ ? first_.why == 1 : end.how == EndOfRun::How::fatal;
    const std::string& message = seen_ && end.message.empty() ? message_ : end.message;
    v.outcome = Verdict::Outcome::fail;
    v.at = seen_ ? first_.at : end.at;
    v.sentence = (fatal ? "fatal error: " : "panic: ") + printable(message) + " at " + instant(v.at);
    if (seen_ && first_.g != kNoG)
      v.culprits.push_back({first_.g, who_, fatal ? "fatal error" : "panicked", first_.at, first_.at});
    return v;
  }

 private:
  bool seen_ = false;
  Transition first_;
  std::string who_;
  std::string message_;
};

}  // namespace

void register_oracles_panic(Registry_oracles& r) {
  r.add({"panic", "\"none\": no uncaught panic and no fatal error (deadlock apart)",
         [](const OracleSpec&, const TraceInfo&, const OracleHooks&) -> OracleMade {
           return std::make_unique<Panic>();
         }});
}

}  // namespace gmpsim
