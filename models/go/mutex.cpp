// sync.Mutex (sync/mutex.go until 1.23, internal/sync/mutex.go since; the algorithm is that of 1.9).
//
// In normal mode a woken waiter competes: it is only runnable, and a goroutine that runs can take the mutex first. A
// waiter that has waited for more than 1 ms turns the mutex to starving mode, in which it is handed over in order.
//
// Rejected: one queue with direct hand-off always (fair, and an order of magnitude slower under contention, which is
// what the switch mutex.starvation lets one see from the other side).

#include <algorithm>

#include "models/go/world.hpp"

namespace gmpsim {

Step World::mutex_lock(G& g, Mutex& m) {
  if (m.take()) {
    held(g, m.object, true, false);
    return Step::done;
  }
  return run_nested(g, mutex_lock_slow(g, m));
}

bool World::mutex_trylock(G& g, Mutex& m) {
  if (m.locked || m.starving) return false;
  m.locked = true;
  held(g, m.object, true, false);
  return true;
}

Task<> World::mutex_lock_slow(G& g, Mutex& m) {
  Time waiting_since = -1;
  bool starving = false;
  bool awoke = false;
  std::uint32_t iter = 0;
  for (;;) {
    // Spin a little while the owner runs elsewhere: in the hope that it unlocks soon (runtime_canSpin).
    const bool can_spin = settings().mutex_spin && iter < 4 && options_.cores != 1 &&
                          procs() > sched_.npidle + sched_.nmspinning + 1 && g.m->p->runq.empty();
    if (m.locked && !m.starving && can_spin) {
      if (!awoke && !m.woken && m.waiters != 0) {
        m.woken = true;
        awoke = true;
      }
      co_await spend(Cost::spin);
      ++iter;
      continue;
    }
    const bool was_locked = m.locked;
    const bool was_starving = m.starving;
    if (!was_starving) m.locked = true;
    if (was_locked || was_starving) ++m.waiters;
    if (starving && was_locked) m.starving = true;
    if (awoke) m.woken = false;
    if (!was_locked && !was_starving) break;  // acquired
    const bool queue_first = settings().mutex_starvation && waiting_since >= 0;
    if (waiting_since < 0) waiting_since = now();
    co_await semacquire(g, m.sema, queue_first, WaitReason::mutex_lock, m.waits_as);
    starving = settings().mutex_starvation && (starving || now() - waiting_since > settings().mutex_starving_after);
    if (m.starving) {  // handed over: nobody else can have taken it
      m.locked = true;
      --m.waiters;
      if (!starving || m.waiters == 0) m.starving = false;
      break;
    }
    awoke = true;
    iter = 0;
  }
  if (m.object != 0) held(g, m.object, true, false);
}

Step World::mutex_unlock(G& g, Mutex& m, const char*& fatal) {
  fatal = nullptr;
  if (!m.locked) {
    fatal = "sync: unlock of unlocked mutex";
    return Step::done;
  }
  m.locked = false;
  held(g, m.object, false, false);
  if (!m.starving && (m.waiters == 0 || m.woken)) return Step::done;
  if (!m.starving) {
    --m.waiters;
    m.woken = true;
  }
  return run_nested(g, semrelease(g, m.sema, m.starving));
}

Mutex* World::make_mutex(std::uint32_t object) {
  mutexes_.emplace_back();
  mutexes_.back().object = mutexes_.back().waits_as = dynamic(ObjectKind::mutex, object);
  return &mutexes_.back();
}

}  // namespace gmpsim
