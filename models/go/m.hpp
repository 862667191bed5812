#pragma once
// M: a thread of the operating system that executes Go code (runtime2.go: m). Its coroutine is the scheduler itself:
// World::mstart in proc.cpp.

#include <cstdint>
#include <vector>

#include "models/go/p.hpp"
#include "models/os/thread.hpp"

namespace gmpsim {

struct CLibrary;
struct IoWait;

/// A system call or C call that the thread is about to make or in.
struct KernelCall {
  bool cgo = false;            ///< C code, not the kernel
  bool interruptible = false;  ///< a signal ends it (EINTR); others are restarted (SA_RESTART)
  bool interrupted = false;    ///< and did
  bool inside = false;         ///< blocked there now
  bool over = false;           ///< what it waits for has come already
  CLibrary* library = nullptr;
  IoWait* read = nullptr;    ///< in the queue of a device's blocked threads
  struct M* next = nullptr;  ///< in the library's queue
};

struct M {
  M(Engine& engine, Os& os, gmpsim::Phase phase) : thread(engine, os, phase) {}

  std::uint32_t id = 0;
  Thread thread;
  Task<> life;
  World* world = nullptr;
  P* p = nullptr;
  P* nextp = nullptr;  ///< acquired on waking
  P* oldp = nullptr;   ///< the P it had when it entered a system call
  G* curg = nullptr;
  G* lockedg = nullptr;          ///< the only goroutine that it may run
  std::uint32_t locked_ext = 0;  ///< calls of LockOSThread that were not undone
  bool spinning = false;
  bool note = false;     ///< woken before it slept
  bool asleep = false;   ///< blocked on its note
  bool polling = false;  ///< in the blocking poll
  bool in_note = false;  ///< in a notesleep, which may be ended early
  bool system = false;   ///< sysmon, template thread
  bool freed = false;    ///< it has ended
  bool signal_pending = false;
  bool idle = false;                                                      ///< on the idle list
  bool lock_woken = false, lock_asleep = false, lock_was_oldest = false;  ///< lock2.cpp
  std::uint32_t locks = 0;  ///< locks of the runtime that it holds; while there are any nobody preempts it
  KernelCall call;
  M* schedlink = nullptr;  ///< idle list
  ProcessId signal_process = 0;
  bool signal_is_flag = false;
  Duration park_work = 0;   ///< what the unlock callback of the goroutine that parks now costs
  Time park_wake = kNever;  ///< and the timer for which the poller may have to wake
  Task<> system_work;       ///< what Request::system asks for
  // Snapshots of findRunnable step 16.
  std::vector<bool> idle_snapshot;
  std::vector<bool> timer_snapshot;
};

}  // namespace gmpsim
