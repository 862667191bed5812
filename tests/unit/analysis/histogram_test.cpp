#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "analysis/gauge.hpp"
#include "analysis/histogram.hpp"

using namespace gmpsim;

BOOST_AUTO_TEST_SUITE(histogram)

namespace {
/// A fixed sequence that covers all sizes of values.
std::vector<std::int64_t> scattered(std::size_t n, std::uint64_t x) {
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < n; ++i) {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    values.push_back(static_cast<std::int64_t>((x >> 1) >> (x % 63)));
  }
  return values;
}
}  // namespace

BOOST_AUTO_TEST_CASE(buckets_cover_every_value_once_and_are_narrow) {
  BOOST_TEST(Histogram::lower_of(0) == 0u);
  for (std::size_t i = 0; i + 1 < Histogram::kBuckets; ++i) {
    BOOST_TEST_REQUIRE(Histogram::lower_of(i + 1) == Histogram::upper_of(i) + 1);
    BOOST_TEST_REQUIRE(Histogram::index_of(Histogram::lower_of(i)) == i);
    BOOST_TEST_REQUIRE(Histogram::index_of(Histogram::upper_of(i)) == i);
    const std::uint64_t width = Histogram::upper_of(i) - Histogram::lower_of(i) + 1;
    BOOST_TEST_REQUIRE((width == 1 || width <= Histogram::lower_of(i) / 128));
  }
  BOOST_TEST(Histogram::upper_of(Histogram::kBuckets - 1) == ~std::uint64_t{0});
}

BOOST_AUTO_TEST_CASE(quantiles_are_within_a_128th_of_the_sorted_samples) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    std::vector<std::int64_t> values = scattered(1001, seed);
    Histogram h;
    for (const std::int64_t v : values) h.add(v);
    std::sort(values.begin(), values.end());
    for (const auto& [num, den] : {std::pair{1u, 2u}, {9u, 10u}, {99u, 100u}, {999u, 1000u}, {1u, 1u}, {0u, 1u}}) {
      const std::size_t rank = std::max<std::size_t>((values.size() * num + den - 1) / den, 1);
      const std::int64_t exact = values[rank - 1];
      BOOST_TEST_CONTEXT("seed " << seed << " quantile " << num << "/" << den) {
        BOOST_TEST(h.quantile(num, den) >= exact);
        BOOST_TEST(h.quantile(num, den) <= exact + exact / 128);
      }
    }
    BOOST_TEST(h.min() == values.front());
    BOOST_TEST(h.max() == values.back());
    BOOST_TEST(h.quantile(1, 1) == values.back());
  }
}

BOOST_AUTO_TEST_CASE(merging_is_exact_and_order_free) {
  const std::vector<std::int64_t> values = scattered(3000, 5);
  Histogram all, a, b, c;
  for (std::size_t i = 0; i < values.size(); ++i) {
    all.add(values[i]);
    (i % 3 == 0 ? a : i % 3 == 1 ? b : c).add(values[i]);
  }
  Histogram one = a;
  one.merge(b);
  one.merge(c);
  Histogram two = c;
  two.merge(Histogram{});
  two.merge(a);
  two.merge(b);
  BOOST_TEST((one == all));
  BOOST_TEST((two == all));
  BOOST_TEST((one == a) == false);
}

BOOST_AUTO_TEST_CASE(small_values_are_exact_and_negative_ones_count_as_zero) {
  Histogram h;
  for (const std::int64_t v : {-5, 0, 1, 100, 127}) h.add(v);
  BOOST_TEST(h.count() == 5u);
  BOOST_TEST(h.min() == 0);
  BOOST_TEST(h.sum() == 228.0);
  BOOST_TEST(h.mean() == 45.6);
  BOOST_TEST(h.quantile(3, 5) == 1);
  BOOST_TEST(h.quantile(4, 5) == 100);
}

BOOST_AUTO_TEST_CASE(an_empty_one_and_enormous_sums_are_fine) {
  Histogram h;
  BOOST_TEST(h.quantile(1, 2) == 0);
  BOOST_TEST(h.min() == 0);
  BOOST_TEST(h.mean() == 0.0);
  for (int i = 0; i < 5; ++i) h.add(INT64_MAX);
  BOOST_TEST(h.sum() == 5.0 * 9223372036854775807.0);
  BOOST_TEST(h.quantile(1, 2) == INT64_MAX);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(gauge)

BOOST_AUTO_TEST_CASE(the_mean_is_weighted_by_time_and_the_first_maximum_is_remembered) {
  Gauge g;
  g.set(100, 4);   // 0 for 100
  g.set(300, 10);  // 4 for 200
  g.set(310, 0);   // 10 for 10
  g.set(900, 10);
  g.settle(1000);  // 0 for 590, 10 for 100
  BOOST_TEST(g.mean() == (4 * 200 + 10 * 10 + 10 * 100) / 1000.0);
  BOOST_TEST(g.max() == 10);
  BOOST_TEST(g.max_at() == 300);
}

BOOST_AUTO_TEST_CASE(a_long_time_at_zero_widens_the_strip_too) {
  Gauge g;
  g.set(0, 3);
  g.set(1000, 0);
  g.settle(1'000'000'000);
  const std::vector<double> strip = g.strip();
  BOOST_TEST_REQUIRE(strip.size() > Gauge::kStretches / 2);
  BOOST_TEST_REQUIRE(strip.size() <= Gauge::kStretches);
  BOOST_TEST(strip.front() > 0.0);
  BOOST_TEST(strip.back() == 0.0);
  BOOST_TEST(g.mean() == 3000.0 / 1e9);
}

BOOST_AUTO_TEST_CASE(the_strip_keeps_its_area_while_its_stretches_double) {
  for (const Time end : {Time{1}, Time{1024}, Time{40 * 1024}, Time{40 * 1024 + 1}, Time{1'000'000'007},
                         Time{kNever / 2}, Time{kNever}}) {
    Gauge g;
    const Duration step = std::max<Duration>(end / 997, 1);
    for (Time at = 0; at < end - step && at >= 0; at += step) g.set(at, at / step % 7);
    g.settle(end);
    const std::vector<double> strip = g.strip();
    BOOST_TEST_CONTEXT("end " << end) {
      BOOST_TEST(strip.size() <= Gauge::kStretches);
      if (end > 40 * 1024) BOOST_TEST(strip.size() > Gauge::kStretches / 2);
      double area = 0;
      for (std::size_t i = 0; i < strip.size(); ++i) {
        const double begin = static_cast<double>(g.stretch_width()) * static_cast<double>(i);
        area += strip[i] * std::min(static_cast<double>(g.stretch_width()), static_cast<double>(end) - begin);
      }
      BOOST_TEST(area == static_cast<double>(g.area()), boost::test_tools::tolerance(1e-9));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
