#pragma once
// A transition as a sentence: "P1 takes 3 goroutines from P0".

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/recorder.hpp"

namespace gmpsim {

/// Remembers which program each goroutine runs, so that sentences can say "G7 worker".
class GoroutineNames final : public Sink {
 public:
  explicit GoroutineNames(const TraceInfo& info) : info_(&info) {}
  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records) see(t);
  }
  void see(const Transition& t);
  [[nodiscard]] std::string name(std::uint32_t g) const;
  [[nodiscard]] const TraceInfo& info() const { return *info_; }

 private:
  static constexpr std::uint32_t kMost = 1u << 24;  // beyond that a goroutine is only a number
  const TraceInfo* info_;
  std::vector<std::uint32_t> program_;  // + 1, by goroutine
};

/// Times as people read them; `exact`: to the nanosecond.
[[nodiscard]] std::string sentence(const Transition& t, const GoroutineNames& names, bool exact = false);
/// Two different transitions as sentences that differ: to the nanosecond, and with what no sentence says, where they must.
[[nodiscard]] std::pair<std::string, std::string> told_apart(const Transition& left, const GoroutineNames& left_names,
                                                             const Transition& right,
                                                             const GoroutineNames& right_names);

}  // namespace gmpsim
