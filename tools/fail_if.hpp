#pragma once
// The condition of `compare --fail-if`. Two forms:
//
//   METRIC > +5%, METRIC < -2ms   a policy differs from the first by more than that, and all of the interval of the
//                                 difference lies on that side of 0: luck does not fail a build
//   anything else                 a condition as in `require`; true in any run of any policy
//
// The sign tells them apart: a threshold with a sign is a difference.

#include <optional>
#include <string>
#include <vector>

#include "analysis/compare.hpp"
#include "analysis/condition.hpp"
#include "analysis/table.hpp"

namespace gmpsim {

class FailIf {
 public:
  /// Throws a usage Failure when `text` is neither.
  explicit FailIf(const std::string& text);

  /// Of the first form: its metric must be a row of the comparison.
  [[nodiscard]] const std::optional<ComparedMetric>& metric() const { return metric_; }
  /// Of the second: is it true of this run?
  [[nodiscard]] bool holds(const Metrics& metrics) const;
  /// Of the first: what is true, in words; empty when nothing is.
  [[nodiscard]] std::vector<std::string> broken(const Comparison& comparison) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::optional<ComparedMetric> metric_;
  bool above_ = true;
  bool relative_ = false;
  double threshold_ = 0;
  std::string threshold_text_;
  std::optional<Condition> condition_;
};

}  // namespace gmpsim
