// Stopping and starting the world (proc.go: stopTheWorldWithSema, startTheWorldWithSema, gcstopm, procresize; 1.19 to
// 1.27).
//
// A stop is a request, and it lasts until the last P has seen it. The stopper raises `gcwaiting`, asks every running
// goroutine to stop (preemptall), takes the Ps of system calls and the idle ones itself, and sleeps until the others
// have come to the scheduler; every 100 us it asks again, because a request may have hit the wrong goroutine or one that
// could not stop. What the pause costs beyond that is up to whoever holds the world.
//
// So the time to stop is the distance of the last running goroutine to its next safe point. With `preempt: cooperative`
// a loop without calls holds everybody up for as long as it runs; all others stand still meanwhile.
//
// The starter's own P counts as stopped but keeps its thread and goes on to work for the stopper. The stopper runs on its
// system stack (Request::system): nothing preempts it there. Its goroutine stays Grunning; Go pretends that it waits, so
// that the collector may scan its stack, which this model does not need.
//
// Invariants: between stw_stopped and stw_end no goroutine runs but on behalf of the stopper; `stopwait` is the number of
// Ps that have not stopped; there is no idle P while the world is stopped.

#include <algorithm>

#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

namespace {
constexpr Duration kAskAgain = us(100);  // stopTheWorldWithSema, forEachPInternal: notetsleep(…, 100*1000)
}  // namespace

// ---------------------------------------------------------------------------------------------- stopping

/// stopTheWorldWithSema, on the thread of the stopper. The caller holds worldsema.
Task<> World::stop_the_world(M& m, StopReason reason) {
  co_await lock();
  GMPSIM_CHECK(!sched_.gcwaiting, "the world is stopped once at a time");
  sched_.stop_begin = now();
  sched_.stop_reason = reason;
  sched_.stopwait = procs();
  sched_.gcwaiting = true;
  update_attention();
  record(Kind::stw_begin, static_cast<std::uint8_t>(reason), m.p, m.curg, &m);
  co_await spend(Cost::stop_world);
  co_await preempt_all(m);

  // From here in one instant: the own P, those in system calls, the idle ones.
  set_status(*m.p, PStatus::gcstop);
  --sched_.stopwait;
  for (const auto& owned : allp_) {
    P& p = *owned;
    const bool in_call =
        p.status == PStatus::syscall || (p.status == PStatus::running && p.m != nullptr && p.m->curg != nullptr &&
                                         p.m->curg->status == GStatus::syscall);
    if (in_call) stop_p_in_syscall(p);
  }
  while (P* p = pidleget()) stop_p(*p);

  co_await await_ps(m, sched_.stopwait, sched_.stopper);
  record(Kind::stw_stopped, static_cast<std::uint8_t>(reason), m.p, m.curg, &m, 0, now() - sched_.stop_begin);
}

/// m sleeps until none of the Ps it waits for is `left`, and asks again and again meanwhile. `asker` is m while it sleeps.
Task<> World::await_ps(M& m, std::uint32_t& left, M*& asker) {
  while (left > 0) {
    asker = &m;
    m.thread.leave();
    m.thread.start_at(later(now(), kernel_sleep(kAskAgain)));
    co_await Suspend{};
    if (asker == nullptr) break;  // woken by the last P
    asker = nullptr;
    if (left > 0) co_await preempt_all(m);
  }
}

/// A P has done what `asker` waits for; the last one wakes it.
void World::one_p_less(std::uint32_t& left, M*& asker) {
  if (--left == 0 && asker != nullptr) std::exchange(asker, nullptr)->thread.start_at(now() + cost(Cost::wake_latency));
}

void World::update_attention() {
  attention_ = sched_.gcwaiting || (gc_ != nullptr && (gc_->marking || gc_->flush_wait > 0));
  plain_ = !attention_ && !bound_ && wake_rule_ != WakeRule::always;
}

/// preemptall: every running P but the own one is asked; the policy says by which means.
Task<> World::preempt_all(M& m) {
  const PreemptAction how = preempt_->on_stop();
  if (how == PreemptAction::none) co_return;
  for (std::size_t i = 0; i < allp_.size(); ++i) {
    P& p = *allp_[i];
    if (p.status == PStatus::running && p.m != &m) co_await preemptone(m, p, how);
  }
}

/// p has stopped. The last one wakes the stopper.
void World::stop_p(P& p) {
  GMPSIM_CHECK(p.m == nullptr && sched_.stopwait > 0, "a P stops once, without an M");
  set_status(p, PStatus::gcstop);
  record(Kind::p_stop, 0, &p, nullptr, nullptr);
  one_p_less(sched_.stopwait, sched_.stopper);
}

/// The P of a system call is taken without asking: by the stopper, or by the thread that enters the call and sees
/// gcwaiting (syscallingThread.gcstopP, entersyscall_gcwait).
void World::stop_p_in_syscall(P& p) {
  if (p.status == PStatus::syscall) {
    p.oldm = nullptr;
    set_status(p, PStatus::idle);
  } else {
    releasep(*p.m);
  }
  ++p.syscalltick;
  stop_p(p);
}

/// gcstopm: an M that comes to the scheduler while the world is to stop gives its P up and sleeps.
Task<> World::gcstopm(M& m) {
  if (m.spinning) stop_spinning(m);  // start_the_world wakes threads as needed
  co_await lock();
  stop_p(*releasep(m));
  co_await stopm(m);
}

// ---------------------------------------------------------------------------------------------- starting

/// startTheWorldWithSema. What the poller found meanwhile goes to the own queue, Ps with work get their threads, and one
/// more P is woken in case there is a lot to do.
Task<> World::start_the_world(M& m) {
  if (sched_.netpoll_inited) {
    co_await spend(Cost::netpoll);
    GQueue list;
    netpoll(list);
    co_await injectglist(m, list);
  }
  co_await lock();
  GMPSIM_CHECK(sched_.gcwaiting && sched_.stopwait == 0, "what starts again has stopped");
  if (settings().stw_queues != "kept") [[unlikely]]
    rebuild_queues(m);
  procs_to_wake(m);
  sched_.gcwaiting = false;
  update_attention();
  set_status(*m.p, PStatus::running);
  record(Kind::stw_end, static_cast<std::uint8_t>(sched_.stop_reason), m.p, m.curg, &m, 0, now() - sched_.stop_begin);
  wake_sysmon();
  for (std::size_t i = 0; i < woken_ps_.size(); ++i) {
    P& p = *woken_ps_[i];
    M* to = std::exchange(p.startm, nullptr);
    record(Kind::wakeup, 0, &p, nullptr, &m);
    if (to == nullptr) {
      newm(&p, false, cost(Cost::thread_create));
      co_await spend(Cost::thread_clone);
    } else {
      to->nextp = &p;
      notewakeup(*to);
      co_await spend(Cost::futex_wake);
    }
  }
  woken_ps_.clear();
  if (wakep_is_needed()) co_await wakep(&m);
}

/// procresize of 1.1 to 1.4: all queues become one, which is dealt out again, half a ring to a P at most. Until 1.2 the
/// local ones go behind the global one: whoever yields to the global queue after each collection overtakes whoever waits
/// in a local one, for ever (issue 7126). Since 1.3 they go before it, and the order is kept.
void World::rebuild_queues(const M& m) {
  if (settings().stw_queues == "in order") {
    for (bool found = true; found;) {
      found = false;
      for (const auto& p : allp_) {
        G* const last = p->runq.pop_last();
        if (last == nullptr) continue;
        sched_.runq.push_front(last);
        found = true;
      }
    }
  } else {
    for (const auto& p : allp_)
      while (G* g = p->runq.pop()) sched_.runq.push_back(g);
  }
  for (const auto& p : allp_)
    if (G* next = std::exchange(p->runq.runnext, nullptr)) sched_.runq.push_front(next);
  const std::uint32_t most = procs() * allp_[0]->runq.capacity() / 2;
  for (std::uint32_t i = 1; i < most && !sched_.runq.empty(); ++i)  // the next P first: the own one has something to do
    runqput(*allp_[(m.p->id + i) % procs()], sched_.runq.pop(), false);
}

/// The end of procresize: every P but the own one is idle again; those with work go to `woken_ps_` in the order in which
/// they are woken, each with an M if there is one.
void World::procs_to_wake(const M& m) {
  woken_ps_.clear();
  std::vector<P*> without_m;
  std::vector<P*> with_worker;
  if (gc_ != nullptr && settings().stw_assigns_workers) {  // idle Ps are the first to mark, the lowest first
    for (const auto& p : allp_) {
      if (p.get() == m.p || !p->runq.empty()) continue;
      if (!gc_assign_worker(*p)) break;
      with_worker.push_back(p.get());
    }
  }
  const bool high_first = settings().idle_stack_high_first;
  for (std::uint32_t k = 0; k < procs(); ++k) {
    // The idle stack is built from the lowest P up since 1.26, before from the highest down.
    P& p = *allp_[high_first ? k : procs() - 1 - k];
    if (&p == m.p) continue;
    set_status(p, PStatus::idle);
    if (p.runq.empty()) {
      if (std::find(with_worker.begin(), with_worker.end(), &p) == with_worker.end()) pidleput(p);
      continue;
    }
    if (settings().stw_same_m) {
      if (p.lastm != nullptr && mget_specific(*p.lastm)) {
        p.startm = p.lastm;
        woken_ps_.push_back(&p);
      } else {
        without_m.push_back(&p);
      }
    } else {
      woken_ps_.push_back(&p);
    }
  }
  if (settings().stw_same_m) {
    // First those whose M is busy elsewhere, the highest first, then the others from the lowest up; Ms are given to the
    // former from the lowest up.
    const auto by_id = [](const P* a, const P* b) { return a->id < b->id; };
    std::sort(woken_ps_.begin(), woken_ps_.end(), by_id);
    std::sort(without_m.begin(), without_m.end(), by_id);
    for (P* p : without_m) p->startm = mget();
    woken_ps_.insert(woken_ps_.begin(), without_m.rbegin(), without_m.rend());
  } else {
    // Until 1.25 idle Ms are handed out from the highest P down, and the Ps woken from the lowest up.
    std::sort(woken_ps_.begin(), woken_ps_.end(), [](const P* a, const P* b) { return a->id > b->id; });
    for (P* p : woken_ps_) p->startm = mget();
    std::reverse(woken_ps_.begin(), woken_ps_.end());
  }
  for (P* p : with_worker) p->startm = mget();
  woken_ps_.insert(woken_ps_.begin(), with_worker.rbegin(), with_worker.rend());
}

// ---------------------------------------------------------------------------------------------- for goroutines

/// systemstack: `work` runs on the thread of g, which nobody can interrupt meanwhile.
Task<> World::systemstack(G& g, Task<> work) {
  g.m->system_work = std::move(work);
  g.request = Request::system;
  co_await Suspend{};
}

/// semacquire(&worldsema): one stops the world at a time.
Task<> World::acquire_world(G& g) { co_await semacquire(g, sched_.worldsema, false, WaitReason::semacquire, 0); }

Task<> World::stop_world_for(G& g, Duration d) {
  co_await acquire_world(g);
  Task<> stop = stop_the_world(*g.m, StopReason::other);
  co_await systemstack(g, std::move(stop));
  co_await spend(d);
  Task<> start = start_the_world(*g.m);
  co_await systemstack(g, std::move(start));
  co_await semrelease(g, sched_.worldsema, settings().stw_sema_handoff);
}

Step World::stop_world(G& g, Duration d) { return run_nested(g, stop_world_for(g, d)); }

}  // namespace gmpsim
