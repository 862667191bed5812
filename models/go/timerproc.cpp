// timerproc: the goroutine that runs due timers, until Go 1.13 (time.go of 1.9 and 1.13: timerproc, addtimerLocked).
//
// One for each structure, made when the first timer is set. It runs what is due, then parks when there is no timer, or
// sleeps in a system call until the next one is due, which gives its P away each time. So a timer that is due needs, one
// after the other: the kernel's wake-up, a P for timerproc, and a P for the goroutine that timerproc makes ready. Behind
// busy Ps timerproc waits in the global queue like anybody else. That, and the hand-off for each sleep, is why Go 1.14
// gave the timers to the scheduler.
//
// Invariant: a timerproc is idle, sleeping, or it will look again before it becomes so.

#include <algorithm>

#include "models/go/world.hpp"

namespace gmpsim {

// addtimerLocked: a timer is now the earliest of its structure.
Task<> World::rouse_timerproc(M& m, TimerQueue& q, Time when) {
  if (q.proc == nullptr) {
    q.proc = new_system_g(*m.p, &World::timerproc, &q);
    co_await spend(Cost::go);
    if (wakep_is_needed()) co_await wakep(&m);
  } else if (q.idle) {
    q.idle = false;
    ready(*m.p, q.proc, Why::readied, kNoG);
    co_await spend(Cost::ready);
    if (wakep_is_needed()) co_await wakep(&m);
  } else if (q.sleeping && q.sleep_until > when) {
    wake_timerproc(q);
    co_await spend(Cost::futex_wake);
  }
}

/// It sleeps until a timer that is not the earliest any more.
void World::wake_timerproc(TimerQueue& q) {
  q.sleeping = false;
  wake_note(*q.proc->m);
}

/// notewakeup for a goroutine that sleeps in a call (Request::notesleep), or is about to.
void World::wake_note(M& m) {
  if (m.in_note)
    m.thread.start_at(now() + cost(Cost::wake_latency));
  else
    m.note = true;
}

// One pass: everything that is due. The lock is let go while a timer's function runs.
Task<> World::timerproc_pass(G& g, TimerQueue& q) {
  do {
    for (;;) {
      TimerNode* node = take_due(q, now());
      looked(q);
      const Duration work = under_lock(q, cost(Cost::timer_compare) * q.store->take_work());
      co_await spend(work);
      if (node == nullptr) break;
      co_await run_timer(*g.m, static_cast<Timer&>(*node));
    }
  } while (q.next <= now());
}

// The goroutine's body (G::Resume).
void World::timerproc(World& w, G& g) {
  TimerQueue& q = *static_cast<TimerQueue*>(g.body);
  q.sleeping = false;
  if (!q.passed && w.run_nested(g, w.timerproc_pass(g, q)) == Step::wait) {
    q.passed = true;
    return;
  }
  q.passed = false;
  if (q.next == kNever) {
    q.idle = true;
    w.block(g, WaitReason::none, 0);
    return;
  }
  q.sleeping = true;
  q.sleep_until = q.next;
  g.burn_left = q.next;
  g.request = Request::notesleep;
}

}  // namespace gmpsim
