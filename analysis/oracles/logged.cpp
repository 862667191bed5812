// logged: under a label exactly this sequence of values is logged. Compared while it flows, so that no log is kept.

#include <fmt/format.h>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

std::string tuple(const std::vector<std::int64_t>& values) {
  std::string text = values.size() == 1 ? "" : "(";
  for (std::size_t i = 0; i < values.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(values[i]);
  return text + (values.size() == 1 ? "" : ")");
}

class Logged final : public Oracle {
 public:
  Logged(std::string label, std::vector<std::vector<std::int64_t>> values)
      : label_(std::move(label)), expected_(std::move(values)) {}

  std::uint64_t kinds() const override { return bit(Kind::log); }

  void observe(const Transition& t, const Facts&, const Metrics& metrics) override {
    if (differs_ || label_name(metrics.info(), t.a) != label_) return;
    if (t.why == 0) tuple_.clear();
    tuple_.push_back(t.value);
    const std::size_t width = t.p == kNoP || t.p == 0 ? 1 : t.p;
    if (t.why + 1u < width) return;
    if (seen_ >= expected_.size() || expected_[seen_] != tuple_) {
      differs_ = true;
      at_ = t.at;
      const LiveGoroutine* const g = metrics.witness().find(t.g);
      culprit_ = {t.g, goroutine_name(metrics.info(), t.g, g == nullptr ? kNoProgram : g->program),
                  "logged " + tuple(tuple_), t.at, t.at};
    } else {
      ++seen_;
    }
  }
  bool violated() const override { return differs_; }

  Verdict finish(const EndOfRun& end, const Metrics&) override {
    Verdict v;
    v.sentence = fmt::format("{} as expected under {}", counted(expected_.size(), "value"), label_);
    if (!differs_ && seen_ == expected_.size()) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = differs_ ? at_ : end.at;
    const std::string expected = seen_ < expected_.size() ? tuple(expected_[seen_]) : "the end";
    v.sentence = fmt::format("value {} under {}: expected {}, got {}", seen_ + 1, label_, expected,
                             differs_ ? tuple(tuple_) : "the end of the run");
    if (differs_) v.culprits.push_back(culprit_);
    return v;
  }

 private:
  std::string label_;
  std::vector<std::vector<std::int64_t>> expected_;
  std::vector<std::int64_t> tuple_;
  std::size_t seen_ = 0;
  bool differs_ = false;
  Time at_ = 0;
  Culprit culprit_;
};

}  // namespace

void register_oracles_logged(Registry_oracles& r) {
  r.add({"logged", "{label, values}: exactly this sequence is logged under the label",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks&) -> OracleMade {
           if (spec.label.empty()) return "logged needs \"label\"";
           return std::make_unique<Logged>(spec.label, spec.values);
         }});
}

}  // namespace gmpsim
