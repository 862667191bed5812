// Changing the number of Ps while the world is stopped (runtime.GOMAXPROCS, proc.go: procresize, p.init, p.destroy; 1.19
// to 1.27).
//
// With fewer Ps, what the last ones held goes on elsewhere: their goroutines to the head of the global queue, in order,
// runnext in front of them; their timers to the P of whoever resizes. If that is one of those that go, its M takes P0
// first. Ps that have gone are kept: an M that comes back from a long system call may still point to one and finds that
// it is nobody's. The number that a P has is its place in allp_, so those that return are the same again.
//
// Not modelled: that GOMAXPROCS waits for a collection to end (stopTheWorldGC takes gcsema too).

#include <algorithm>

#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

Step World::set_procs(G& g, std::uint32_t n) {
  if (n == 0 || n == procs()) return Step::done;
  return run_nested(g, set_procs_for(g, n));
}

Task<> World::set_procs_for(G& g, std::uint32_t n) {
  co_await acquire_world(g);
  Task<> stop = stop_the_world(*g.m, StopReason::other);
  co_await systemstack(g, std::move(stop));
  procresize(*g.m, n);
  Task<> start = start_the_world(*g.m);
  co_await systemstack(g, std::move(start));
  co_await semrelease(g, sched_.worldsema, settings().stw_sema_handoff);
}

void World::procresize(M& m, std::uint32_t n) {
  GMPSIM_CHECK(sched_.gcwaiting && sched_.stopwait == 0, "Ps come and go while the world is stopped");
  while (procs() < n) {
    if (!gone_ps_.empty()) {
      allp_.push_back(std::move(gone_ps_.back()));
      gone_ps_.pop_back();
    } else {
      allp_.push_back(std::make_unique<P>());
      allp_.back()->id = procs() - 1;
      allp_.back()->runq.set_capacity(options_.ring);
      P& born = *allp_.back();
      born.timers =
          timer_plan_.structures == 0 ? &new_timer_queue(&born) : timer_queues_[born.id % timer_plan_.structures].get();
    }
    GMPSIM_CHECK(allp_.back()->id == procs() - 1, "a P's number is its place");
  }
  idle_mask_.resize(n, false);
  timer_mask_.resize(n, false);
  if (m.p->id >= n) {  // the own P goes: P0 takes its place
    P& gone = *m.p;
    P& first = *allp_[0];
    gone.m = nullptr;
    m.p = &first;
    first.m = &m;
    record(Kind::p_running, 0, &first, nullptr, &m);
  }
  while (procs() > n) {
    destroy(*allp_.back(), *m.p);
    record(Kind::p_stop, 1, allp_.back().get(), nullptr, nullptr);
    gone_ps_.push_back(std::move(allp_.back()));
    allp_.pop_back();
  }
}

/// p.destroy: what `p` held goes on with `heir` and the global queue.
void World::destroy(P& p, P& heir) {
  // From the tail of the ring to the head of the queue, one after the other: the order stays.
  std::vector<G*> held;
  while (G* g = p.runq.pop()) held.push_back(g);
  std::reverse(held.begin(), held.end());
  if (p.runq.runnext != nullptr) held.push_back(std::exchange(p.runq.runnext, nullptr));
  for (G* g : held) {
    record(Kind::overflow, 0, &p, nullptr, nullptr, 0, 1);
    sched_.runq.push_front(g);
  }
  if (p.timers->owner == &p) {  // a structure that many share stays where it is
    for (Timer& t : timers_) {
      if (!t.held || t.queue != p.timers) continue;
      p.timers->store->remove(t);
      t.queue = heir.timers;
      heir.timers->store->add(t);
      timer_mask_[heir.id] = true;
    }
    looked(*p.timers);
    looked(*heir.timers);
    (void)p.timers->store->take_work();
    (void)heir.timers->store->take_work();
  }
  if (gc_ != nullptr) gc_release_worker(p);
  p.lastm = nullptr;
  p.startm = nullptr;
}

}  // namespace gmpsim
