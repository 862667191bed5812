#pragma once
// A quantity that holds between transitions (length of a queue, number of idle Ps): its time-weighted mean, its maximum
// with the instant, and a strip of 20 to 40 equal stretches for a sparkline.
//
// The width of a stretch is not known in advance: when the strip is full, neighbours are merged and the width doubles.
// Rejected: sampling by a timer (it misses what lies between samples); keeping every change (unbounded).

#include <array>
#include <cstdint>
#include <vector>

#include "sim/time.hpp"

namespace gmpsim {

__extension__ typedef unsigned __int128 Area;  ///< value times nanoseconds: does not overflow

class Gauge {
 public:
  static constexpr std::size_t kStretches = 40;

  explicit Gauge(std::int64_t value = 0) : value_(value), max_(value) {}

  void set(Time at, std::int64_t value) {
    settle(at);
    value_ = value;
    if (value > max_) {
      max_ = value;
      max_at_ = at;
    }
  }
  void add(Time at, std::int64_t change) { set(at, value_ + change); }

  /// Accounts for the time up to `at`; call before reading.
  void settle(Time at) {
    if (at <= last_) return;
    if (value_ > 0) {
      if (at <= stretch_end_) [[likely]]
        strip_[stretch_] +=
            static_cast<Area>(static_cast<std::uint64_t>(value_)) * static_cast<std::uint64_t>(at - last_);
      else
        spread(last_, at);
    }
    last_ = at;
  }

  [[nodiscard]] std::int64_t value() const { return value_; }
  [[nodiscard]] std::int64_t max() const { return max_; }
  [[nodiscard]] Time max_at() const { return max_at_; }
  /// Value times time: what the strip adds up to.
  [[nodiscard]] Area area() const;
  /// Mean over the time settled so far.
  [[nodiscard]] double mean() const {
    return last_ == 0 ? static_cast<double>(value_) : static_cast<double>(area()) / static_cast<double>(last_);
  }
  /// Mean of every stretch that has begun; the last one may be shorter than the others.
  [[nodiscard]] std::vector<double> strip() const;
  [[nodiscard]] Duration stretch_width() const { return width_; }

 private:
  void spread(Time from, Time to);

  std::int64_t value_ = 0;
  Time last_ = 0;
  std::int64_t max_ = 0;
  Time max_at_ = 0;
  Duration width_ = 1024;  // [ns]
  Time stretch_end_ = 1024;
  std::size_t stretch_ = 0;
  std::array<Area, kStretches> strip_{};
};

}  // namespace gmpsim
