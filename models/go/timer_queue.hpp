#pragma once
// A structure of timers with what the model keeps beside it: who owns it, its lock, and, where a goroutine of its own runs
// what is due (Go until 1.13), that goroutine and what it is doing (time.go: timersBucket).

#include <memory>

#include "models/policy/timers.hpp"

namespace gmpsim {

struct G;
struct P;

struct TimerQueue {
  std::unique_ptr<TimerStore> store;
  P* owner = nullptr;  ///< whose it is; nullptr: shared
  Time next = kNever;  ///< store->next()
  Time lock_free = 0;  ///< its lock is held until then
  // --- timerproc
  G* proc = nullptr;      ///< made when the first timer is set
  bool idle = false;      ///< it is parked, there is no timer (`rescheduling`)
  bool sleeping = false;  ///< in a system call until sleep_until
  bool passed = false;    ///< it has run what was due and is about to sleep
  Time sleep_until = 0;
};

}  // namespace gmpsim
