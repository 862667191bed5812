#include "analysis/histogram.hpp"

#include <algorithm>

namespace gmpsim {

void Histogram::grow(std::size_t index) {
  constexpr std::size_t octave = std::size_t{1} << kSubBits;
  buckets_.resize((index / octave + 1) * octave);
}

void Histogram::merge(const Histogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  sum_hi_ += other.sum_hi_ + (sum_ < other.sum_ ? 1 : 0);
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

std::int64_t Histogram::quantile(std::uint64_t num, std::uint64_t den) const {
  if (count_ == 0 || den == 0) return 0;
  // ceil(count * num / den) without overflow: count = q * den + r.
  const std::uint64_t q = count_ / den;
  const std::uint64_t r = count_ % den;
  const std::uint64_t rank = std::clamp<std::uint64_t>(q * num + (r * num + den - 1) / den, 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) return static_cast<std::int64_t>(std::min(upper_of(i), max_));
  }
  return static_cast<std::int64_t>(max_);
}

bool operator==(const Histogram& a, const Histogram& b) {
  const std::size_t shared = std::min(a.buckets_.size(), b.buckets_.size());
  const auto empty = [](std::uint64_t n) { return n == 0; };
  return a.count_ == b.count_ && a.sum_ == b.sum_ && a.sum_hi_ == b.sum_hi_ && a.min_ == b.min_ && a.max_ == b.max_ &&
         std::equal(a.buckets_.begin(), a.buckets_.begin() + static_cast<std::ptrdiff_t>(shared), b.buckets_.begin()) &&
         std::all_of(a.buckets_.begin() + static_cast<std::ptrdiff_t>(shared), a.buckets_.end(), empty) &&
         std::all_of(b.buckets_.begin() + static_cast<std::ptrdiff_t>(shared), b.buckets_.end(), empty);
}

}  // namespace gmpsim
