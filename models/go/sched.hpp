#pragma once
// What the Ps and Ms of a process have in common: the global queue, the idle lists, who polls, whether the world stops.

#include <cstdint>

#include "models/go/g.hpp"
#include "models/go/m.hpp"
#include "models/go/p.hpp"
#include "models/go/sync.hpp"
#include "sim/time.hpp"
#include "sim/transition.hpp"

namespace gmpsim {

/// Global scheduler state (runtime2.go: schedt).
struct Sched {
  M* midle = nullptr;  ///< idle Ms, last in first out
  std::uint32_t nmidle = 0;
  std::int32_t nmidlelocked = 0;
  std::uint32_t nmsys = 0;
  std::uint32_t mnext = 0;
  std::uint32_t nmfreed = 0;
  P* pidle = nullptr;  ///< idle Ps, last in first out
  std::uint32_t npidle = 0;
  std::uint32_t nmspinning = 0;
  bool needspinning = false;
  GQueue runq;               ///< the global queue
  Time lastpoll = 1;         ///< 0 while somebody is in a blocking poll
  Time poll_until = 0;       ///< when that poll will end; 0: no limit
  M* poller = nullptr;       ///< in the kernel's wait, and not woken yet
  Time poll_wakes = kNever;  ///< when its timeout ends the wait
  bool polling_net = false;  ///< some P looks at the network now
  bool poll_break = false;   ///< netpollBreak was called and not yet seen
  bool netpoll_inited = false;
  std::uint32_t netpoll_waiters = 0;
  bool sysmonwait = false;
  Time lock_free = 0;  ///< sched.lock is held until then
  // --- the world stops
  bool gcwaiting = false;
  std::uint32_t stopwait = 0;  ///< Ps that have not stopped yet
  M* stopper = nullptr;        ///< sleeps on stopnote
  Time stop_begin = 0;
  StopReason stop_reason = StopReason::other;
  Sema worldsema{1, 0, {}};  ///< the right to stop the world
};

}  // namespace gmpsim
