#include "sim/distribution.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "sim/check.hpp"

namespace gmpsim {

namespace {

__extension__ using Wide = __int128;
__extension__ using UWide = unsigned __int128;

// Constants in Q62, rounded from their decimal expansions.
constexpr std::uint64_t kLn2 = 0x2c5c85fdf473de6bULL;           // 0.693147...
constexpr std::uint64_t kLog2E = 0x5c551d94ae0bf85eULL;         // 1.442695...
constexpr std::uint64_t kLn2SqrtTwoPi = 0x6f329529f9660683ULL;  // 1.737462... = ln(2) sqrt(2 pi)

constexpr std::uint64_t times62(std::uint64_t x, std::uint64_t y) {
  return static_cast<std::uint64_t>(UWide{x} * y >> 62);
}

constexpr std::int64_t times_q56(std::int64_t x, std::int64_t y) {
  return static_cast<std::int64_t>(Wide{x} * y >> fixed::kPoint);
}

// --- 2^f ---------------------------------------------------------------------------------------------------------------

constexpr std::uint64_t square_root(UWide x) {  // floor; digit by digit
  UWide root = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const UWide with_bit = root | UWide{1} << bit;
    if (with_bit * with_bit <= x) root = with_bit;
  }
  return static_cast<std::uint64_t>(root);
}

/// 2^(i/256) in Q62: products of 2^(1/2), 2^(1/4), ..., each the square root of the one before.
constexpr std::array<std::uint64_t, 256> kExp2 = [] {
  std::array<std::uint64_t, 256> table{};
  table.fill(std::uint64_t{1} << 62);
  std::uint64_t root = std::uint64_t{1} << 63;  // 2
  for (unsigned bit = 128; bit >= 1; bit /= 2) {
    root = square_root(UWide{root} << 62);
    for (unsigned i = 0; i < 256; ++i)
      if ((i & bit) != 0) table[i] = times62(table[i], root);
  }
  return table;
}();

/// 2^f in Q62 for a fraction f in Q56, 0 <= f < 1.
constexpr std::uint64_t exp2_fraction(std::uint64_t f) {
  const std::uint64_t rest = (f & ((std::uint64_t{1} << 48) - 1)) << 6;  // below 2^-8, in Q62
  const std::uint64_t y = times62(rest, kLn2);
  // e^y = 1 + y (1 + y/2 (1 + y/3 (1 + y/4 (1 + y/5)))); the next term is below 2^-60.
  constexpr std::uint64_t one = std::uint64_t{1} << 62;
  std::uint64_t sum = one + y / 5;
  for (const std::uint64_t k : {4, 3, 2, 1}) sum = one + times62(y, sum) / k;
  return times62(kExp2[f >> 48], sum);
}

// --- log2 --------------------------------------------------------------------------------------------------------------

/// log2 of a mantissa in Q63, 1 <= m < 2, in Q62, a bit at a time: squaring doubles the logarithm. Slow; fills tables.
constexpr std::uint64_t log2_by_squaring(std::uint64_t m) {
  std::uint64_t result = 0;
  for (int bit = 61; bit >= 0; --bit) {
    const UWide square = UWide{m} * m;  // Q126, below 4
    const bool two_or_more = square >> 127 != 0;
    if (two_or_more) result |= std::uint64_t{1} << bit;
    m = static_cast<std::uint64_t>(square >> (two_or_more ? 64 : 63));
  }
  return result;
}

struct Reciprocal {
  std::uint64_t inverse;  // of the middle of the interval, Q63
  std::uint64_t log2;     // of that middle, Q62
};

/// For each of 128 intervals of the mantissa.
constexpr std::array<Reciprocal, 128> kReciprocals = [] {
  std::array<Reciprocal, 128> table{};
  for (std::uint64_t i = 0; i < 128; ++i) {
    const std::uint64_t middle = (std::uint64_t{257} + 2 * i) << 55;  // 1 + (i + 1/2) / 128 in Q63
    const auto inverse = static_cast<std::uint64_t>((UWide{1} << 126) / middle);
    // log2(middle) of the middle that the rounded inverse belongs to: 1 - log2(2 * inverse).
    table[i] = {inverse, (std::uint64_t{1} << 62) - log2_by_squaring(inverse << 1)};
  }
  return table;
}();

// --- normal quantile ---------------------------------------------------------------------------------------------------

/// The score x whose upper tail is 2^-t, at t = 1 - 2/32, 1 - 1/32, 1, ..., 64, in Q56: the solution of
///   dx/dt = ln(2) sqrt(2 pi) 2^(x^2 / (2 ln 2) - t)
/// followed from the far end towards t = 1 by Runge and Kutta's rule. In this direction errors shrink (by e^(-x^2/2) on
/// the whole way), and where it arrives proves it: a tail of one half has score 0.
constexpr int kStepsPerUnit = 32;
constexpr int kBefore = 2;  // entries before t = 1, so that interpolation is centred there too
constexpr int kScores = kBefore + 63 * kStepsPerUnit + 1;

constexpr std::int64_t score_slope(std::int64_t t, std::int64_t x) {
  const std::int64_t half_square = times_q56(x, x) / 2;                                   // below 42
  const auto exponent = static_cast<std::int64_t>(Wide{half_square} * kLog2E >> 62) - t;  // in (-7, 0)
  const std::int64_t whole = exponent >> fixed::kPoint;
  const std::uint64_t power = exp2_fraction(static_cast<std::uint64_t>(exponent) & (fixed::kOne - 1));
  return static_cast<std::int64_t>(times62(power, kLn2SqrtTwoPi) >> (6 - whole));  // Q62 to Q56
}

constexpr std::array<std::int64_t, kScores> kScore = [] {
  std::array<std::int64_t, kScores> table{};
  constexpr std::int64_t h = fixed::kOne / kStepsPerUnit / 2;  // two steps from entry to entry
  std::int64_t t = 64 * fixed::kOne;
  std::int64_t x = 0x914850bd7f05fd9;  // 9.080155124873612669: its upper tail is 2^-64
  for (int step = 2 * (kScores - 1); step >= 0; --step) {
    if (step % 2 == 0) table[static_cast<std::size_t>(step / 2)] = x;
    const std::int64_t k1 = score_slope(t, x);
    const std::int64_t k2 = score_slope(t - h / 2, x - times_q56(h / 2, k1));
    const std::int64_t k3 = score_slope(t - h / 2, x - times_q56(h / 2, k2));
    const std::int64_t k4 = score_slope(t - h, x - times_q56(h, k3));
    x -= times_q56(h / 6, k1 + 2 * k2 + 2 * k3 + k4);
    t -= h;
  }
  return table;
}();
static_assert(kScore[kBefore] < fixed::kOne >> 31 && kScore[kBefore] > -(fixed::kOne >> 31),
              "the way back ends at the median");

/// The table at t (Q56, 1 <= t <= 64) through the six points around it.
std::int64_t score_of_tail(std::int64_t t) {
  constexpr std::int64_t step = fixed::kOne / kStepsPerUnit;
  const std::int64_t first = std::min<std::int64_t>((t - fixed::kOne) / step, kScores - 6);  // the point two before t
  const std::int64_t x =
      (t - fixed::kOne - first * step) * kStepsPerUnit + kBefore * fixed::kOne;  // from there, in steps
  std::array<std::int64_t, 6> d;  // becomes the forward differences of order 0, ..., 5 (Newton)
  std::copy_n(kScore.begin() + first, d.size(), d.begin());
  for (std::size_t order = 1; order < d.size(); ++order)
    for (std::size_t i = d.size() - 1; i >= order; --i) d[i] -= d[i - 1];
  std::int64_t sum = d[5];
  for (int k = 5; k >= 1; --k) sum = d[static_cast<std::size_t>(k - 1)] + times_q56(x - (k - 1) * fixed::kOne, sum) / k;
  return sum;
}

Duration clip(Wide value, const DrawBounds& bounds) {
  return static_cast<Duration>(std::clamp<Wide>(value, bounds.min, bounds.max));
}

DrawBounds checked(DrawBounds bounds) {
  GMPSIM_CHECK(bounds.min <= bounds.max, "the bounds of a distribution are in order");
  return {std::clamp<Duration>(bounds.min, 0, kLongestDraw), std::clamp<Duration>(bounds.max, 0, kLongestDraw)};
}

/// Exponents beyond this are clipped: scale() has long reached 0 or kLongestDraw there.
constexpr std::int64_t kLargestExponent = 127 * fixed::kOne - 1;

std::int64_t as_exponent(Wide value) {
  return static_cast<std::int64_t>(std::clamp<Wide>(value, -Wide{kLargestExponent}, kLargestExponent));
}

}  // namespace

namespace fixed {

std::int64_t log2(std::uint64_t x) {
  const int exponent = 63 - std::countl_zero(x);
  const std::uint64_t m = x << (63 - exponent);
  const Reciprocal& near = kReciprocals[m >> 56 & 127];
  const auto z =
      static_cast<std::int64_t>(UWide{m} * near.inverse >> 64) - (std::int64_t{1} << 62);  // m / middle - 1, in Q62
  // ln(1 + z) = z (1 - z (1/2 - z (1/3 - ...))), |z| < 2^-8
  constexpr std::int64_t one = std::int64_t{1} << 62;
  std::int64_t sum = one / 7;
  for (int k = 6; k >= 1; --k) sum = one / k - static_cast<std::int64_t>(Wide{z} * sum >> 62);
  const auto natural = static_cast<std::int64_t>(Wide{z} * sum >> 62);
  const auto fraction = static_cast<std::int64_t>(near.log2) + static_cast<std::int64_t>(Wide{natural} * kLog2E >> 62);
  return exponent * kOne + ((fraction + 32) >> 6);
}

Duration scale(Duration base, std::int64_t exponent) {
  const std::int64_t whole = exponent >> kPoint;
  const UWide product =
      UWide(static_cast<std::uint64_t>(base)) * exp2_fraction(static_cast<std::uint64_t>(exponent) & (kOne - 1));
  const std::int64_t shift = 62 - whole;  // product is below 2^126
  if (shift > 126 || base == 0) return 0;
  if (shift < 1) return kLongestDraw;
  const UWide rounded = (product >> (shift - 1)) + 1;
  return static_cast<Duration>(std::min<UWide>(rounded >> 1, static_cast<UWide>(kLongestDraw)));
}

std::int64_t tail_log2(std::uint64_t bits) {
  // 1 - u lies in the middle of a cell of width 2^-63: an odd number of 2^-64ths, never 0.
  return std::max<std::int64_t>(64 * kOne - log2(~bits | 1), 0);
}

std::int64_t normal_score(std::uint64_t bits) {
  const bool upper = bits >> 63 != 0;
  const std::uint64_t tail = (upper ? ~bits : bits) | 1;  // below 1/2
  const std::int64_t score = score_of_tail(std::max(64 * kOne - log2(tail), kOne));
  return upper ? score : -score;
}

}  // namespace fixed

Sampler Sampler::constant(Duration value) {
  return {Shape::constant, std::clamp<Duration>(value, 0, kLongestDraw), 0, {}};
}

Sampler Sampler::uniform(Duration min, Duration max) {
  GMPSIM_CHECK(0 <= min && min <= max, "uniform: 0 <= min <= max");
  const Duration last = std::min(max, kLongestDraw);
  return {Shape::uniform, std::min(min, last), last - std::min(min, last) + 1, {}};
}

Sampler Sampler::exponential(Duration mean, DrawBounds bounds) {
  GMPSIM_CHECK(mean >= 0, "exponential: mean >= 0");
  return {Shape::exponential, mean, 1, checked(bounds)};
}

Sampler Sampler::poisson_gap(std::int64_t count, Duration per) {
  GMPSIM_CHECK(count >= 1 && per >= 1, "poisson: count >= 1, per >= 1");
  return {Shape::exponential, per, count, {}};
}

Sampler Sampler::normal(Duration mean, Duration sd, DrawBounds bounds) {
  GMPSIM_CHECK(sd >= 0, "normal: sd >= 0");
  return {Shape::normal, mean, sd, checked(bounds)};
}

Sampler Sampler::lognormal(Duration median, Duration p99, DrawBounds bounds) {
  GMPSIM_CHECK(1 <= median && median <= p99, "lognormal: 1 <= median <= p99");
  const std::int64_t log_ratio =
      fixed::log2(static_cast<std::uint64_t>(p99)) - fixed::log2(static_cast<std::uint64_t>(median));
  const std::int64_t score_of_p99 = fixed::normal_score(0xfd70a3d70a3d70a4ULL);  // 0.99 of 2^64
  return {Shape::lognormal, median, static_cast<std::int64_t>((Wide{log_ratio} << fixed::kPoint) / score_of_p99),
          checked(bounds)};
}

Sampler Sampler::lognormal_sigma(Duration median, std::int64_t sigma_ppm, DrawBounds bounds) {
  GMPSIM_CHECK(median >= 1 && sigma_ppm >= 0 && sigma_ppm <= 40'000'000, "lognormal: median >= 1, 0 <= sigma <= 40");
  const auto log2_per_score = static_cast<std::int64_t>(Wide{sigma_ppm} * kLog2E / 1'000'000 >> (62 - fixed::kPoint));
  return {Shape::lognormal, median, log2_per_score, checked(bounds)};
}

Sampler Sampler::pareto(Duration min, std::int64_t alpha_ppm, DrawBounds bounds) {
  GMPSIM_CHECK(min >= 1 && alpha_ppm >= 1, "pareto: min >= 1, alpha > 0");
  return {Shape::pareto, min, alpha_ppm, checked(bounds)};
}

Duration Sampler::quantile(std::uint64_t bits) const {
  switch (shape_) {
    case Shape::constant: return a_;
    case Shape::uniform: return a_ + static_cast<Duration>(UWide{bits} * static_cast<std::uint64_t>(b_) >> 64);
    case Shape::exponential: {
      const std::int64_t natural =
          static_cast<std::int64_t>(Wide{fixed::tail_log2(bits)} * kLn2 >> 62);  // -ln(1 - u), below 45
      const Wide scaled = Wide{a_} * natural;                                    // below 2^125
      const Wide one = Wide{b_} << fixed::kPoint;
      return clip(b_ == 1 ? (scaled + fixed::kOne / 2) >> fixed::kPoint : (scaled + one / 2) / one, bounds_);
    }
    case Shape::normal: {
      const Wide offset = (Wide{b_} * fixed::normal_score(bits) + fixed::kOne / 2) >> fixed::kPoint;
      return clip(a_ + offset, bounds_);
    }
    case Shape::lognormal:
      return clip(fixed::scale(a_, as_exponent(Wide{b_} * fixed::normal_score(bits) >> fixed::kPoint)), bounds_);
    case Shape::pareto:
      return clip(fixed::scale(a_, as_exponent(Wide{fixed::tail_log2(bits)} * 1'000'000 / b_)), bounds_);
  }
  return a_;
}

}  // namespace gmpsim
