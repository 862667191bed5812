#include "analysis/statistics.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace gmpsim {
namespace {

/// Sample standard deviation; 0 for fewer than two values.
double deviation(const Eigen::VectorXd& values) {
  if (values.size() < 2) return 0;
  return std::sqrt((values.array() - values.mean()).square().sum() / static_cast<double>(values.size() - 1));
}

/// Half the width of the interval of a mean of n values, at this level of error.
double half_width(double deviation, std::size_t n, double alpha) {
  if (n < 2 || deviation == 0) return 0;
  return student_t_quantile(1.0 - alpha / 2.0, static_cast<double>(n - 1)) * deviation /
         std::sqrt(static_cast<double>(n));
}

void set_interval(PairedComparison& c, double half) {
  c.low = c.difference - half;
  c.high = c.difference + half;
  c.relative_low = c.base_mean == 0 ? 0 : c.low / std::abs(c.base_mean);
  c.relative_high = c.base_mean == 0 ? 0 : c.high / std::abs(c.base_mean);
}

/// Indices by rising p; among equals the earlier one first.
std::vector<std::size_t> by_p(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
  return order;
}

}  // namespace

double student_t_quantile(double probability, double degrees_of_freedom) {
  if (!(degrees_of_freedom > 0) || !(probability > 0) || !(probability < 1)) return 0;
  return boost::math::quantile(boost::math::students_t(degrees_of_freedom), probability);
}

double student_t_two_sided(double t, double degrees_of_freedom) {
  if (!(degrees_of_freedom > 0) || std::isnan(t)) return 1;
  if (std::isinf(t)) return 0;
  return std::min(
      1.0, 2.0 * boost::math::cdf(boost::math::complement(boost::math::students_t(degrees_of_freedom), std::abs(t))));
}

PairedComparison compare_paired(const std::vector<double>& base, const std::vector<double>& other, double confidence) {
  std::vector<double> a;
  std::vector<double> b;
  for (std::size_t i = 0; i < std::min(base.size(), other.size()); ++i) {
    if (!std::isfinite(base[i]) || !std::isfinite(other[i])) continue;
    a.push_back(base[i]);
    b.push_back(other[i]);
  }
  PairedComparison c;
  c.n = a.size();
  if (c.n == 0) return c;
  const Eigen::Map<const Eigen::VectorXd> x(a.data(), static_cast<Eigen::Index>(c.n));
  const Eigen::Map<const Eigen::VectorXd> y(b.data(), static_cast<Eigen::Index>(c.n));
  const Eigen::VectorXd d = y - x;
  c.base_mean = x.mean();
  c.other_mean = y.mean();
  c.identical = (d.array() == 0.0).all();
  c.difference = c.identical ? 0.0 : d.mean();
  // Relative to the size of the base, so that the sign is that of the difference for a negative base too.
  c.relative = c.base_mean == 0 ? 0 : c.difference / std::abs(c.base_mean);
  c.interval_known = c.n >= 2;
  const double sd = (d.array() == d(0)).all() ? 0.0 : deviation(d);
  const double error = sd / std::sqrt(static_cast<double>(c.n));
  if (c.identical || !c.interval_known)
    c.p = 1;
  else
    c.p = sd == 0 ? 0 : student_t_two_sided(c.difference / error, static_cast<double>(c.n - 1));
  c.p_adjusted = c.p;
  c.significant = c.interval_known && c.p <= 1.0 - confidence;
  const double sx = deviation(x);
  const double sy = deviation(y);
  if (sx > 0 && sy > 0 && c.n >= 2)
    c.correlation =
        ((x.array() - c.base_mean) * (y.array() - c.other_mean)).sum() / (static_cast<double>(c.n - 1) * sx * sy);
  set_interval(c, half_width(sd, c.n, 1.0 - confidence));
  return c;
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<double> adjusted(p.size());
  double running = 0;
  const std::vector<std::size_t> order = by_p(p);
  for (std::size_t k = 0; k < order.size(); ++k) {
    running = std::max(running, std::min(1.0, static_cast<double>(p.size() - k) * p[order[k]]));
    adjusted[order[k]] = running;
  }
  return adjusted;
}

void adjust_holm(std::vector<PairedComparison*> family, double confidence) {
  const double alpha = 1.0 - confidence;
  // What cannot be tested (one seed, or equal in every bit) is no claim and does not weaken the others.
  std::erase_if(family, [](const PairedComparison* c) { return !c->interval_known || c->identical; });
  std::vector<double> p;
  for (const PairedComparison* c : family) p.push_back(c->p);
  const std::vector<double> adjusted = holm(p);
  const std::vector<std::size_t> order = by_p(p);
  double level = alpha;
  bool rejecting = true;
  for (std::size_t k = 0; k < order.size(); ++k) {
    PairedComparison& c = *family[order[k]];
    c.p_adjusted = adjusted[order[k]];
    if (rejecting) level = alpha / static_cast<double>(family.size() - k);
    // p <= level decides, as the interval does; comparing p_adjusted with alpha could differ in the last bit.
    rejecting = rejecting && c.p <= level;
    c.significant = rejecting;
    if (c.p == 0 && c.low == c.high) continue;  // every difference is the same: no spread, no interval
    // The interval at the old level gives back the standard error.
    const double t = student_t_quantile(1.0 - alpha / 2.0, static_cast<double>(c.n - 1));
    const double error = (c.high - c.low) / 2.0 / t;
    set_interval(c, student_t_quantile(1.0 - level / 2.0, static_cast<double>(c.n - 1)) * error);
  }
}

MeanInterval mean_interval(const std::vector<double>& values, double confidence) {
  MeanInterval m;
  m.n = values.size();
  if (m.n == 0) return m;
  const Eigen::Map<const Eigen::VectorXd> x(values.data(), static_cast<Eigen::Index>(m.n));
  m.mean = x.mean();
  m.deviation = deviation(x);
  const double half = half_width(m.deviation, m.n, 1.0 - confidence);
  m.low = m.mean - half;
  m.high = m.mean + half;
  return m;
}

double jain_index(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double v : values) {
    sum += v;
    squares += v * v;
  }
  return squares == 0 ? 1.0 : sum * sum / (static_cast<double>(values.size()) * squares);
}

}  // namespace gmpsim
