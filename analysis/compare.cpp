#include "analysis/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/table.hpp"

namespace gmpsim {
namespace {

using Better = ComparedMetric::Better;

/// How many values a run needs above a quantile for it to mean anything.
constexpr std::uint64_t kTail = 10;

}  // namespace

std::vector<ComparedMetric> default_comparison(const Metrics& metrics) {
  std::vector<ComparedMetric> rows;
  const TraceInfo& info = metrics.info();
  for (std::size_t label = 0; label < metrics.spans().size() && label < info.labels.size(); ++label) {
    const std::uint64_t n = metrics.spans()[label].length.count();
    if (n == 0) continue;
    const std::string name = "span[" + info.labels[label] + "].";
    const std::string title = printable(info.labels[label]) + " ";
    rows.push_back({name + "p50", title + "p50"});
    if (n >= 100) rows.push_back({name + "p99", title + "p99"});
    if (n >= 1000 * kTail) rows.push_back({name + "p99.9", title + "p99.9"});
    rows.push_back({name + "max", title + "max"});
  }
  std::vector<std::string> whom;
  for (const std::string& klass : metrics.classes()) whom.push_back("class:" + klass);
  if (whom.empty()) whom.push_back("*");
  for (const std::string& who : whom) {
    Selector selector;
    Selector::parse(who, selector);
    const Histogram delay = metrics.delay(selector);
    if (delay.count() == 0) continue;
    const std::string of = who == "*" ? "" : ", " + printable(selector.name());
    rows.push_back({"delay[" + who + "].mean", "sched delay mean" + of});
    if (delay.count() >= 100) rows.push_back({"delay[" + who + "].p99", "sched delay p99" + of});
    rows.push_back({"delay[" + who + "].max", "longest wait" + of});
  }
  for (std::size_t label = 0; label < metrics.marks().size() && label < info.labels.size(); ++label) {
    if (metrics.marks()[label].total > 0)
      rows.push_back(
          {"mark[" + info.labels[label] + "].count", "mark " + printable(info.labels[label]), Better::neither});
  }
  rows.push_back({"sched.idle_while_runnable", "P idle while work waits"});
  rows.push_back({"procs.idle_share", "P idle", Better::neither});
  rows.push_back({"procs.runtime_share", "P in the scheduler"});
  rows.push_back({"time.total", "simulated time"});
  return rows;
}

std::vector<double> sample(const Metrics& metrics, const std::vector<ComparedMetric>& compared) {
  std::vector<double> values;
  for (const ComparedMetric& m : compared)
    values.push_back(metrics.value_of(m.name).value_or(std::numeric_limits<double>::quiet_NaN()));
  return values;
}

namespace {

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  std::size_t n = 0;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    sum += v;
    ++n;
  }
  return n == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(n);
}

/// One closing sentence: who is best, or that nobody is.
void conclude(Comparison& c) {
  if (c.policies.size() < 2) return;
  std::vector<std::size_t> wins(c.policies.size());
  bool any = false;
  bool differs = false;
  for (const Comparison::Row& row : c.rows) {
    for (const auto& v : row.versus) differs |= v && !v->identical;
    if (row.metric.better == Better::neither) continue;
    // The best policy of a row is one that beats the first significantly, by the largest difference.
    std::size_t best = 0;
    double gain = 0;
    bool beaten = false;
    for (std::size_t p = 1; p < c.policies.size(); ++p) {
      const auto& v = row.versus[p];
      if (!v || !v->significant) continue;
      const double better = row.metric.better == Better::lower ? -v->difference : v->difference;
      beaten |= better < 0;
      if (better > gain) {
        gain = better;
        best = p;
      }
    }
    if (best == 0 && !beaten) continue;  // nobody stands out
    any = true;
    ++wins[best];
  }
  if (!differs) {
    c.notes.push_back("All policies give the same values on this workload.");
  } else if (any) {
    const std::size_t decided = [&] {
      std::size_t n = 0;
      for (const std::size_t w : wins) n += w;
      return n;
    }();
    const std::size_t top = static_cast<std::size_t>(std::max_element(wins.begin(), wins.end()) - wins.begin());
    if (wins[top] == decided) {
      c.notes.push_back(fmt::format("{} is best, or as good as the best, in every row.", printable(c.policies[top])));
    } else {
      std::string who;
      for (std::size_t p = 0; p < wins.size(); ++p) {
        if (wins[p] > 0) who += fmt::format("{}{} in {}", who.empty() ? "" : ", ", printable(c.policies[p]), wins[p]);
      }
      c.notes.push_back(fmt::format("No policy is best in everything: {} of {} rows that differ.", who, decided));
    }
  }
}

}  // namespace

Comparison compare_policies(std::string scenario, std::vector<std::string> policies,
                            const std::vector<ComparedMetric>& compared,
                            const std::vector<std::vector<std::vector<double>>>& values, double confidence) {
  Comparison c;
  c.scenario = std::move(scenario);
  c.policies = std::move(policies);
  c.confidence = confidence;
  c.seeds = values.empty() ? 0 : values.front().size();
  for (std::size_t m = 0; m < compared.size(); ++m) {
    Comparison::Row row;
    row.metric = compared[m];
    const MetricParse parsed = parse_metric(compared[m].name);
    row.unit = parsed.ref ? parsed.ref->unit : MetricUnit::number;
    std::vector<std::vector<double>> columns;
    for (const auto& seeds : values) {
      std::vector<double> column;
      for (const std::vector<double>& run : seeds)
        column.push_back(m < run.size() ? run[m] : std::numeric_limits<double>::quiet_NaN());
      columns.push_back(std::move(column));
    }
    for (std::size_t p = 0; p < columns.size(); ++p) {
      row.means.push_back(mean_of(columns[p]));
      std::optional<PairedComparison> versus;
      if (p > 0) versus = compare_paired(columns[0], columns[p], confidence);
      if (versus && versus->n == 0) versus.reset();
      row.versus.push_back(versus);
    }
    c.rows.push_back(std::move(row));
  }
  std::vector<PairedComparison*> family;
  for (Comparison::Row& row : c.rows) {
    for (auto& v : row.versus) {
      if (v) family.push_back(&*v);
    }
  }
  adjust_holm(family, confidence);
  if (c.seeds < 2 && c.policies.size() > 1)
    c.notes.push_back("One seed gives no interval; use --replications 10 or more.");
  conclude(c);
  return c;
}

}  // namespace gmpsim
