// Goroutines bound to their thread (proc.go: LockOSThread, stoplockedm, startlockedm, mexit, templateThread; 1.19 to
// 1.27).
//
// A locked goroutine runs on one thread and that thread runs nothing else. So when it blocks or yields, its thread gives
// the P away and sleeps; and when some other thread takes it from a queue, that thread gives its own P to the bound one
// and goes to sleep itself. Each switch to or from a locked goroutine is therefore a hand-over between two threads. It
// cures nothing else: a locked goroutine in a system call loses its P like any other.
//
// A thread that is locked may be in a strange state of the kernel, so (since 1.10) no thread is cloned from it: the
// template thread, started by the first lock, does that on its behalf. For the same reason the thread of a goroutine that
// ends while locked ends too.
//
// Invariants: m.lockedg = g if and only if g.lockedm = m; a locked goroutine is executed by its own thread only.

#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

Step World::lock_os_thread(G& g) {
  M& m = *g.m;
  const bool first = settings().template_thread && template_m_ == nullptr;
  if (first) {  // startTemplateThread
    template_m_ = &new_system_thread();
    template_m_->life = template_thread(*template_m_);
    start_system_thread(*template_m_, later(now(), cost(Cost::thread_create)));
  }
  if (settings().thread_locks_nest)
    ++m.locked_ext;
  else
    m.locked_ext = 1;
  bound_ = true;
  update_attention();
  m.lockedg = &g;
  g.lockedm = &m;
  return first ? charge_after(g, cost(Cost::thread_clone)) : Step::done;
}

void World::unlock_os_thread(G& g) {
  M& m = *g.m;
  if (m.locked_ext == 0 || --m.locked_ext > 0) return;
  m.lockedg = nullptr;
  g.lockedm = nullptr;
}

// stoplockedm: the thread of a locked goroutine that cannot run now. It comes back with the P of whoever found the
// goroutine in a queue.
Task<> World::stoplockedm(M& m) {
  if (m.p != nullptr) {
    P* p = releasep(m);
    co_await handoffp(&m, p);
  }
  co_await lock();
  ++sched_.nmidlelocked;
  if (checkdead()) co_await Suspend{};  // the run is over
  co_await sleep_on_note(m);
  GMPSIM_CHECK(m.lockedg->status == GStatus::runnable, "stoplockedm: a locked goroutine that is woken can run");
}

// startlockedm: the P goes to the thread that alone may run g; this one sleeps until it is needed.
Task<> World::startlockedm(M& m, G& g) {
  M& bound = *g.lockedm;
  GMPSIM_CHECK(&bound != &m && bound.nextp == nullptr, "startlockedm: the bound thread waits for a P");
  co_await lock();
  --sched_.nmidlelocked;
  P* p = releasep(m);
  bound.nextp = p;
  notewakeup(bound);
  co_await spend(Cost::futex_wake);
  co_await stopm(m);
}

// mexit: the thread of a goroutine that ended while it was locked. The main thread cannot end and sleeps for ever.
Task<> World::mexit(M& m) {
  if (m.id != 0) record(Kind::m_exit, 0, nullptr, nullptr, &m);
  P* p = releasep(m);
  co_await handoffp(&m, p);
  co_await lock();
  ++sched_.nmfreed;
  m.freed = true;
  (void)checkdead();
  m.thread.leave();
}

// templateThread: clones the threads that locked threads ask for, the last request first.
Task<> World::template_thread(M& m) {
  ++sched_.nmsys;
  if (checkdead()) co_await Suspend{};
  for (;;) {
    while (!to_clone_.empty()) {
      M* born = to_clone_.back();
      to_clone_.pop_back();
      born->thread.start_at(later(now(), cost(Cost::thread_create)));
      co_await spend(Cost::thread_clone);
    }
    m.asleep = true;
    m.thread.leave();
    co_await Suspend{};
  }
}

/// newm on a locked thread: true when the template thread was asked and has to be woken (a futex call of the caller).
bool World::ask_template_thread(M& born) {
  to_clone_.push_back(&born);
  if (!template_m_->asleep) return false;
  template_m_->asleep = false;
  template_m_->thread.start_at(later(now(), cost(Cost::wake_latency)));
  return true;
}

M& World::new_system_thread() {
  allm_.push_back(std::make_unique<M>(engine_, os_, gmpsim::Phase::monitor));
  M& m = *allm_.back();
  m.id = sched_.mnext++;
  m.thread.number = m.id;
  m.world = this;
  m.system = true;
  record(Kind::m_create, 1, nullptr, nullptr, &m);
  return m;
}

void World::start_system_thread(M& m, Time at) {
  m.life.start_on(m.thread);
  m.thread.leaf = std::exchange(m.thread.next, {});
  m.thread.start_at(at);
}

}  // namespace gmpsim
