// forEachP: every P passes a safe point, one by one (proc.go: forEachP, runSafePointFn; 1.5 to 1.26).
//
// The collector needs it twice in a cycle. Before the second stop it has to know that no P keeps work to itself
// (gcMarkDone: the flush round of 1.5 to 1.11, the ragged barrier since 1.12), and after it that no P keeps spans that
// were not swept (gcMarkTermination, since 1.12). Nobody is stopped for it: a P does its part and goes on. But whoever
// asked sleeps, with the right to stop the world in its hands, until the last P has done so. A loop without calls under
// cooperative preemption therefore holds up the collection here, and no longer everybody as in the stop that follows.
//
// A P does its part when its thread comes to the scheduler (findRunnable), enters a system call, or gives the P away
// (handoffp); idle Ps have nothing to lose and are done by whoever asks, and those in system calls are taken and handed
// off. As in a stop, whoever asks looks again every 100 us and repeats its requests.
//
// Until 1.11 the round came between two phases of marking and did not keep others from stopping the world; here it is the
// same in all versions. What it finds is never work: all of it is known when marking begins.
//
// Invariants: no P becomes idle while it still has its part to do; `flush_wait` counts those that have.

#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

/// On the thread of who asks; it holds worldsema. `caches`: the round after the second stop.
Task<> World::for_each_p(M& m, bool caches) {
  Gc& gc = *gc_;
  const Time begin = now();
  co_await lock();
  GMPSIM_CHECK(gc.flush_wait == 0 && !sched_.gcwaiting, "one round at a time, and not while the world stops");
  for (const auto& p : allp_) p->at_safe_point = p.get() != m.p;
  gc.flush_wait = procs() - 1;
  update_attention();
  co_await preempt_all(m);
  Duration work = cost(Cost::gc_flush_p);  // for the own P
  for (P* p = sched_.pidle; p != nullptr; p = p->link) {
    if (!p->at_safe_point) continue;
    passed_safe_point(*p);
    work += cost(Cost::gc_flush_p);
  }
  co_await spend(work);
  for (std::uint32_t id = 0; id < procs(); ++id) {
    P& p = *allp_[id];
    if (!p.at_safe_point) continue;
    if (p.status == PStatus::syscall) {
      p.oldm = nullptr;
      set_status(p, PStatus::idle);
    } else if (!settings().psyscall && p.status == PStatus::running && p.m != nullptr && p.m->curg != nullptr &&
               p.m->curg->status == GStatus::syscall) {
      releasep(*p.m);
    } else {
      continue;
    }
    ++p.syscalltick;
    co_await handoffp(&m, &p);
  }
  co_await await_ps(m, gc.flush_wait, gc.flusher);
  update_attention();
  record(Kind::gc_flush, caches ? 1 : 0, m.p, m.curg, &m, 0, now() - begin);
}

/// runSafePointFn: p, in the hands of who calls, does its part.
Task<> World::pass_safe_point(P& p) {
  co_await spend(Cost::gc_flush_p);
  if (p.at_safe_point) passed_safe_point(p);
}

void World::passed_safe_point(P& p) {
  Gc& gc = *gc_;
  GMPSIM_CHECK(p.at_safe_point && gc.flush_wait > 0, "a P does its part once");
  p.at_safe_point = false;
  one_p_less(gc.flush_wait, gc.flusher);
}

}  // namespace gmpsim
