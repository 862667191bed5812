#pragma once
// A log-linear histogram of non-negative integers (nanoseconds, as a rule).
//
// Idea: a value below 2^7 has a bucket of its own; above, each power of two is cut into 2^7 equal buckets, so that a
// bucket is never wider than 1/128 (0.78 %) of its value. Counts are integers, hence merging is addition: exact, and
// the same in any order, on any machine, for any number of threads.
//
// Rejected: sketches with centroids (no bound on the error, and merging depends on the order); keeping all samples
// (unbounded). Invariants: count, sum, minimum and maximum are exact; a quantile is the upper bound of its bucket,
// clipped to the exact maximum, thus never too small and at most 0.78 % too large.

#include <cstdint>
#include <vector>

namespace gmpsim {

class Histogram {
 public:
  static constexpr int kSubBits = 7;
  static constexpr std::size_t kBuckets = 7424;  ///< enough for every 64-bit value

  /// Counts `value` once; a negative value counts as 0.
  void add(std::int64_t value) {
    const std::uint64_t v = value < 0 ? 0 : static_cast<std::uint64_t>(value);
    const std::size_t i = index_of(v);
    if (i >= buckets_.size()) [[unlikely]]
      grow(i);
    ++buckets_[i];
    sum_hi_ += (sum_ += v) < v;
    if (v < min_) min_ = v;
    if (v > max_) max_ = v;
    ++count_;
  }

  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::int64_t min() const { return count_ == 0 ? 0 : static_cast<std::int64_t>(min_); }
  [[nodiscard]] std::int64_t max() const { return static_cast<std::int64_t>(max_); }
  [[nodiscard]] double sum() const {
    return static_cast<double>(sum_hi_) * 18446744073709551616.0 + static_cast<double>(sum_);
  }
  [[nodiscard]] double mean() const { return count_ == 0 ? 0.0 : sum() / static_cast<double>(count_); }

  /// The smallest bucket bound with at least ceil(count * num / den) values at or below it; 0 when empty.
  /// A ratio of integers, because 0.999 has no exact double: quantile(999, 1000).
  [[nodiscard]] std::int64_t quantile(std::uint64_t num, std::uint64_t den) const;

  /// For charts: calls `visit(lower, upper, count)` for every non-empty bucket, in order.
  template <class Visit>
  void each(Visit visit) const {
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      if (buckets_[i] != 0) visit(lower_of(i), upper_of(i), buckets_[i]);
    }
  }

  [[nodiscard]] static constexpr std::size_t index_of(std::uint64_t v) {
    if (v < (1u << kSubBits)) return static_cast<std::size_t>(v);
    const int octave = 63 - __builtin_clzll(v) - kSubBits;  // how far v is shifted to fit in 8 bits
    return (static_cast<std::size_t>(octave) << kSubBits) + static_cast<std::size_t>(v >> octave);
  }
  [[nodiscard]] static constexpr std::uint64_t lower_of(std::size_t i) {
    if (i < (1u << kSubBits)) return i;
    const std::size_t octave = (i >> kSubBits) - 1;
    return static_cast<std::uint64_t>(i - (octave << kSubBits)) << octave;
  }
  [[nodiscard]] static constexpr std::uint64_t upper_of(std::size_t i) {
    return i + 1 == kBuckets ? ~std::uint64_t{0} : lower_of(i + 1) - 1;
  }

  friend bool operator==(const Histogram& a, const Histogram& b);

 private:
  void grow(std::size_t index);

  std::vector<std::uint64_t> buckets_;  // grows by whole octaves: 1 KiB for each power of two in use
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t sum_hi_ = 0;  // carries of sum_
  std::uint64_t min_ = ~std::uint64_t{0};
  std::uint64_t max_ = 0;
};

static_assert(Histogram::index_of(~std::uint64_t{0}) == Histogram::kBuckets - 1);

}  // namespace gmpsim
