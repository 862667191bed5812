// Random times: pinned to the nanosecond, and held against the closed forms they approximate.

#include <algorithm>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "sim/check.hpp"
#include "sim/distribution.hpp"
#include "sim/random.hpp"

namespace gmpsim {
namespace {

namespace math = boost::math;

constexpr std::uint64_t kStream = stream_named("distribution_test");

std::uint64_t bits_at(std::uint64_t i) { return random_bits(7, kStream, 0, i); }

/// The probability that 64 bits stand for, as documented.
double probability(std::uint64_t bits) { return static_cast<double>(bits | 1) * 0x1p-64; }

struct Form {
  const char* name;
  Sampler sampler;
  std::function<double(double)> quantile;
};

std::vector<Form> closed_forms() {
  const double log_sigma = std::log(10.0) / math::quantile(math::normal(), 0.99);
  return {
      {"exponential", Sampler::exponential(ms(1)), [](double u) { return math::quantile(math::exponential(1e-6), u); }},
      {"poisson", Sampler::poisson_gap(9'000, seconds(1)),
       [](double u) { return math::quantile(math::exponential(9e-6), u); }},
      {"normal", Sampler::normal(ms(10), ms(1)), [](double u) { return math::quantile(math::normal(1e7, 1e6), u); }},
      {"lognormal by p99", Sampler::lognormal(us(400), ms(4)),
       [=](double u) { return math::quantile(math::lognormal(std::log(4e5), log_sigma), u); }},
      {"lognormal by sigma", Sampler::lognormal_sigma(ms(1), 1'500'000),
       [](double u) { return math::quantile(math::lognormal(std::log(1e6), 1.5), u); }},
      {"pareto", Sampler::pareto(us(10), 2'500'000),
       [](double u) { return math::quantile(math::pareto(1e4, 2.5), u); }},
  };
}

BOOST_AUTO_TEST_SUITE(distribution_suite)

BOOST_AUTO_TEST_CASE(the_same_bits_give_the_same_nanosecond_everywhere) {
  static constexpr std::uint64_t bits[] = {0,
                                           1ULL << 40,
                                           0x4000000000000000ULL,
                                           0x8000000000000000ULL,
                                           0xe666666666666666ULL,  // 0.9
                                           0xfd70a3d70a3d70a4ULL,  // 0.99
                                           ~0ULL};
  const std::pair<Sampler, std::vector<Duration>> golden[] = {
      {Sampler::constant(us(250)), {250000, 250000, 250000, 250000, 250000, 250000, 250000}},
      {Sampler::uniform(us(50), us(150)), {50000, 50000, 75000, 100000, 140000, 149000, 150000}},
      {Sampler::exponential(ms(1)), {0, 0, 287682, 693147, 2302585, 4605170, 44361420}},
      {Sampler::exponential(us(250), {.max = us(500)}), {0, 0, 71921, 173287, 500000, 500000, 500000}},
      {Sampler::poisson_gap(9'000, seconds(1)), {0, 0, 31965, 77016, 255843, 511686, 4929047}},
      {Sampler::normal(ms(10), ms(2)), {0, 0, 8651020, 10000000, 12563103, 14652696, 28160310}},
      {Sampler::normal(ms(1), ms(1), {.min = us(100)}), {100000, 100000, 325510, 1000000, 2281552, 3326348, 10080155}},
      {Sampler::lognormal(us(400), ms(4)), {50, 2119, 205175, 400000, 1422151, 4000000, 3200665305}},
      {Sampler::lognormal_sigma(ms(1), 1'500'000), {1, 355, 363588, 1000000, 6836852, 32770274, 822606048215}},
      {Sampler::pareto(us(10), 1'500'000), {10000, 10000, 12114, 15874, 46416, 215443, 69814636583315590}},
      {Sampler::pareto(us(10), 1),
       {10000, 10614, 2305843009213693952, 2305843009213693952, 2305843009213693952, 2305843009213693952,
        2305843009213693952}},
  };
  for (std::size_t row = 0; row < std::size(golden); ++row)
    for (std::size_t i = 0; i < std::size(bits); ++i) BOOST_TEST_CONTEXT("row " << row << ", bits " << bits[i])
  BOOST_TEST(golden[row].first.quantile(bits[i]) == golden[row].second[i]);
}

BOOST_AUTO_TEST_CASE(quantiles_are_those_of_the_closed_form) {
  for (const Form& form : closed_forms())
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      const std::uint64_t bits = bits_at(i);
      const double expected = form.quantile(probability(bits));
      const auto got = static_cast<double>(form.sampler.quantile(bits));
      BOOST_TEST_REQUIRE(std::abs(got - expected) <= 0.51 + 1e-8 * expected,
                         form.name << ": bits " << bits << " gave " << got << ", expected " << expected);
    }
}

BOOST_AUTO_TEST_CASE(means_of_keyed_draws_are_those_of_the_closed_form) {
  // Over 200 000 draws; the margin is five standard errors, and the draws are fixed, so this cannot fail by chance.
  const double spread = std::exp(1.5 * 1.5);
  const std::tuple<const char*, Sampler, double, double> rows[] = {
      {"uniform", Sampler::uniform(us(50), us(150)), 1e5, 1e5 / std::sqrt(12.0)},
      {"exponential", Sampler::exponential(ms(1)), 1e6, 1e6},
      {"normal", Sampler::normal(ms(10), ms(1)), 1e7, 1e6},
      {"lognormal", Sampler::lognormal_sigma(ms(1), 1'500'000), 1e6 * std::sqrt(spread),
       1e6 * std::sqrt(spread * (spread - 1))},
      {"pareto", Sampler::pareto(us(10), 3'000'000), 1.5e4, 1e4 * std::sqrt(0.75)},
  };
  constexpr int kDraws = 200'000;
  for (const auto& [name, sampler, mean, deviation] : rows) {
    double sum = 0;
    for (std::uint64_t i = 0; i < kDraws; ++i) sum += static_cast<double>(sampler.quantile(bits_at(i)));
    BOOST_TEST(std::abs(sum / kDraws - mean) < 5 * deviation / std::sqrt(kDraws),
               name << ": mean " << sum / kDraws << ", expected " << mean);
  }
}

BOOST_AUTO_TEST_CASE(uniform_reaches_each_value_equally_often) {
  const Sampler die = Sampler::uniform(1, 6);
  std::vector<int> seen(7);
  for (std::uint64_t i = 0; i < 60'000; ++i) ++seen.at(static_cast<std::size_t>(die.quantile(bits_at(i))));
  BOOST_TEST(seen[0] == 0);
  for (std::size_t value = 1; value <= 6; ++value) BOOST_TEST(std::abs(seen[value] - 10'000) < 500);  // 5 sigma is 456
  BOOST_TEST(die.quantile(0) == 1);
  BOOST_TEST(die.quantile(~0ULL) == 6);
}

BOOST_AUTO_TEST_CASE(larger_bits_never_give_a_shorter_time) {
  std::vector<std::uint64_t> bits = {0, 1, ~0ULL, ~0ULL - 1, 1ULL << 63, (1ULL << 63) - 1};
  for (std::uint64_t i = 0; i < 50'000; ++i) bits.push_back(bits_at(i));
  for (std::uint64_t i = 0; i < 50'000; ++i) bits.push_back(bits_at(i) >> (i % 60));     // far into one tail
  for (std::uint64_t i = 0; i < 50'000; ++i) bits.push_back(~(bits_at(i) >> (i % 60)));  // and the other
  std::sort(bits.begin(), bits.end());
  for (const Form& form : closed_forms()) {
    Duration last = 0;
    for (const std::uint64_t b : bits) {
      const Duration now = form.sampler.quantile(b);
      BOOST_TEST_REQUIRE(now >= last, form.name << " falls at bits " << b);
      last = now;
    }
  }
}

BOOST_AUTO_TEST_CASE(draws_stay_within_their_bounds_for_the_wildest_parameters) {
  constexpr Duration huge = kNever;
  const Sampler wild[] = {
      Sampler::constant(-5),
      Sampler::constant(huge),
      Sampler::uniform(0, huge),
      Sampler::uniform(huge, huge),
      Sampler::exponential(0),
      Sampler::exponential(huge),
      Sampler::poisson_gap(1, huge),
      Sampler::poisson_gap(huge, huge),
      Sampler::poisson_gap(huge, 1),
      Sampler::normal(0, huge),
      Sampler::normal(-huge, huge),
      Sampler::normal(huge, 0),
      Sampler::lognormal(1, huge),
      Sampler::lognormal(huge, huge),
      Sampler::lognormal_sigma(huge, 40'000'000),
      Sampler::pareto(1, 1),
      Sampler::pareto(huge, huge),
      Sampler::exponential(huge, {.min = -huge, .max = huge}),
  };
  for (const Sampler& sampler : wild)
    for (std::uint64_t i = 0; i < 2'000; ++i)
      for (const std::uint64_t bits : {bits_at(i), bits_at(i) >> (i % 64), ~(bits_at(i) >> (i % 64))}) {
        const Duration drawn = sampler.quantile(bits);
        BOOST_TEST_REQUIRE(drawn >= 0);
        BOOST_TEST_REQUIRE(drawn <= kLongestDraw);
      }
  const Sampler clipped = Sampler::normal(ms(5), ms(5), {.min = ms(4), .max = ms(6)});
  BOOST_TEST(clipped.quantile(0) == ms(4));
  BOOST_TEST(clipped.quantile(~0ULL) == ms(6));
}

BOOST_AUTO_TEST_CASE(parameters_out_of_order_are_a_failed_check) {
  BOOST_CHECK_THROW((void)Sampler::uniform(2, 1), CheckFailure);
  BOOST_CHECK_THROW((void)Sampler::lognormal(10, 9), CheckFailure);
  BOOST_CHECK_THROW((void)Sampler::lognormal(0, 9), CheckFailure);
  BOOST_CHECK_THROW((void)Sampler::pareto(10, 0), CheckFailure);
  BOOST_CHECK_THROW((void)Sampler::exponential(1, {.min = 2, .max = 1}), CheckFailure);
}

BOOST_AUTO_TEST_CASE(only_a_constant_needs_no_bits) {
  BOOST_TEST(Sampler().is_constant());
  BOOST_TEST(Sampler::constant(3).is_constant());
  BOOST_TEST(!Sampler::uniform(3, 4).is_constant());
}

BOOST_AUTO_TEST_CASE(log2_is_exact_at_powers_of_two_and_close_elsewhere) {
  for (int k = 0; k < 64; ++k) BOOST_TEST(fixed::log2(1ULL << k) == k * fixed::kOne);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const std::uint64_t x = std::max<std::uint64_t>(bits_at(i) >> (i % 64), 1);
    const long double error =
        static_cast<long double>(fixed::log2(x)) / fixed::kOne - std::log2(static_cast<long double>(x));
    BOOST_TEST_REQUIRE(std::abs(static_cast<double>(error)) < 0x1p-55,
                       "log2(" << x << ") is off by " << static_cast<double>(error));
  }
}

BOOST_AUTO_TEST_CASE(scaling_by_a_power_of_two_is_rounded_to_the_nearest) {
  BOOST_TEST(fixed::scale(5, 0) == 5);
  BOOST_TEST(fixed::scale(5, 3 * fixed::kOne) == 40);
  BOOST_TEST(fixed::scale(5, -fixed::kOne) == 3);  // 2.5 rounds up
  BOOST_TEST(fixed::scale(1, -2 * fixed::kOne) == 0);
  BOOST_TEST(fixed::scale(1'000'000'000'000'000, fixed::kOne / 2) == 1'414'213'562'373'095);
  BOOST_TEST(fixed::scale(1, 61 * fixed::kOne) == kLongestDraw);
  BOOST_TEST(fixed::scale(1, 62 * fixed::kOne) == kLongestDraw);
  BOOST_TEST(fixed::scale(1, 127 * fixed::kOne) == kLongestDraw);
  BOOST_TEST(fixed::scale(0, 127 * fixed::kOne) == 0);
  BOOST_TEST(fixed::scale(kNever, -127 * fixed::kOne) == 0);
}

BOOST_AUTO_TEST_CASE(the_normal_score_is_the_quantile_of_the_normal_distribution) {
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = bits_at(i) >> (i % 40);  // down to a tail of 2^-40
    const double expected = math::quantile(math::normal(), probability(bits));
    const double got = static_cast<double>(fixed::normal_score(bits)) / static_cast<double>(fixed::kOne);
    BOOST_TEST_REQUIRE(std::abs(got - expected) < 0x1p-31, "bits " << bits << ": " << got << ", expected " << expected);
    BOOST_TEST_REQUIRE(fixed::normal_score(~bits) == -fixed::normal_score(bits));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim
