#pragma once
// What package runtime/metrics of the simulated Go would read at the end of a run: `run --format runtime-metrics`.
//
// Names, units and histogram buckets are Go's (metrics/description.go; histogram.go: timeHistogram); a metric appears in the
// presets whose Go has it. Go looks at every 8th stop of a goroutine from a random one on; here every stop counts, so that
// counts are eight times as high and the shape is exact.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/recorder.hpp"

namespace gmpsim {

class JudgedRun;

/// Go's histogram of times: 4 linear buckets for each power of two from 2^8 ns to 2^47 ns, and what is beyond.
class TimeHistogram {
 public:
  static constexpr std::size_t kBuckets = 40 * 4 + 1;  ///< the last one is the overflow
  void add(Duration d);
  /// Lower bound of bucket `i`, in ns.
  [[nodiscard]] static Duration bound(std::size_t i);
  [[nodiscard]] static std::size_t bucket_of(Duration d);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t at(std::size_t i) const { return counts_[i]; }

 private:
  std::array<std::uint64_t, kBuckets> counts_{};
  std::uint64_t count_ = 0;
};

class RuntimeMetrics final : public Sink {
 public:
  void consume(std::span<const Transition> records) override;
  [[nodiscard]] std::string text(JudgedRun& run) const;

 private:
  struct Seen {
    Time runnable_since = -1;
    Time mutex_since = -1;
  };
  std::vector<Seen> seen_{Seen{}};
  TimeHistogram latencies_;
  TimeHistogram stopping_gc_, stopping_other_, total_gc_, total_other_;
  Duration mutex_wait_ = 0;
  std::uint64_t created_ = 0;
};

}  // namespace gmpsim
