#pragma once
// Statistics of comparisons that can be believed: two policies run on the same seeds, so the *differences* are looked
// at (common random numbers), with Student's t for their mean and Holm's adjustment over all comparisons of a table.
//
// Rejected: comparing two means with separate intervals (throws the pairing away); the bootstrap (needs many more
// seeds to be honest in the tails). Doubles begin here; nothing computed here flows back into a run.

#include <cstdint>
#include <vector>

namespace gmpsim {

/// Of one metric, one policy against another, paired by seed.
struct PairedComparison {
  std::size_t n = 0;
  double base_mean = 0;
  double other_mean = 0;
  double difference = 0;     ///< mean of other - base
  double low = 0, high = 0;  ///< confidence interval of the mean difference; equal to it when n < 2
  double relative = 0;       ///< difference / base_mean; 0 when the base is 0
  double relative_low = 0, relative_high = 0;
  double p = 1;                 ///< two-sided, that the mean difference is 0
  double p_adjusted = 1;        ///< by Holm over the family
  double correlation = 0;       ///< of the pairs: what pairing gained (0 when undefined)
  bool identical = false;       ///< every difference is exactly 0
  bool interval_known = false;  ///< n >= 2
  bool significant = false;     ///< p_adjusted <= 1 - confidence
};

/// `base` and `other` hold the metric for the same seeds in the same order. Pairs with a NaN are left out.
[[nodiscard]] PairedComparison compare_paired(const std::vector<double>& base, const std::vector<double>& other,
                                              double confidence = 0.95);

/// Adjusts p values and intervals so that, with the given confidence, *no* claim of the family is wrong (Holm 1979).
/// The k-th smallest p gets the interval of level 1 - alpha / (m - k + 1); from the first that is not significant on
/// the level stays, so that an interval excludes 0 exactly when its comparison is significant.
void adjust_holm(std::vector<PairedComparison*> family, double confidence = 0.95);
/// Holm-adjusted p values, in the order given.
[[nodiscard]] std::vector<double> holm(const std::vector<double>& p);

/// Quantile of Student's t: P(T <= t) = probability, degrees of freedom > 0.
[[nodiscard]] double student_t_quantile(double probability, double degrees_of_freedom);
/// P(|T| >= |t|).
[[nodiscard]] double student_t_two_sided(double t, double degrees_of_freedom);

struct MeanInterval {
  std::size_t n = 0;
  double mean = 0, low = 0, high = 0, deviation = 0;
};
/// Mean of replications with its t interval.
[[nodiscard]] MeanInterval mean_interval(const std::vector<double>& values, double confidence = 0.95);

/// Jain's index of fairness, (sum x)^2 / (n sum x^2): 1 when all are equal, 1/n when one has all. 1 for no values or
/// all 0.
[[nodiscard]] double jain_index(const std::vector<double>& values);

}  // namespace gmpsim
