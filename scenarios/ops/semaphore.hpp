#pragma once
// What acquire, tryacquire and release share: how much of a semaphore is meant.

#include <algorithm>
#include <cstdint>
#include <string>

#include "scenarios/ops/op.hpp"

namespace gmpsim {

/// The operand `n`. False: a scenario error has ended the run.
[[nodiscard]] inline bool weight(Run& r, const Instr* i, const Semaphore& s, std::int64_t& n) {
  if (!r.count(i->b, i, n)) return false;
  n = std::min(n, std::int64_t{1} << 60);  // sums of weights must not overflow
  if (!s.runtime || n == 1) return true;
  r.fail(i, "a semaphore of the runtime counts one at a time, not " + std::to_string(n));
  return false;
}

}  // namespace gmpsim
