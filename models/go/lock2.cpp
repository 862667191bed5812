// The runtime's own locks (lock_futex.go until 1.23, lock_spinbit.go since 1.24), as resources of a workload.
//
// A mutex of the runtime is taken by a thread, not by a goroutine: who waits spins, gives its core away once, and sleeps in
// the kernel. Its P stays with it all the while, so no other goroutine runs there; and as long as it holds a lock nobody
// preempts it (m.locks). To block otherwise while holding one is fatal, as is to unlock on a thread that holds none.
//
// Until 1.23 every waiter spins four rounds of 30 pauses each time it wakes, and every unlock with a sleeper wakes the one
// that has slept longest. Under load that is a call into the kernel for each unlock, though others spin and will take the
// lock long before the woken thread runs (issue 68578). Since 1.24 one waiter at a time spins, the others sleep at once
// on a stack, and an unlock wakes nobody while somebody spins; the bottom of the stack would starve, so that about every
// 16th unlock wakes the oldest. Both let a running thread take the lock before a woken one.
//
// A semaphore of the runtime (sema.go: semacquire, semrelease) blocks the goroutine like everything else in this folder;
// only, whoever runs may take what was released for a waiter, unless it is handed over (semaphore.handoff).
//
// What differs from Go: cache lines travel for nothing, so a contended operation costs what an uncontended one does. The
// model shows what sleeping and waking cost, which is the larger part.
//
// Invariants: a thread on `sleepers` is asleep or about to be; with the spin bit at most one waiter spins.

#include "models/go/world.hpp"

namespace gmpsim {

namespace {
constexpr std::uint32_t kActiveSpin = 4;  // mutexActiveSpinCount, active_spin
}  // namespace

/// "schedule: holding locks": a thread that holds a lock of the runtime must not give its goroutine up.
void World::schedule_holding_locks(M& m) {
  m.locks = 0;
  fatal("schedule: holding locks");
}

Step World::runtime_lock(G& g, RuntimeMutex& l) {
  if (!runtime_trylock(g, l)) return run_nested(g, runtime_lock_slow(g, l));
  return Step::done;
}

bool World::runtime_trylock(G& g, RuntimeMutex& l) {
  if (l.locked) return false;
  l.locked = true;
  ++g.m->locks;
  held(g, l.object, true, false);
  return true;
}

Task<> World::runtime_lock_slow(G& g, RuntimeMutex& l) {
  const Time since = now();
  record(Kind::thread_waits, 1, nullptr, &g, g.m, l.object);
  Task<> wait = settings().lock2_spinner_bit ? lock2_spinbit(*g.m, l) : lock2_futex(*g.m, l);
  co_await systemstack(g, std::move(wait));
  record(Kind::thread_waits, 0, nullptr, &g, g.m, l.object, now() - since);
  ++g.m->locks;
  held(g, l.object, true, false);
}

/// lock2 until 1.23. `sleeping` is the third value of the lock's word: somebody sleeps, the unlock has to wake one.
Task<> World::lock2_futex(M& m, RuntimeMutex& l) {
  bool sleeping = std::exchange(l.sleeping, false);  // Xchg(locked): whoever gets the lock has to put it back
  const std::uint32_t spins = options_.cores == 1 ? 0 : kActiveSpin;
  for (;;) {
    for (std::uint32_t i = 0; i < spins + 1; ++i) {
      if (!l.locked) {
        l.locked = true;
        l.sleeping = sleeping;
        co_return;
      }
      co_await spend(i < spins ? Cost::spin : Cost::os_yield);
    }
    sleeping = true;
    if (!l.locked) {
      l.locked = l.sleeping = true;
      co_return;
    }
    l.sleeping = true;
    co_await spend(Cost::thread_park);
    if (!l.sleeping) continue;  // the word has changed meanwhile: the kernel does not put the thread to sleep
    l.sleepers.push_back(&m);
    m.thread.leave();
    m.thread.start_at(kNever);
    co_await Suspend{};
  }
}

/// lock2 since 1.24.
Task<> World::lock2_spinbit(M& m, RuntimeMutex& l) {
  const std::uint32_t spins = options_.cores == 1 ? 0 : kActiveSpin;
  std::uint32_t i = 0;
  bool we_spin = false;
  bool at_tail = false;  // it was the oldest when it was woken: in danger of starving
  for (;;) {
    if (!l.locked) {
      l.locked = true;
      l.sleeping = !we_spin || !l.sleepers.empty();
      if (we_spin) l.spinning = false;
      co_return;
    }
    if (!we_spin && !l.spinning) l.spinning = we_spin = true;
    if ((we_spin || at_tail) && i < spins + 1) {
      const Cost round = i < spins ? Cost::spin : Cost::os_yield;
      ++i;
      co_await spend(round);
      continue;
    }
    if (std::exchange(we_spin, false)) l.spinning = false;
    l.sleepers.push_front(&m);
    l.sleeping = true;
    m.lock_woken = false;
    co_await spend(Cost::thread_park);
    if (!m.lock_woken) {
      m.lock_asleep = true;
      m.thread.leave();
      m.thread.start_at(kNever);
      co_await Suspend{};
      m.lock_asleep = false;
    }
    at_tail = m.lock_was_oldest;
    i = 0;
  }
}

/// unlock2.
Step World::runtime_unlock(G& g, RuntimeMutex& l, const char*& fatal) {
  fatal = !l.locked ? "unlock of unlocked lock" : g.m->locks == 0 ? "runtime\xC2\xB7unlock: lock count" : nullptr;
  if (fatal != nullptr) return Step::done;
  --g.m->locks;
  l.locked = false;
  held(g, l.object, false, false);
  if (!std::exchange(l.sleeping, false)) return Step::done;
  const bool wakes = settings().lock2_spinner_bit ? lock2_wake(l) : lock2_wake_first(l);
  return wakes ? charge_after(g, cost(Cost::futex_wake)) : Step::done;
}

/// futexwakeup: a call into the kernel, though the sleeper may not have got there yet.
bool World::lock2_wake_first(RuntimeMutex& l) {
  if (l.sleepers.empty()) return true;
  M* const m = l.sleepers.front();
  l.sleepers.pop_front();
  m->thread.start_at(now() + cost(Cost::wake_latency));
  return true;
}

/// unlock2Wake.
bool World::lock2_wake(RuntimeMutex& l) {
  static constexpr std::uint64_t kStream = stream_named("lock2");
  const auto every = static_cast<std::uint32_t>(settings().lock2_wake_oldest_every);
  bool oldest = false;
  if (every > 0) {
    const Site site{kStream, l.object, l.draws++};
    oldest = chooser_.choose(site, every) == 0;
  }
  if ((!oldest && l.spinning) || l.sleepers.empty()) return false;
  M* const m = oldest ? l.sleepers.back() : l.sleepers.front();
  m->lock_was_oldest = m == l.sleepers.back();
  if (oldest)
    l.sleepers.pop_back();
  else
    l.sleepers.pop_front();
  m->lock_woken = true;
  if (m->lock_asleep) m->thread.start_at(now() + cost(Cost::wake_latency));
  return true;
}

RuntimeMutex* World::make_runtime_mutex(std::uint32_t object) {
  bound_ = true;
  update_attention();
  runtime_mutexes_.emplace_back();
  runtime_mutexes_.back().object = dynamic(ObjectKind::mutex, object);
  return &runtime_mutexes_.back();
}

// ---------------------------------------------------------------------------------------------- semaphores

Task<> World::runtime_acquire(G& g, Semaphore& s) {
  co_await semacquire(g, s.own, false, WaitReason::semacquire, s.object);
  held(g, s.object, true, true);
}

Task<> World::runtime_release(G& g, Semaphore& s) { co_await semrelease(g, s.own, settings().semaphore_handoff); }

Semaphore* World::make_runtime_semaphore(std::int64_t count, std::uint32_t object) {
  Semaphore* const s = make_semaphore(count, object);
  s->runtime = true;
  s->own.value = count;
  return s;
}

}  // namespace gmpsim
