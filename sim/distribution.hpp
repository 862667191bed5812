#pragma once
// Random times without floating point: a Sampler turns 64 random bits into nanoseconds.
//
// Every distribution is its quantile function: the bits are read as a probability u = (bits | 1) / 2^64, the middle of a
// cell of width 2^-63, and the answer is the time below which a share u of all draws lies. One draw per time, and larger
// bits never give a shorter time, so that two runs with the same bits and other parameters stay comparable draw by draw
// (common random numbers), and an explorer that sets bits knows what it sets.
//
// All arithmetic is on integers in fixed point (Q56: 56 binary digits behind the point), with base-2 logarithms,
// exponentials and the normal quantile from tables that the compiler fills in distribution.cpp. Results are the same on
// every machine, with every compiler; the relative error is below 1e-8 (tests/unit/sim/distribution_test.cpp).
//
// Rejected: libm (its last digit depends on the machine) and std:: distributions (differ between libraries); rejection
// methods (an unknown number of draws shifts every later one); Box-Muller (two draws, not monotone).
// Invariant: 0 <= quantile(bits) <= kLongestDraw, so that adding a draw to a time cannot overflow.

#include <cstdint>

#include "sim/time.hpp"

namespace gmpsim {

/// No draw is longer [ns]: 2^61, about 73 years.
inline constexpr Duration kLongestDraw = Duration{1} << 61;

/// What a draw is clipped to (not redrawn: a draw stays one draw).
struct DrawBounds {
  Duration min = 0;
  Duration max = kLongestDraw;
};

/// A random time, as plain data. Parameters are checked by whoever reads them from a file; see each maker.
class Sampler {
 public:
  Sampler() = default;  ///< the constant 0
  /// Always `value`; below 0 counts as 0.
  [[nodiscard]] static Sampler constant(Duration value);
  /// Each of min, ..., max equally likely. 0 <= min <= max.
  [[nodiscard]] static Sampler uniform(Duration min, Duration max);
  /// Exponential. mean >= 0.
  [[nodiscard]] static Sampler exponential(Duration mean, DrawBounds bounds = {});
  /// The gap between events of a Poisson stream of `count` events each `per` [ns]. count >= 1, per >= 1.
  [[nodiscard]] static Sampler poisson_gap(std::int64_t count, Duration per);
  /// Normal. sd >= 0. Negative times are clipped to bounds.min like all others.
  [[nodiscard]] static Sampler normal(Duration mean, Duration sd, DrawBounds bounds = {});
  /// Lognormal through its median and 99th percentile. 1 <= median <= p99.
  [[nodiscard]] static Sampler lognormal(Duration median, Duration p99, DrawBounds bounds = {});
  /// Lognormal through its median and the standard deviation of its logarithm, in millionths. median >= 1, 0 <= sigma_ppm <= 40e6.
  [[nodiscard]] static Sampler lognormal_sigma(Duration median, std::int64_t sigma_ppm, DrawBounds bounds = {});
  /// Pareto: P(X > x) = (min / x)^alpha. min >= 1, alpha in millionths >= 1. bounds.min is ignored.
  [[nodiscard]] static Sampler pareto(Duration min, std::int64_t alpha_ppm, DrawBounds bounds = {});

  /// The time [ns] that 64 random bits stand for.
  [[nodiscard]] Duration quantile(std::uint64_t bits) const;

  /// True when all bits give the same time: nobody need be asked for them.
  [[nodiscard]] bool is_constant() const { return shape_ == Shape::constant; }

 private:
  enum class Shape : std::uint8_t { constant, uniform, exponential, normal, lognormal, pareto };
  Sampler(Shape shape, std::int64_t a, std::int64_t b, DrawBounds bounds)
      : shape_(shape), a_(a), b_(b), bounds_(bounds) {}

  Shape shape_ = Shape::constant;
  std::int64_t a_ = 0;  ///< value, min, mean (exponential: numerator), median
  std::int64_t b_ = 0;  ///< number of values, denominator of the mean, sd, log2 per score in Q56, alpha
  DrawBounds bounds_;
};

/// Fixed-point functions behind the distributions, open to tests.
namespace fixed {

inline constexpr int kPoint = 56;  ///< binary digits behind the point: Q56
inline constexpr std::int64_t kOne = std::int64_t{1} << kPoint;

/// log2(x) in Q56, within 2^-55. x >= 1.
[[nodiscard]] std::int64_t log2(std::uint64_t x);
/// base * 2^exponent, rounded to the nearest and clipped to [0, kLongestDraw]. base >= 0, exponent in Q56.
[[nodiscard]] Duration scale(Duration base, std::int64_t exponent);
/// -log2(1 - u) in Q56 for u = (bits | 1) / 2^64: from almost 0 to 64.
[[nodiscard]] std::int64_t tail_log2(std::uint64_t bits);
/// The standard normal quantile of u = (bits | 1) / 2^64 in Q56, from -9.08 to 9.08, within 2^-31.
[[nodiscard]] std::int64_t normal_score(std::uint64_t bits);

}  // namespace fixed

}  // namespace gmpsim
