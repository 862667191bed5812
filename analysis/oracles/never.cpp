// never: a condition holds at no time.
//
// Evaluated after each record that can change a metric it reads, not once a buffer: a counter that rises and falls
// again within a microsecond is still caught. When it reads shared variables, which leave no record, it is evaluated
// whenever the interpreter says that one has changed.

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class Never final : public Oracle {
 public:
  Never(Condition condition, const Variables* variables) : condition_(std::move(condition)), variables_(variables) {}

  // Variables are seen as they are now, records as they were written: mixing them needs the calls that keep both in
  // step.
  std::uint64_t kinds() const override { return condition_.reads_variables() ? 0 : condition_.kinds(); }
  bool wants_variables() const override { return condition_.reads_variables(); }
  bool violated() const override { return violated_; }

  void observe(const Transition& t, const Facts&, const Metrics& metrics) override { look(t.at, t.g, metrics); }
  void observe_variables(Time now, const Metrics& metrics) override { look(now, kNoG, metrics); }

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    look(end.at, kNoG, metrics);
    Verdict v;
    if (violated_) {
      v.outcome = Verdict::Outcome::fail;
      v.at = at_;
      v.sentence = "held at " + instant(at_) + ": " + sentence_;
      if (g_ != kNoG) v.culprits.push_back({g_, name_, "made it true", at_, at_});
    } else if (!known_) {
      v.outcome = Verdict::Outcome::undecided;
      v.sentence = condition_.explain(metrics, variables_);
    } else {
      v.sentence = "never " + condition_.text();
    }
    return v;
  }

 private:
  void look(Time at, std::uint32_t g, const Metrics& metrics) {
    if (violated_) return;
    const std::optional<double> value = condition_.value(metrics, variables_);
    known_ |= value.has_value();
    if (!value || *value == 0) return;
    violated_ = true;
    at_ = at;
    g_ = g;
    const LiveGoroutine* const live = metrics.witness().find(g);
    name_ = goroutine_name(metrics.info(), g, live == nullptr ? kNoProgram : live->program);
    sentence_ = condition_.explain(metrics, variables_);
  }

  Condition condition_;
  const Variables* variables_;
  bool known_ = false;
  bool violated_ = false;
  Time at_ = 0;
  std::uint32_t g_ = kNoG;
  std::string name_;
  std::string sentence_;
};

}  // namespace

void register_oracles_never(Registry_oracles& r) {
  r.add({"never", "a condition over metrics, shared variables, len and cap that must not hold at any time",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks& hooks) -> OracleMade {
           ConditionParse parsed = parse_condition(spec.expression);
           if (!parsed.condition)
             return parsed.error.message + " (column " + std::to_string(parsed.error.offset + 1) + ")";
           return std::make_unique<Never>(std::move(*parsed.condition), hooks.variables);
         }});
}

}  // namespace gmpsim
