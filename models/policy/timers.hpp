#pragma once
// The structure that holds timers. The model decides when to look and pays for the work that the structure reports; the
// structure decides how to keep order, how many of its kind there are, and whether the scheduler or a goroutine of its
// own runs what is due (TimerPlan).

#include <cstdint>

#include "sim/time.hpp"

namespace gmpsim {

/// The part of a timer that a structure sees.
struct TimerNode {
  Time when = 0;           ///< due; as the structure has it (lazy structures: see modify)
  std::uint32_t slot = 0;  ///< where the structure keeps it
  std::uint32_t aux = 0;   ///< for the structure
  bool held = false;       ///< it is in a structure
  TimerNode* next = nullptr;
  TimerNode* prev = nullptr;
};

/// How many structures there are, and who runs what is due in them.
struct TimerPlan {
  std::uint32_t structures = 0;  ///< shared by P number modulo it; 0: one for each P
  bool timerproc = false;        ///< a goroutine of its own for each (Go until 1.13); otherwise the scheduler
};

class TimerStore {
 public:
  virtual ~TimerStore() = default;
  [[nodiscard]] virtual TimerPlan plan() const { return {}; }
  virtual void add(TimerNode& t) = 0;
  /// Takes `t` out, now or lazily; afterwards t.held is false or the structure skips it by itself.
  virtual void remove(TimerNode& t) = 0;
  /// A timer that it holds is due at `when` instead. False: it cannot do that, the model takes it out and puts it in again.
  virtual bool modify(TimerNode& /*t*/, Time /*when*/) { return false; }
  /// Time of the earliest timer, kNever when empty; never later than the true one.
  [[nodiscard]] virtual Time next() const = 0;
  /// The next timer due at `now`, taken out; nullptr when there is none.
  virtual TimerNode* take_due(Time now) = 0;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Comparisons and moves since the last call; the model turns them into time.
  std::uint32_t take_work() {
    const std::uint32_t w = work_;
    work_ = 0;
    return w;
  }

 protected:
  std::uint32_t work_ = 0;
};

}  // namespace gmpsim
