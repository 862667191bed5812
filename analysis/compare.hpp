#pragma once
// Policies side by side on the same seeds: one row a metric, one column a policy, the paired difference to the first.

#include <optional>
#include <string>
#include <vector>

#include "analysis/metrics.hpp"
#include "analysis/statistics.hpp"

namespace gmpsim {

/// A metric to compare.
struct ComparedMetric {
  enum class Better : std::uint8_t { lower, higher, neither };
  std::string name;   ///< of the metric grammar: "span[request].p99"
  std::string title;  ///< "request p99"
  Better better = Better::lower;
};

/// What suits a run: p50, p99 and p99.9 of its spans, p99 and maximum of the scheduling delay per class, P idle while
/// work waits, P busy, the simulated time. Compute it from the first run, use it for all.
[[nodiscard]] std::vector<ComparedMetric> default_comparison(const Metrics& metrics);

/// The values of one run, in the order of the metrics; NaN where nothing was measured.
[[nodiscard]] std::vector<double> sample(const Metrics& metrics, const std::vector<ComparedMetric>& compared);

struct Comparison {
  struct Row {
    ComparedMetric metric;
    MetricUnit unit = MetricUnit::number;
    std::vector<double> means;                            ///< one a policy; NaN when nothing was measured
    std::vector<std::optional<PairedComparison>> versus;  ///< against the first policy; none for itself
  };
  std::string scenario;
  std::vector<std::string> policies;
  std::size_t seeds = 0;
  double confidence = 0.95;
  std::vector<Row> rows;
  std::vector<std::string> notes;  ///< sentences below the table
};

/// `values[policy][seed]` is a `sample`. All policies must have the same number of seeds.
[[nodiscard]] Comparison compare_policies(std::string scenario, std::vector<std::string> policies,
                                          const std::vector<ComparedMetric>& compared,
                                          const std::vector<std::vector<std::vector<double>>>& values,
                                          double confidence = 0.95);

}  // namespace gmpsim
