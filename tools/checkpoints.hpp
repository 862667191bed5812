#pragma once
// Hashes of a run along the way, so that two runs that differ can be told where.
//
// The recorder keeps checkpoints too, but at every flush, and whoever watches shared variables flushes after each
// operation; these stand at exact numbers of transitions, and their number is bounded: when there are too many, every
// second one goes and the distance doubles.

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sim/recorder.hpp"

namespace gmpsim {

class Checkpoints final : public Sink {
 public:
  static constexpr std::uint64_t kEvery = 16;  // transitions, while a run is short
  static constexpr std::size_t kLimit = 4096;  // 100 KB, and no longer a schedule file

  /// At multiples of a distance that grows with the run.
  Checkpoints() = default;
  /// After these numbers of transitions (ascending), for comparison with what was kept before.
  explicit Checkpoints(std::vector<std::uint64_t> wanted)
      : next_(wanted.empty() ? kNone : wanted.front()), wanted_(std::move(wanted)), listed_(true) {}

  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records) {
      hasher_.add(t);
      if (hasher_.count() == next_) [[unlikely]]
        reached(t.at);
    }
  }

  [[nodiscard]] const std::vector<Checkpoint>& all() const { return all_; }
  [[nodiscard]] std::uint64_t distance() const { return distance_; }
  [[nodiscard]] std::uint64_t records() const { return hasher_.count(); }
  [[nodiscard]] Fingerprint fingerprint() const { return hasher_.value(); }

  /// The distance that a run of so many transitions ends with.
  [[nodiscard]] static std::uint64_t distance_after(std::uint64_t records);

 private:
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  void reached(Time at);
  Hasher hasher_;
  std::uint64_t distance_ = kEvery;
  std::uint64_t next_ = kEvery;
  std::vector<std::uint64_t> wanted_;
  std::size_t position_ = 0;
  bool listed_ = false;
  std::vector<Checkpoint> all_;
};

}  // namespace gmpsim
