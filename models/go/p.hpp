#pragma once
// P: a processor, the right to execute Go code, and the queues that go with it (runtime2.go: p).

#include <cstdint>

#include "models/go/runq.hpp"
#include "models/go/timer_queue.hpp"

namespace gmpsim {

enum class PStatus : std::uint8_t {
  idle,     ///< on the idle stack, or in transit to one M
  running,  ///< wired to one M
  syscall,  ///< until Go 1.25: its M is in a system call; anybody may take it
  gcstop,   ///< stopped for the world
  kCount
};

/// Which changes of state Go makes (proc.go: acquirep, releasep, reentersyscall, retake, stopTheWorldWithSema).
struct PTransitions {
  static constexpr bool allows(PStatus from, PStatus to) {
    switch (from) {
      case PStatus::idle: return to == PStatus::running || to == PStatus::gcstop;
      case PStatus::running: return to == PStatus::idle || to == PStatus::syscall || to == PStatus::gcstop;
      case PStatus::syscall: return to == PStatus::idle || to == PStatus::gcstop;
      case PStatus::gcstop: return to == PStatus::idle || to == PStatus::running;
      case PStatus::kCount: return false;
    }
    return false;
  }
};
static_assert(!PTransitions::allows(PStatus::syscall, PStatus::running), "exitsyscall takes the P through idle");

/// What sysmon saw of a P in its last pass (proc.go: sysmontick).
struct SysmonTick {
  std::uint32_t schedtick = 0;
  std::uint32_t syscalltick = 0;
  Time schedwhen = 0;
  Time syscallwhen = 0;
};

struct P {
  std::uint32_t id = 0;
  PStatus status = PStatus::gcstop;
  bool at_safe_point = false;     ///< runSafePointFn: it has to do something for the collector at its next safe point
  std::uint32_t schedtick = 0;    ///< counts executions, except those that inherit a time slice
  std::uint32_t syscalltick = 0;  ///< counts returns from system calls and losses of the P in one
  M* m = nullptr;                 ///< wired to (until 1.25 not while in a system call)
  M* oldm = nullptr;              ///< in a system call until 1.25: who may come back for it
  P* link = nullptr;              ///< idle stack
  M* lastm = nullptr;             ///< who had it last; matters when the world starts again, since 1.26
  M* startm = nullptr;            ///< who gets it when the world starts again
  LocalQueue runq;
  TimerQueue* timers = nullptr;  ///< where timers set on this P go; shared with others until Go 1.13
  Time timer_next = kNever;  ///< timers->next where the scheduler runs them, kept as a plain field for the inner loop
  SysmonTick sysmontick;
  std::uint64_t steal_draws = 0;  ///< questions asked of the chooser
};

inline void set_status(P& p, PStatus to) {
  GMPSIM_CHECK(PTransitions::allows(p.status, to), "a processor changes state as Go's table allows");
  p.status = to;
}

}  // namespace gmpsim
