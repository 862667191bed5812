#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "analysis/compare.hpp"
#include "analysis/statistics.hpp"

using namespace gmpsim;
using boost::test_tools::tolerance;

BOOST_AUTO_TEST_SUITE(statistics)

namespace {
// Student's sleep data (Biometrika 6, 1908): hours gained under two drugs, the same ten patients.
const std::vector<double> kFirst{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
const std::vector<double> kSecond{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
}  // namespace

BOOST_AUTO_TEST_CASE(quantiles_of_student_t_are_those_of_the_tables) {
  for (const auto& [df, q975, q995] : {std::tuple{4.0, 2.776445, 4.604095},
                                       {9.0, 2.262157, 3.249836},
                                       {19.0, 2.093024, 2.860935},
                                       {29.0, 2.045230, 2.756386}}) {
    BOOST_TEST(student_t_quantile(0.975, df) == q975, tolerance(1e-6));
    BOOST_TEST(student_t_quantile(0.995, df) == q995, tolerance(1e-6));
    BOOST_TEST(student_t_quantile(0.025, df) == -q975, tolerance(1e-6));
    BOOST_TEST(student_t_two_sided(q975, df) == 0.05, tolerance(1e-5));
  }
  BOOST_TEST(student_t_quantile(1.0, 5) == 0.0);  // outside its domain: no exception
  BOOST_TEST(student_t_quantile(0.9, 0) == 0.0);
  BOOST_TEST(student_t_two_sided(std::numeric_limits<double>::infinity(), 3) == 0.0);
}

BOOST_AUTO_TEST_CASE(the_sleep_data_give_students_result) {
  const PairedComparison c = compare_paired(kFirst, kSecond);
  BOOST_TEST(c.n == 10u);
  BOOST_TEST(c.difference == 1.58, tolerance(1e-12));
  BOOST_TEST(c.low == 0.7001142, tolerance(1e-6));
  BOOST_TEST(c.high == 2.4598858, tolerance(1e-6));
  BOOST_TEST(c.p == 0.00283289, tolerance(1e-5));
  BOOST_TEST(c.correlation == 0.7951702, tolerance(1e-6));
  BOOST_TEST(c.significant);
  BOOST_TEST(c.base_mean == 0.75, tolerance(1e-12));
  BOOST_TEST(c.relative == 1.58 / 0.75, tolerance(1e-12));
  const PairedComparison wide = compare_paired(kFirst, kSecond, 0.99);
  BOOST_TEST(wide.high - wide.low == (c.high - c.low) * 3.249836 / 2.262157, tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(equal_runs_are_identical_not_merely_alike) {
  const PairedComparison c = compare_paired(kFirst, kFirst);
  BOOST_TEST(c.identical);
  BOOST_TEST(!c.significant);
  BOOST_TEST(c.difference == 0.0);
  BOOST_TEST(c.low == 0.0);
  BOOST_TEST(c.high == 0.0);
}

BOOST_AUTO_TEST_CASE(degenerate_inputs_have_honest_answers) {
  BOOST_TEST(compare_paired({}, {}).n == 0u);
  const PairedComparison one = compare_paired({10}, {12});
  BOOST_TEST(one.difference == 2.0);
  BOOST_TEST(!one.interval_known);
  BOOST_TEST(!one.significant);
  const PairedComparison constant = compare_paired({10, 20, 30}, {12, 22, 32});  // no spread at all: certain
  BOOST_TEST(constant.interval_known);
  BOOST_TEST(constant.p == 0.0);
  BOOST_TEST(constant.low == 2.0);
  BOOST_TEST(constant.high == 2.0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(compare_paired({1, nan, 3}, {2, 5, nan}).n == 1u);
  const PairedComparison zero = compare_paired({0, 0}, {1, 2});
  BOOST_TEST(zero.relative == 0.0);
  BOOST_TEST(zero.difference == 1.5);
}

BOOST_AUTO_TEST_CASE(holm_gives_the_textbook_values) {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
  const std::vector<double> adjusted = holm({0.01, 0.04, 0.03, 0.005});
  const std::vector<double> expected{0.03, 0.06, 0.06, 0.02};
  for (std::size_t i = 0; i < expected.size(); ++i) BOOST_TEST(adjusted[i] == expected[i], tolerance(1e-12));
  BOOST_TEST(holm({}).empty());
  BOOST_TEST(holm({0.7, 0.9})[1] == 1.0);
}

BOOST_AUTO_TEST_CASE(after_holm_an_interval_excludes_0_exactly_when_its_claim_is_significant) {
  std::uint64_t x = 1;
  const auto noise = [&] {
    return x ^= x << 13, x ^= x >> 7, x ^= x << 17, static_cast<double>(x % 1000) / 1000.0 - 0.5;
  };
  int significant = 0, not_significant = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<PairedComparison> family;
    for (int k = 0; k < 6; ++k) {
      std::vector<double> a, b;
      for (int i = 0; i < 8; ++i) a.push_back(noise()), b.push_back(a.back() + noise() + 0.12 * k);
      family.push_back(compare_paired(a, b));
    }
    std::vector<PairedComparison*> all;
    for (PairedComparison& c : family) all.push_back(&c);
    adjust_holm(all, 0.95);
    for (const PairedComparison& c : family) {
      BOOST_TEST_REQUIRE(c.significant == (c.low > 0 || c.high < 0));
      BOOST_TEST_REQUIRE(c.p_adjusted >= c.p);
      if (std::abs(c.p_adjusted - 0.05) > 1e-9) BOOST_TEST_REQUIRE(c.significant == (c.p_adjusted < 0.05));
      ++(c.significant ? significant : not_significant);
    }
  }
  BOOST_TEST(significant > 50);
  BOOST_TEST(not_significant > 50);
}

BOOST_AUTO_TEST_CASE(jains_index_is_that_of_the_literature) {
  BOOST_TEST(jain_index({1, 2, 3, 4}) == 0.833333, tolerance(1e-5));
  BOOST_TEST(jain_index({5, 5, 5}) == 1.0, tolerance(1e-12));
  BOOST_TEST(jain_index({1, 0, 0, 0}) == 0.25, tolerance(1e-12));
  BOOST_TEST(jain_index({0, 0}) == 1.0);
  BOOST_TEST(jain_index({}) == 1.0);
}

BOOST_AUTO_TEST_CASE(a_mean_has_its_interval) {
  const MeanInterval m = mean_interval({1, 2, 3, 4, 5});
  BOOST_TEST(m.mean == 3.0);
  BOOST_TEST(m.high - m.mean == 2.776445 * std::sqrt(2.5) / std::sqrt(5.0), tolerance(1e-6));
  BOOST_TEST(mean_interval({4}).low == 4.0);
}

BOOST_AUTO_TEST_CASE(policies_are_compared_row_by_row_against_the_first) {
  const std::vector<ComparedMetric> rows{{"time.total", "simulated time"},
                                         {"mark[x].count", "marks", ComparedMetric::Better::higher}};
  const std::vector<std::vector<std::vector<double>>> values{{{100, 5}, {200, 6}, {300, 7}, {400, 9}},
                                                             {{90, 5}, {180, 6}, {285, 7}, {380, 9}},
                                                             {{100, 1}, {200, 2}, {300, 3}, {400, 4}}};
  const Comparison c = compare_policies("story", {"stock", "fast", "slow"}, rows, values);
  BOOST_TEST(c.seeds == 4u);
  BOOST_TEST_REQUIRE(c.rows.size() == 2u);
  BOOST_TEST(c.rows[0].means[1] == 233.75);
  BOOST_TEST(!c.rows[0].versus[0].has_value());
  BOOST_TEST(c.rows[0].versus[1]->significant);
  BOOST_TEST(c.rows[0].versus[2]->identical);
  BOOST_TEST(c.rows[1].versus[1]->identical);
  BOOST_TEST(c.rows[1].versus[2]->difference == -4.25);
  BOOST_TEST_REQUIRE(c.notes.size() == 1u);
  BOOST_TEST(c.notes[0] == "No policy is best in everything: stock in 1, fast in 1 of 2 rows that differ.");
}

BOOST_AUTO_TEST_SUITE_END()
