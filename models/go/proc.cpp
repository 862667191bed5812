// The scheduler: proc.go as coroutines.
//
// An M's life is World::mstart: schedule, find something runnable, execute it, and do what the goroutine asks for when
// it comes back. The common path (something is in the own queue, nothing else is due) never leaves this function and
// touches no event; everything that may wait or race with another M is a nested task, step by step as in Go, with the
// cost of each step spent between the steps.
//
// Sources: src/runtime/proc.go of Go 1.19.8 and 1.27; the text of each function names its counterpart. Differences
// between versions are switches of Settings, never tests for a version.

#include <algorithm>

#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

// ---------------------------------------------------------------------------------------------- the life of a thread

// mstart, schedule, execute and what follows when a goroutine gives its thread back.
Task<> World::mstart(M& m) {
  acquirep(m, *m.nextp);
  m.nextp = nullptr;
  for (;;) {
    // schedule()
    if (!passes(cost(Cost::schedule))) co_await Burn(cost(Cost::schedule));
    Found found;
    const Duration global_get = cost(Cost::global_get) + cost(Cost::sched_lock);
    if (plain_ && !m.spinning && find_runnable_here(m, found)) {  // nearly always
      if (found.from == From::global && !passes(global_get)) co_await Burn(global_get);
    } else {
      if (m.locks != 0) schedule_holding_locks(m);
      if (m.lockedg != nullptr) {
        co_await stoplockedm(m);
        found = {m.lockedg, false, From::direct};
      } else if (!plain_ && !attention_ && !m.spinning && find_runnable_here(m, found)) {
        if (found.from == From::global) co_await spend(global_get);
      } else {
        found = co_await find_runnable(m);
      }
      if (m.spinning) {  // resetspinning
        stop_spinning(m);
        if (wake_rule_ != WakeRule::one && wakep_is_needed()) co_await wakep(&m);
      } else if (wake_rule_ == WakeRule::always && wakep_is_needed()) {
        co_await wakep(&m);
      }
      if (found.g->lockedm != nullptr && found.g->lockedm != &m) {
        co_await startlockedm(m, *found.g);
        continue;
      }
      if (found.wake && wakep_is_needed()) co_await wakep(&m);
    }
    execute(m, found);
    if (!passes(cost(Cost::execute))) co_await Burn(cost(Cost::execute));

    G& g = *found.g;
    bool on_cpu = true;
    while (on_cpu) {
      // A goroutine that was preempted in the middle of a burn has the rest of it to spend first.
      if (g.request != Request::burn) continue_goroutine(g);
      switch (g.request) {
        case Request::burn: {
          if (g.preempt && g.burn_how == Preemptible::any && m.locks == 0) {  // its next function prologue comes soon
            co_await spend(Cost::safe_point_spacing);
            if (g.stop_for_scan) {
              co_await gc_scan_of_preempted(m, g, false, on_cpu);
              break;
            }
            record(Kind::preempted, 0, m.p, &g, &m);
            m.curg = nullptr;
            g.m = nullptr;
            put_preempted(m, g);
            if (settings().gosched_wakep && wakep_is_needed()) co_await wakep(&m);
            on_cpu = false;
            break;
          }
          m.thread.cut_short = 0;
          m.thread.data_node = g.data_node;
          co_await spend(g.burn_left);
          g.burn_left = m.thread.cut_short;
          if (g.data_node != kNoNode) [[unlikely]]
            worked(m, g);
          if (g.burn_left == 0 || g.burn_how == Preemptible::noticed) {
            g.request = Request::none;
            g.phase = std::exchange(g.after_burn, GPhase::paid);
            break;
          }
          // A signal came (doSigPreempt) or the next safe point of a cooperative stop.
          const bool by_signal = !m.signal_is_flag;
          if (by_signal) co_await spend(Cost::signal_handle);
          if (g.stop_for_scan) {
            co_await gc_scan_of_preempted(m, g, by_signal, on_cpu);
            break;
          }
          record(Kind::preempted, by_signal ? 1 : 0, m.p, &g, &m);
          m.curg = nullptr;
          g.m = nullptr;
          put_preempted(m, g);
          if (settings().gosched_wakep && wakep_is_needed()) co_await wakep(&m);
          on_cpu = false;
          break;
        }
        case Request::yield: {  // goschedImpl
          const bool preempted = std::exchange(g.preempted_here, false);
          g.request = Request::none;
          g.phase = preempted ? GPhase::fresh : GPhase::woken;
          if (!passes(cost(Cost::gosched))) co_await Burn(cost(Cost::gosched));
          if (preempted && g.stop_for_scan) {
            co_await gc_scan_of_preempted(m, g, false, on_cpu);
            break;
          }
          if (preempted) record(Kind::preempted, 0, m.p, &g, &m);
          m.curg = nullptr;
          g.m = nullptr;
          if (preempted)
            put_preempted(m, g);
          else
            put_runnable(nullptr, &g, false, Why::yielded, kNoG);
          if (settings().gosched_wakep && wakep_is_needed()) co_await wakep(&m);
          on_cpu = false;
          break;
        }
        case Request::goyield: {  // goyield_m: the local tail, nobody is woken
          g.request = Request::none;
          co_await spend(Cost::gosched);
          m.curg = nullptr;
          g.m = nullptr;
          put_runnable(m.p, &g, false, Why::yielded, kNoG);
          on_cpu = false;
          break;
        }
        case Request::park: {  // park_m
          g.request = Request::none;
          g.phase = GPhase::woken;
          park(m, g);
          if (m.park_work != 0) {  // the unlock callback armed timers
            const Duration work = std::exchange(m.park_work, 0);
            const Time when = std::exchange(m.park_wake, kNever);
            co_await spend(work);
            if (when != kNever) co_await wake_net_poller(&m, when);
          }
          if (!passes(cost(Cost::park))) co_await Burn(cost(Cost::park));
          on_cpu = false;
          break;
        }
        case Request::syscall:
        case Request::notesleep: {
          bool kept_running = false;
          co_await entersyscall_and_return(m, g, kept_running);
          on_cpu = kept_running;
          break;
        }
        case Request::system: {  // systemstack
          Task<> work = std::move(m.system_work);
          co_await work;
          g.request = Request::none;
          break;
        }
        case Request::exit: {
          const bool locked = g.lockedm != nullptr;
          if (m.locks != 0) [[unlikely]]
            schedule_holding_locks(m);
          goexit(m, g);
          if (!passes(cost(Cost::exit))) co_await Burn(cost(Cost::exit));
          if (locked && settings().locked_thread_exits) {
            co_await mexit(m);
            co_return;
          }
          on_cpu = false;
          break;
        }
        case Request::none: GMPSIM_CHECK(false, "a body that returns says what it wants");
      }
    }
  }
}

// Every 61st tick the global queue goes first, so that two goroutines that keep readying each other cannot starve it.
// (A constant divisor saves a division in the inner loop.)
bool World::fairness_tick(std::uint32_t tick) const {
  if (options_.settings.global_poll == 61) [[likely]]
    return tick % 61 == 0;
  return options_.settings.global_poll != 0 && tick % static_cast<std::uint32_t>(options_.settings.global_poll) == 0;
}

// findRunnable steps 1 to 11 as far as they need nobody else: own timers not due, then the fairness tick, the own queue,
// the global queue.
bool World::find_runnable_here(M& m, Found& f) {
  P& p = *m.p;
  if (p.timer_next <= now()) return false;
  if (!sched_.runq.empty() && fairness_tick(p.schedtick)) {
    f = {globrunqget(p, 1), false, From::global};
    return true;
  }
  if (G* g = p.runq.runnext) {
    p.runq.runnext = nullptr;
    f = {g, options_.settings.inherit_slice, From::runnext};
    return true;
  }
  if (G* g = p.runq.pop()) {
    f = {g, false, From::local};
    return true;
  }
  if (!sched_.runq.empty()) {
    f = {globrunqget(p, 0), false, From::global};
    return true;
  }
  return false;
}

// findRunnable, steps as in go-scheduler 3.2. Blocks until there is work.
Task<World::Found> World::find_runnable(M& m) {
  for (;;) {
    Found f;
    // 1
    if (attention_) {
      if (sched_.gcwaiting) {
        co_await gcstopm(m);
        continue;
      }
      if (m.p->at_safe_point) co_await pass_safe_point(*m.p);
    }
    // 3: own timers. What they make ready is in the own queue.
    co_await check_timers(m, *m.p);
    Time poll_until = m.p->timer_next;
    // 5: a mark worker for this P
    if (attention_ && gc_ != nullptr) {
      if (G* worker = find_gc_worker(*m.p)) {
        f = {worker, false, From::direct, settings().gc_switch_wakes};
        co_return f;
      }
    }
    // 6, 10, 11
    if (find_runnable_here(m, f)) {
      if (f.from == From::global) {
        const Duration get = cost(Cost::global_get) + cost(Cost::sched_lock);
        co_await spend(get);
      }
      co_return f;
    }
    if (m.p->timer_next <= now()) continue;

    // 12: look at the network without waiting.
    if (sched_.netpoll_inited && sched_.netpoll_waiters > 0 && sched_.lastpoll != 0 && poll_duty_.scheduler &&
        !(settings().netpoll_one_at_a_time && sched_.polling_net)) {
      GQueue list;
      sched_.polling_net = true;
      co_await poll_now(m, list, 0);
      sched_.polling_net = false;
      if (G* g = list.pop()) {
        set_status(*g, GStatus::runnable);
        record(Kind::g_runnable, static_cast<std::uint8_t>(Why::readied), m.p, g, &m, kNoG, 1);
        co_await injectglist(m, list);
        f = {g, false, From::poller};
        co_return f;
      }
    }

    // 13: spin and steal. At most half as many spinning Ms as busy Ps.
    if (m.spinning || 2 * sched_.nmspinning < procs() - sched_.npidle) {
      if (!m.spinning) become_spinning(m);
      StealResult result = co_await steal_work(m);
      if (result.found.g != nullptr) co_return result.found;
      if (result.new_work) continue;
      poll_until = std::min(poll_until, result.poll_until);
    }

    // 14: nothing to do but marking
    if (attention_ && gc_ != nullptr) {
      if (G* worker = find_idle_gc_worker(*m.p)) {
        f = {worker, false, From::direct};
        co_return f;
      }
    }

    // 16: snapshots for the check after the P is gone.
    m.idle_snapshot = idle_mask_;
    m.timer_snapshot = timer_mask_;

    // 17: give the P up, under the lock.
    co_await lock();
    if (attention_ && (sched_.gcwaiting || m.p->at_safe_point)) continue;
    if (!sched_.runq.empty()) {
      f = {globrunqget(*m.p, 0), false, From::global};
      co_await spend(Cost::global_get);
      co_return f;
    }
    if (settings().needspinning && !m.spinning && sched_.needspinning) {
      become_spinning(m);
      continue;
    }
    pidleput(*releasep(m));
    co_await spend(Cost::idle_list);

    // 18: the delicate dance. Spinning is over first, then every source is looked at once more: whoever submits work
    // does it the other way round (work first, then a look at nmspinning), so one of the two sees the other.
    const bool was_spinning = m.spinning;
    if (m.spinning) {
      stop_spinning(m);
      co_await spend(Cost::barrier);
      if (settings().idle_recheck_global) {
        co_await lock();
        if (!sched_.runq.empty()) {
          if (P* p = pidleget_spinning()) {
            GMPSIM_CHECK(m.p == nullptr, "an M without P takes one");
            f = {globrunqget(*p, 0), false, From::global};
            acquirep(m, *p);
            become_spinning(m);
            co_return f;
          }
        }
      }
      P* got = nullptr;
      // What this M remembers of the Ps may be older than a change of their number.
      const auto known = std::min(procs(), static_cast<std::uint32_t>(m.idle_snapshot.size()));
      for (std::uint32_t id = 0; id < known && steal_->takes(); ++id) {
        if (m.idle_snapshot[id] || allp_[id]->runq.empty()) continue;
        co_await lock();
        got = pidleget_spinning();
        break;
      }
      if (got != nullptr) {
        acquirep(m, *got);
        become_spinning(m);
        continue;
      }
      for (std::uint32_t id = 0; id < std::min(known, procs()); ++id)
        if (m.timer_snapshot[id]) poll_until = std::min(poll_until, allp_[id]->timer_next);
    }

    // 19: one M waits in the poller, for the network and for the earliest timer.
    const bool network = sched_.netpoll_waiters > 0 && poll_duty_.scheduler;
    if (sched_.netpoll_inited && (network || poll_until != kNever) && sched_.lastpoll != 0) {
      const Time before = now();
      sched_.lastpoll = 0;
      co_await blocking_poll(m, poll_until);
      sched_.poll_until = 0;
      sched_.lastpoll = std::max<Time>(settings().poll_time_fresh ? now() : before, 1);
      GQueue list;
      if (poll_duty_.scheduler) co_await poll_after_wait(m, list);
      co_await lock();
      P* p = pidleget();
      if (p == nullptr) {
        co_await injectglist(m, list);
      } else {
        acquirep(m, *p);
        if (G* g = list.pop()) {
          set_status(*g, GStatus::runnable);
          record(Kind::g_runnable, static_cast<std::uint8_t>(Why::readied), m.p, g, &m, kNoG, 1);
          co_await injectglist(m, list);
          f = {g, false, From::poller};
          co_return f;
        }
        if (was_spinning) become_spinning(m);
        continue;
      }
    } else if (poll_until != kNever && sched_.netpoll_inited) {
      // 20: somebody else polls; make it look again if it would sleep past our timer.
      if (sched_.lastpoll == 0 && (sched_.poll_until == 0 || sched_.poll_until > poll_until)) co_await netpoll_break();
    }
    // 21
    co_await stopm(m);
  }
}

// stealWork: the policy names the victims, the model pays for each look and moves what is taken.
Task<World::StealResult> World::steal_work(M& m) {
  static constexpr std::uint64_t kStream = stream_named("steal");
  StealResult result;
  P& p = *m.p;
  StealSearch search;
  search.thief = p.id;
  search.site = {kStream, p.id, p.steal_draws};
  std::int64_t looked_at = 0;
  bool ran_timer = false;
  for (;;) {
    const StealProbe probe = steal_->next(search, *this, chooser_);
    p.steal_draws = search.site.count;
    if (probe.take == StealProbe::Take::stop) break;
    GMPSIM_CHECK(probe.victim < procs() && probe.victim != p.id, "a steal policy names another P");
    co_await spend(Cost::steal_visit);
    ++looked_at;
    P& victim = *allp_[probe.victim];
    if (steals_timers(probe, victim) && timer_mask_[victim.id]) {
      if (victim.timer_next <= now()) {
        co_await check_timers(m, victim);
        ran_timer = true;
        if (p.runq.runnext != nullptr || p.runq.ring_size() > 0) {
          if (find_runnable_here(m, result.found)) co_return result;
        }
      }
      result.poll_until = std::min(result.poll_until, victim.timer_next);
    }
    if (idle_mask_[victim.id] || probe.take == StealProbe::Take::nothing) continue;
    // runqgrab
    std::uint32_t n = victim.runq.grab_size();
    if (n > 0) {
      if (probe.take == StealProbe::Take::one) n = 1;
      if (probe.take == StealProbe::Take::all) n = victim.runq.ring_size();
      n = std::min(n, p.runq.capacity() - p.runq.ring_size());
      G* const newest = runqgrab(m, victim, n);
      const Duration moved = cost(Cost::steal_hit) + cost(Cost::steal_each) * n;
      co_await spend(moved);
      result.found = {newest, false, From::stolen};
      co_return result;
    }
    if (!probe.runnext || victim.runq.runnext == nullptr) continue;
    if (runnext_pause_ != RunnextPause::never &&
        (victim.status == PStatus::running || runnext_pause_ == RunnextPause::always) &&
        !(victim.m != nullptr && victim.m->curg != nullptr && victim.m->curg->status == GStatus::syscall)) {
      // Give the victim the chance to block and run that goroutine itself: usleep(3), off the core.
      m.thread.leave();
      m.thread.start_at(later(now(), kernel_sleep(cost(Cost::runnext_backoff))));
      co_await Suspend{};
    }
    G* next = victim.runq.runnext;
    if (next == nullptr || victim.runq.ring_size() > 0) {
      if (victim.runq.ring_size() == 0) continue;
      // Its ring filled meanwhile: Go starts the grab again.
      const std::uint32_t half = std::min(victim.runq.grab_size(), p.runq.capacity() - p.runq.ring_size());
      result.found = {runqgrab(m, victim, half), false, From::stolen};
    } else {
      victim.runq.runnext = nullptr;
      record(Kind::steal, 1, &p, next, &m, victim.id, 1);
      result.found = {next, false, From::stolen};
    }
    co_await spend(Cost::steal_hit);
    co_return result;
  }
  record(Kind::steal_miss, 0, &p, nullptr, &m, 0, looked_at);
  result.new_work = ran_timer;
  co_return result;
}

/// Moves the victim's oldest `n` goroutines to the P of `m`; the newest of them is returned, to run at once.
G* World::runqgrab(M& m, P& victim, std::uint32_t n) {
  G* newest = nullptr;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (newest != nullptr) m.p->runq.push(newest);
    newest = victim.runq.pop();
  }
  record(Kind::steal, 0, m.p, newest, &m, victim.id, n);
  return newest;
}

// When a thief runs the victim's timers (1.14 and 1.15: shouldStealTimers).
bool World::steals_timers(const StealProbe& probe, const P& victim) const {
  if (probe.timers == StealProbe::Timers::no) return false;
  const bool last = probe.timers == StealProbe::Timers::yes;
  if (last && timers_stolen_ >= TimersStolen::two_rounds) return true;
  if (!last && timers_stolen_ != TimersStolen::two_rounds) return false;
  return victim.status != PStatus::running ||
         (victim.m != nullptr && victim.m->curg != nullptr && victim.m->curg->preempt);
}

// execute: the goroutine belongs to this M and P from here on.
void World::execute(M& m, const Found& f) {
  G& g = *f.g;
  P& p = *m.p;
  GMPSIM_CHECK(g.status == GStatus::runnable, "only a runnable goroutine is executed");
  g.status = GStatus::running;
  g.m = &m;
  g.preempt = false;
  g.last_p = static_cast<std::uint16_t>(p.id);
  m.curg = &g;
  if (!f.inherit) ++p.schedtick;
  record(Kind::g_running, static_cast<std::uint8_t>(f.from), &p, &g, &m, 0, f.inherit ? 1 : 0);
  if (options_.system_goroutines != 0 && !g.system) boot_system_goroutines(p);
}

/// A stretch of work on data of one memory node is over, or was interrupted.
void World::worked(M& m, G& g) {
  m.thread.data_node = kNoNode;
  if (const Duration far = std::exchange(m.thread.far, 0); far > 0)
    record(Kind::remote, 0, m.p, &g, &m, g.data_node, far);
  if (g.burn_left == 0) g.data_node = kNoNode;
}

void World::continue_goroutine(G& g) {
  g.request = Request::none;
  if (Nested* n = g.nested) {
    gmpsim::resume(*n);
    if (!n->task.done()) return;
    drop_nested(g);
    g.phase = GPhase::woken;
  }
  g.resume(*this, g);
}

void World::park(M& m, G& g) {
  set_status(g, GStatus::waiting);
  record(Kind::g_waiting, static_cast<std::uint8_t>(g.wait_reason), m.p, &g, &m, g.waiting_on,
         g.wait_reason == WaitReason::sleep ? g.timer->when : 0);
  m.curg = nullptr;
  g.m = nullptr;
}

// ---------------------------------------------------------------------------------------------- queues

// runqput with overflow of half the ring to the global queue (runqputslow).
void World::runqput(P& p, G* g, bool next) {
  if (next) {
    g = p.runq.replace_runnext(g);
    if (g == nullptr) return;
  }
  if (!p.runq.full()) [[likely]] {
    p.runq.push(g);
    return;
  }
  const std::uint32_t half = p.runq.capacity() / 2;
  for (std::uint32_t i = 0; i < half; ++i) sched_.runq.push_back(p.runq.pop());
  sched_.runq.push_back(g);
  record(Kind::overflow, 0, &p, nullptr, nullptr, 0, half + 1);
}

// globrunqget (until 1.24) and globrunqgetbatch (since 1.25) give the same: the first runs, the others go to the tail.
G* World::globrunqget(P& p, std::uint32_t max) {
  std::uint32_t n = sched_.runq.size();
  GMPSIM_CHECK(n > 0, "the global queue was looked at before");
  if (n > 1) {
    if (!settings().global_batch) max = 1;
    n = std::min(n, n / procs() + 1);
    if (max > 0) n = std::min(n, max);
    n = std::min(n, p.runq.capacity() / 2);
  }
  G* first = sched_.runq.pop();
  for (std::uint32_t i = 1; i < n; ++i) runqput(p, sched_.runq.pop(), false);
  record(Kind::global_get, 0, &p, first, p.m, 0, n);
  return first;
}

// goschedImpl(preempted): the tail of the global queue; since 1.26 a goroutine that stops for the world stays on its P, so
// that it goes on there as soon as the world does.
void World::put_preempted(M& m, G& g) {
  const bool stays = sched_.gcwaiting && settings().stw_keeps_preempted;
  put_runnable(stays ? m.p : nullptr, &g, stays, Why::preempted, kNoG);
}

/// A running goroutine becomes runnable: at the tail of p's queue, or of the global queue when p is nullptr.
void World::put_runnable(P* p, G* g, bool next, Why why, std::uint32_t waker) {
  set_status(*g, GStatus::runnable);
  record(Kind::g_runnable, static_cast<std::uint8_t>(why), p, g, nullptr, waker, next ? 1 : 0);
  if (p != nullptr)
    runqput(*p, g, next);
  else
    sched_.runq.push_back(g);
}

// ready: always through the queue of whoever readies. The caller pays Cost::ready and wakes (wakep_is_needed).
void World::ready(P& p, G* g, Why why, std::uint32_t waker, bool next, bool created) {
  WakePlace place = next && options_.settings.runnext ? WakePlace::runnext : WakePlace::tail;
  if (!wake_is_go_) [[unlikely]] {
    const std::uint32_t last = g->last_p >= procs() ? p.id : g->last_p;
    place = wake_->place({p.id, last, allp_[last]->runq.ring_size(), next && options_.settings.runnext, created});
  }
  set_status(*g, GStatus::runnable);
  P* to = place == WakePlace::global                          ? nullptr
          : place == WakePlace::last_p && g->last_p < procs() ? allp_[g->last_p].get()
                                                              : &p;
  // Another P's queue only while its M runs a goroutine: an M that has looked there already may be about to idle that P.
  if (to != nullptr && to != &p && (to->m == nullptr || to->m->curg == nullptr)) to = &p;
  record(Kind::g_runnable, static_cast<std::uint8_t>(why), to, g, nullptr, waker, place == WakePlace::runnext ? 1 : 0);
  if (to == nullptr)
    sched_.runq.push_back(g);
  else
    runqput(*to, g, place == WakePlace::runnext);
}

// ---------------------------------------------------------------------------------------------- waking and stopping

// The part of wakep that needs no lock: is there an idle P and no spinning M? Since 1.20 finding no idle P leaves a note
// for the next M that is about to idle (pidlegetSpinning).
bool World::wakep_is_needed() {
  if (sched_.nmspinning != 0 && wake_rule_ != WakeRule::each) return false;
  if (sched_.npidle == 0) {
    if (settings().needspinning) sched_.needspinning = true;
    return false;
  }
  return true;
}

// wakep: add one spinner if there is none.
Task<> World::wakep(M* m) {
  if (wake_rule_ == WakeRule::each) {  // matchmg
    co_await lock();
    if (P* p = pidleget()) co_await startm(m, p, false);
    co_return;
  }
  if (sched_.nmspinning != 0) co_return;
  ++sched_.nmspinning;  // the compare-and-swap 0 -> 1: this M's promise that there will be a spinner
  co_await lock();
  P* p = settings().needspinning ? pidleget_spinning() : pidleget();
  if (p == nullptr) {
    --sched_.nmspinning;
    co_return;
  }
  co_await startm(m, p, true);
}

// A goroutine calls a function of the runtime where nothing keeps it from being preempted (newstack).
Task<> World::function_entry(G& g) {
  co_await spend(Cost::step);
  if (!g.preempt) co_return;
  g.request = Request::yield;
  g.preempted_here = true;
  co_await Suspend{};
}

// startm: runs p (or some idle P) on an idle or new thread. With `spinning`, nmspinning has been raised by the caller.
Task<> World::startm(M* self, P* p, bool spinning) {
  if (p == nullptr) {
    co_await lock();
    p = pidleget();
    if (p == nullptr) {
      if (spinning) --sched_.nmspinning;
      co_return;
    }
  }
  if (!settings().startm_pins && self != nullptr && self->curg != nullptr && self->curg->nested != nullptr) {
    // The P is in nobody's hands but those of a goroutine that may be preempted: a stop of the world waits for it.
    if (self->curg->request != Request::system) co_await function_entry(*self->curg);
  }
  record(Kind::wakeup, spinning ? 1 : 0, p, nullptr, self);
  M* m = mget();
  if (m == nullptr) {
    if (self != nullptr && self->locked_ext > 0 && settings().template_thread) {
      M& born = newm(p, spinning, kNever);
      if (ask_template_thread(born)) co_await spend(Cost::futex_wake);
      co_return;
    }
    newm(p, spinning, cost(Cost::thread_create));
    co_await spend(Cost::thread_clone);
    co_return;
  }
  GMPSIM_CHECK(!m->spinning && m->nextp == nullptr, "an idle M neither spins nor has a P");
  m->spinning = spinning;
  m->nextp = p;
  if (spinning) record(Kind::m_spinning, 0, nullptr, nullptr, m, 0, 1);
  notewakeup(*m);
  co_await spend(Cost::futex_wake);
}

// handoffp: the caller has no use for p. The first reason to keep it working wins.
Task<> World::handoffp(M* self, P* p) {
  if (!p->runq.empty() || !sched_.runq.empty()) {
    record(Kind::handoff, 1, p, nullptr, self);
    co_await startm(self, p, false);
    co_return;
  }
  if (settings().gc_handoff_works && gc_ != nullptr && gc_->marking && gc_->work_left()) {  // gcMarkWorkAvailable
    record(Kind::handoff, 1, p, nullptr, self);
    co_await startm(self, p, false);
    co_return;
  }
  if (sched_.nmspinning + sched_.npidle == 0 &&
      wake_rule_ != WakeRule::each) {  // nobody would notice new work: this P's M spins
    ++sched_.nmspinning;
    sched_.needspinning = false;
    record(Kind::handoff, 1, p, nullptr, self);
    co_await startm(self, p, true);
    co_return;
  }
  co_await lock();
  if (sched_.gcwaiting) {
    stop_p(*p);
    co_return;
  }
  if (p->at_safe_point) co_await pass_safe_point(*p);
  if (!sched_.runq.empty()) {
    record(Kind::handoff, 1, p, nullptr, self);
    co_await startm(self, p, false);
    co_return;
  }
  if (sched_.npidle == procs() - 1 && sched_.lastpoll != 0) {  // the last running P: somebody has to poll
    record(Kind::handoff, 1, p, nullptr, self);
    co_await startm(self, p, false);
    co_return;
  }
  record(Kind::handoff, 0, p, nullptr, self);
  const Time when = p->timer_next;
  pidleput(*p);
  if (when != kNever) co_await wake_net_poller(self, when);
}

// stopm: onto the idle list, sleep, and take the P that comes with the wake-up.
Task<> World::stopm(M& m) {
  co_await lock();
  mput(m);
  if (checkdead()) {
    co_await Suspend{};  // the run is over
  }
  co_await sleep_on_note(m);
}

// mPark, and the P that comes with the wake-up.
Task<> World::sleep_on_note(M& m) {
  co_await spend(Cost::thread_park);
  if (!m.note) {
    m.asleep = true;
    m.thread.leave();
    co_await Suspend{};
  }
  m.note = false;
  m.asleep = false;
  P* p = m.nextp;
  m.nextp = nullptr;
  acquirep(m, *p);
  record(Kind::m_run, 0, m.p, nullptr, &m);
}

// injectglist for an M that may have a P. The list is waiting or runnable goroutines found by the poller.
Task<> World::injectglist(M& m, GQueue& list) {
  if (list.empty()) co_return;
  if (m.p == nullptr) {
    co_await spend(Cost::futex_wake);
    inject_from_outside(list);
    co_return;
  }
  // With a P: as many as there are idle Ps go to the global queue and start those Ps; the rest stays local.
  const std::uint32_t idle = settings().inject_local ? sched_.npidle : list.size();
  std::uint32_t started = 0;
  while (started < idle && !list.empty()) {
    G* g = list.pop();
    put_runnable(nullptr, g, false, Why::readied, kNoG);
    ++started;
  }
  for (std::uint32_t i = 0; i < started; ++i) {
    co_await lock();
    P* p = settings().needspinning ? pidleget_spinning() : pidleget();
    if (p == nullptr) break;
    co_await startm(&m, p, false);
  }
  while (!list.empty()) put_runnable(m.p, list.pop(), false, Why::readied, kNoG);
  if (settings().inject_wakep && wakep_is_needed()) co_await wakep(&m);
}

// injectglist without a P, by the poller, sysmon or the world outside: the global queue, and one idle P for each.
void World::inject_from_outside(GQueue& list) {
  std::uint32_t n = 0;
  while (!list.empty()) {
    put_runnable(nullptr, list.pop(), false, Why::outside, kNoG);
    ++n;
  }
  for (; n > 0 && sched_.npidle > 0; --n) start_idle_p_from_outside();
  if (n > 0 && settings().needspinning) sched_.needspinning = true;
}

void World::start_idle_p_from_outside() {
  P* p = pidleget();
  record(Kind::wakeup, 0, p, nullptr, nullptr);
  if (M* m = mget()) {
    m->nextp = p;
    notewakeup(*m);
  } else {
    newm(p, false, cost(Cost::thread_create));
  }
}

// sched.lock: first come, first served; effects happen when it is held, its cost has then been paid.
Task<> World::lock() {
  const Duration hold = cost(Cost::sched_lock);
  const Time free = std::max(sched_.lock_free, now());
  sched_.lock_free = free + hold;
  const Duration wait = free + hold - now();
  co_await spend(wait);
}

void World::acquirep(M& m, P& p) {
  GMPSIM_CHECK(m.p == nullptr && p.m == nullptr, "acquirep: neither M nor P is wired");
  set_status(p, PStatus::running);
  m.p = &p;
  p.m = &m;
  p.lastm = &m;
  record(Kind::p_running, 0, &p, nullptr, &m);
}

P* World::releasep(M& m) {
  P* p = m.p;
  GMPSIM_CHECK(p != nullptr && p->m == &m, "releasep: M and P are wired to each other");
  m.p = nullptr;
  p->m = nullptr;
  set_status(*p, PStatus::idle);
  return p;
}

void World::pidleput(P& p) {
  GMPSIM_CHECK(p.runq.empty(), "an idle P has an empty queue");
  timer_mask_[p.id] = !timer_plan_.timerproc && p.timers->store->size() > 0;
  idle_mask_[p.id] = true;
  p.link = sched_.pidle;
  sched_.pidle = &p;
  ++sched_.npidle;
  record(Kind::p_idle, 0, &p, nullptr, nullptr);
}

P* World::pidleget() {
  P* p = sched_.pidle;
  if (p == nullptr) return nullptr;
  sched_.pidle = p->link;
  p->link = nullptr;
  --sched_.npidle;
  timer_mask_[p->id] = true;
  idle_mask_[p->id] = false;
  return p;
}

P* World::pidleget_spinning() {
  P* p = pidleget();
  if (p == nullptr && settings().needspinning) sched_.needspinning = true;
  return p;
}

void World::mput(M& m) {
  m.schedlink = sched_.midle;
  m.idle = true;
  sched_.midle = &m;
  ++sched_.nmidle;
  record(Kind::m_idle, 0, nullptr, nullptr, &m);
}

M* World::mget() {
  M* m = sched_.midle;
  if (m == nullptr) return nullptr;
  sched_.midle = m->schedlink;
  m->schedlink = nullptr;
  m->idle = false;
  --sched_.nmidle;
  return m;
}

/// Takes a certain M off the idle list; false when it is not there.
bool World::mget_specific(M& m) {
  if (!m.idle) return false;
  M** at = &sched_.midle;
  while (*at != &m) at = &(*at)->schedlink;
  *at = m.schedlink;
  m.schedlink = nullptr;
  m.idle = false;
  --sched_.nmidle;
  return true;
}

void World::become_spinning(M& m) {
  GMPSIM_CHECK(!m.spinning, "a spinning M does not begin to spin");
  m.spinning = true;
  ++sched_.nmspinning;
  sched_.needspinning = false;
  record(Kind::m_spinning, 0, m.p, nullptr, &m, 0, 1);
}

void World::stop_spinning(M& m) {
  GMPSIM_CHECK(m.spinning && sched_.nmspinning > 0, "only a spinning M stops spinning");
  m.spinning = false;
  --sched_.nmspinning;
  record(Kind::m_spinning, 0, m.p, nullptr, &m, 0, 0);
}

void World::notewakeup(M& m) {
  const Time at = now() + cost(Cost::wake_latency);
  record(Kind::m_wake, 0, nullptr, nullptr, &m, 0, at);
  if (m.asleep) {
    m.asleep = false;
    m.thread.start_at(at);
  } else {
    m.note = true;
  }
}

}  // namespace gmpsim
