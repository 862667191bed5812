// Blocking system calls: entersyscall, exitsyscall (proc.go, 1.19 and 1.27).
//
// Entering a call gives nothing away: the P stays with the thread, and comes back on the fast path if nobody took it.
// sysmon takes it (retake) when the call lasts and somebody could use the P. Until 1.25 the P is unwired and in a state
// of its own; since 1.26 it stays wired and running, and the state of its goroutine tells. With `syscall_handoff:
// on_entry` every call is treated as one known to block (entersyscallblock).

#include <algorithm>

#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

// The whole call: enter, be away from the core for g.burn_left, come back. `kept_running` says whether g goes on at once.
Task<> World::entersyscall_and_return(M& m, G& g, bool& kept_running) {
  const bool notesleep = g.request == Request::notesleep;
  const Time until = g.burn_left;  // of a notesleep; kNever: until somebody wakes it
  Duration away = notesleep && until != kNever ? std::max<Duration>(until - now(), 0) : g.burn_left;
  g.request = Request::none;
  g.burn_left = 0;
  g.phase = GPhase::woken;
  const bool cgo = m.call.cgo;
  const Cost enter = cgo ? Cost::cgo : Cost::syscall_enter;
  co_await spend(enter);

  P* p = m.p;
  m.oldp = p;
  set_status(g, GStatus::syscall);
  record(Kind::g_syscall, 0, p, &g, &m, 0, away == kNever ? 0 : away);
  wake_sysmon();
  if (p->at_safe_point && !notesleep) co_await pass_safe_point(*p);
  const std::string& handoff = cgo ? settings().cgo_handoff : settings().syscall_handoff;
  if (notesleep || handoff == "on_entry") {
    ++p->syscalltick;
    releasep(m);
    m.oldp = nullptr;
    co_await handoffp(&m, p);
  } else {
    if (settings().psyscall) {
      m.p = nullptr;
      p->m = nullptr;
      p->oldm = &m;
      set_status(*p, PStatus::syscall);
    }
    if (sched_.gcwaiting) stop_p_in_syscall(*p);  // entersyscall_gcwait, entersyscallHandleGCWait
  }

  if (notesleep) {  // somebody may have woken it while its P was given away
    away = m.note || until <= now() ? 0 : until == kNever ? kNever : kernel_sleep(until - now());
    m.in_note = true;
    m.thread.leave();
    m.thread.start_at(later(now(), away));
    co_await Suspend{};
    m.in_note = m.note = false;
  } else {
    CLibrary* const library = m.call.library;
    if (library != nullptr && library_enter(m, *library) && !m.call.over) {
      const Time since = now();
      record(Kind::thread_waits, 1, nullptr, &g, &m, library->object);
      m.call.inside = true;
      m.thread.leave();
      m.thread.start_at(kNever);
      co_await Suspend{};
      record(Kind::thread_waits, 0, nullptr, &g, &m, library->object, now() - since);
    }
    if (library != nullptr) m.call.over = false;  // that was the slot
    if (!m.call.over) {
      m.call.inside = true;
      m.thread.leave();
      m.thread.start_at(later(now(), away));
      co_await Suspend{};
      m.call.inside = false;
    }
    if (m.call.read != nullptr) read_returned(*m.call.read);
    if (library != nullptr) library_leave(*library);
    if (m.call.interrupted) g.ok = false;
    m.call = {};
  }

  // exitsyscall
  const Cost leave = cgo ? Cost::cgo : Cost::syscall_exit;
  co_await spend(leave);
  P* oldp = m.oldp;
  m.oldp = nullptr;
  if (m.p != nullptr) {  // since 1.26: nobody took it
    GMPSIM_CHECK(m.p == oldp, "a P that stayed is the one it entered with");
  } else if (oldp != nullptr && settings().psyscall && oldp->status == PStatus::syscall) {
    // exitsyscallfast: whoever comes back first takes the P, also when another thread has since entered a call with it.
    oldp->oldm = nullptr;
    set_status(*oldp, PStatus::idle);
    acquirep(m, *oldp);
  } else if (!settings().psyscall && oldp != nullptr && oldp->m != nullptr && oldp->m->curg != nullptr &&
             oldp->m->curg->status == GStatus::syscall) {
    // Since 1.26: the old P is with another thread that is itself in a call; take it (exitsyscallTryGetP).
    co_await spend(Cost::syscall_exit_idle_p);
    M* holder = oldp->m;
    if (holder != nullptr && holder->curg != nullptr && holder->curg->status == GStatus::syscall) {
      releasep(*holder);
      ++oldp->syscalltick;
      acquirep(m, *oldp);
    }
  }
  if (m.p == nullptr) {
    // Some idle P, whichever is on top.
    co_await spend(Cost::syscall_exit_idle_p);
    co_await lock();
    if (P* idle = pidleget()) {
      acquirep(m, *idle);
      wake_sysmon();
    }
  }
  if (m.p != nullptr) {
    ++m.p->syscalltick;
    set_status(g, GStatus::running);
    g.last_p = static_cast<std::uint16_t>(m.p->id);
    record(Kind::g_running, static_cast<std::uint8_t>(From::syscall), m.p, &g, &m, 0, 1);
    kept_running = true;
    co_return;
  }
  // exitsyscall0, exitsyscallNoP: no P to be had. The goroutine queues globally, the thread sleeps until it is needed.
  m.curg = nullptr;
  g.m = nullptr;
  put_runnable(nullptr, &g, false, Why::syscall_exit, kNoG);
  kept_running = false;
  if (m.lockedg == nullptr) co_await stopm(m);  // else schedule() waits for the goroutine (stoplockedm)
}

}  // namespace gmpsim
