// require: a condition holds when the run is over. Over values that nothing measured it is undecided, not passed.

#include "analysis/oracles/registry.hpp"

namespace gmpsim {
namespace {

class Require final : public Oracle {
 public:
  Require(Condition condition, const Variables* variables) : condition_(std::move(condition)), variables_(variables) {}
  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    Verdict v;
    const std::optional<double> value = condition_.value(metrics, variables_);
    v.outcome = !value ? Verdict::Outcome::undecided : *value != 0 ? Verdict::Outcome::pass : Verdict::Outcome::fail;
    v.sentence = condition_.explain(metrics, variables_);
    if (v.failed()) v.at = end.at;
    return v;
  }

 private:
  Condition condition_;
  const Variables* variables_;
};

}  // namespace

void register_oracles_require(Registry_oracles& r) {
  r.add({"require", "a condition over metrics, shared variables, len and cap that must hold at the end",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks& hooks) -> OracleMade {
           ConditionParse parsed = parse_condition(spec.expression);
           if (!parsed.condition)
             return parsed.error.message + " (column " + std::to_string(parsed.error.offset + 1) + ")";
           return std::make_unique<Require>(std::move(*parsed.condition), hooks.variables);
         }});
}

}  // namespace gmpsim
