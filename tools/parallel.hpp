#pragma once
// All cores, the simple way: threads take the next index until there is none. Whoever works writes its result at its
// index, so what comes out does not depend on how many threads there were or how they ran. Workers share nothing: each
// run builds a world of its own.

#include <cstddef>
#include <functional>

#include "tools/progress.hpp"

namespace gmpsim {

/// Calls `work(i)` for every i below `n` on `threads` threads. What a call throws is thrown here, that of the lowest
/// index first; work not yet begun is then left out. Returns false when it was interrupted (Ctrl-C): the calls begun
/// are complete.
bool for_each_index(std::size_t n, unsigned threads, Progress& progress, const std::function<void(std::size_t)>& work);

/// While it lives, the first SIGINT is remembered instead of ending the process; the second one ends it.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  [[nodiscard]] static bool interrupted();
};

}  // namespace gmpsim
