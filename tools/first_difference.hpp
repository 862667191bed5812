#pragma once
// The first decision at which two policies part: the first transition that differs between two runs with the same seed.
//
// Checkpoints say in which stretch of transitions it is; both runs are then made once more and only that stretch is
// kept. Rejected: keeping both streams (a run may have a hundred million transitions of 32 bytes).

#include <optional>
#include <string>

#include "tools/judged_run.hpp"

namespace gmpsim {

struct FirstDifference {
  std::uint64_t index = 0;  ///< so many transitions are the same
  std::string before;       ///< the last common one, in words; empty when there is none
  Time before_at = 0;
  std::optional<Transition> left, right;  ///< none: that run had ended
  std::string left_text, right_text;
};

/// Nothing when both runs are the same. `left` and `right` are the checkpoints of runs with this seed.
[[nodiscard]] std::optional<FirstDifference> first_difference(const Plan& left_plan, const Checkpoints& left,
                                                              const Plan& right_plan, const Checkpoints& right,
                                                              std::uint64_t seed);

/// Some lines for people.
[[nodiscard]] std::string render(const FirstDifference& d, const std::string& left, const std::string& right,
                                 const TextStyle& style);

}  // namespace gmpsim
