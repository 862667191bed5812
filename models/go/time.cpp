// Timers and Sleep (time.go, proc.go: checkTimers, wakeNetPoller).
//
// A P runs its own due timers when it enters findRunnable; a thief runs those of others in its last round; otherwise the
// M in the blocking poll wakes for the earliest one. The structure that holds the timers of a P is a policy.

#include <algorithm>

#include "models/go/policies.hpp"
#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

/// What the scheduler knows of a structure, after something was done with it.
void World::looked(TimerQueue& q) {
  q.next = due(q.store->next());
  if (q.owner != nullptr) q.owner->timer_next = q.next;
}

/// One more structure for timers: that of `owner`, or one that many share.
TimerQueue& World::new_timer_queue(P* owner) {
  timer_queues_.push_back(std::make_unique<TimerQueue>());
  TimerQueue& q = *timer_queues_.back();
  q.store = timer_policies().make(settings().timers.name, settings().timers.params);
  q.owner = owner;
  return q;
}

/// What is due in a structure at `at`, as far as the runtime can know (a fault may make it late); taken out.
TimerNode* World::take_due(TimerQueue& q, Time at) {
  return at < timer_delay_ ? nullptr : q.store->take_due(at - timer_delay_);
}

/// From now on all timers come due so much later than they should. Who sleeps for one of them comes too early then, and
/// looks again; when the delay shrinks, it is woken.
void World::delay_timers(Duration by) {
  const bool earlier = by < timer_delay_;
  timer_delay_ = by;
  for (const auto& q : timer_queues_) looked(*q);
  if (!earlier) return;
  if (sched_.poller != nullptr && time_sleep_until() < sched_.poll_wakes) wake_poller();
  wake_sysmon();
  for (const auto& q : timer_queues_)
    if (q->sleeping && q->next < q->sleep_until) wake_timerproc(*q);
}

/// `hold` of work under the lock of a structure: how long that takes for whoever does it, waiting included.
Duration World::under_lock(TimerQueue& q, Duration hold) {
  const Time free = std::max(q.lock_free, now());
  q.lock_free = free + hold;
  return q.lock_free - now();
}

/// Puts an active timer into a structure; true when it is now the earliest there.
bool World::timer_add(TimerQueue& q, Timer& t, Duration& work) {
  GMPSIM_CHECK(!t.held, "a timer is in one structure at a time");
  if (!timer_plan_.timerproc) sched_.netpoll_inited = true;  // the first timer initialises the poller
  const bool earlier = due(t.when) < q.next;
  t.queue = &q;
  q.store->add(t);
  looked(q);
  if (q.owner != nullptr) timer_mask_[q.owner->id] = true;
  work += under_lock(q, cost(Cost::timer_set) + cost(Cost::timer_compare) * q.store->take_work());
  record(Kind::timer_set, 0, q.owner, t.g, nullptr, t.id, t.when);
  return earlier;
}

void World::timer_remove(Timer& t, Duration& work) {
  if (!t.held) return;
  TimerQueue& q = *t.queue;
  q.store->remove(t);
  looked(q);
  work += under_lock(q, cost(Cost::timer_compare) * q.store->take_work());
}

// check: runs everything that is due now, in one pass.
Task<> World::check_timers(M& m, P& p) {
  if (p.timer_next > now()) co_return;
  const Time at = now();
  TimerQueue& q = *p.timers;
  for (;;) {
    TimerNode* node = take_due(q, at);
    looked(q);
    const Duration work = under_lock(q, cost(Cost::timer_compare) * q.store->take_work());
    co_await spend(work);
    if (node == nullptr) break;
    co_await run_timer(m, static_cast<Timer&>(*node));
  }
}

// unlockAndRun: f runs on the scheduler stack of the P that checks (until 1.13 in timerproc, on its P); what it makes ready
// goes to that P.
Task<> World::run_timer(M& m, Timer& t) {
  record(Kind::timer_fire, 0, m.p, t.g, &m, t.id, t.when);
  co_await spend(Cost::timer_fire);
  switch (t.does) {
    case Timer::Does::wake: {
      t.active = false;
      ready(*m.p, t.g, Why::timer, kNoG);
      break;
    }
    case Timer::Does::send: {
      const Time due = t.when;
      if (t.period > 0) {  // late ticks are dropped
        t.when = due + t.period * (1 + (now() - due) / t.period);
        Duration work = 0;
        timer_add(*t.queue, t, work);
        co_await spend(work);
      } else {
        t.active = false;
      }
      send_time(m, t);
      break;
    }
    case Timer::Does::deadline: {
      t.active = false;
      io_expired(m, *t.io);
      break;
    }
    case Timer::Does::start: {
      t.active = false;
      --func_timers_;
      const Body body = t.factory->make(*this, t.factory->state);
      const G* const born = create(body, t.creator, m.p);
      if (born != nullptr && t.creator != kNoG) sync(*born, Sync::born, t.object, kArmed);
      co_await spend(Cost::go);
      break;
    }
  }
  if (wakep_is_needed()) co_await wakep(&m);
}

/// sendTime: a send that does not block; a receiver that waits gets the value directly.
void World::send_time(M& m, Timer& t) {
  Chan& c = *t.chan;
  while (Sudog* s = c.recvq.first) {
    c.recvq.remove(s);
    if (s->is_select) {
      if (s->g->select_done) continue;
      s->g->select_done = true;
    }
    s->elem = {now(), 0};
    s->success = true;
    s->g->param = s;
    sync(*s->g, Sync::learn, c.object, kArmed);
    ready(*m.p, s->g, Why::timer, kNoG);
    return;
  }
  if (c.count < c.capacity) c.push({now(), 0});
}

Time World::time_sleep_until() const {
  Time next = kNever;
  for (const auto& p : allp_) next = std::min(next, p->timer_next);
  return next;
}

// wakeNetPoller: somebody polls: make it look again if it would sleep too long. Nobody does: a spinner will find the
// timer and become the poller.
Task<> World::wake_net_poller(M* m, Time when) {
  if (timer_plan_.timerproc) {
    co_await rouse_timerproc(*m, *m->p->timers, when);
    co_return;
  }
  if (sched_.lastpoll == 0) {
    if (sched_.poll_until == 0 || sched_.poll_until > when) co_await netpoll_break();
  } else if (settings().timer_wakes_p && wakep_is_needed()) {
    co_await wakep(m);
  }
}

// ---------------------------------------------------------------------------------------------- for goroutines

/// The timer that a goroutine keeps for its sleeps and deadlines (g.timer), made when it is first needed.
Timer& World::own_timer(G& g) {
  if (g.timer == nullptr) {
    timers_.emplace_back();
    g.timer = &timers_.back();
    g.timer->id = ++timer_count_;
    g.timer->g = &g;
  }
  return *g.timer;
}

// time.Sleep: the timer is armed in the park callback (resetForSleep), in the instant in which the goroutine parks.
Step World::sleep(G& g, Duration d) {
  if (d <= 0) return Step::done;
  Timer& t = own_timer(g);
  t.does = Timer::Does::wake;
  t.when = later(now(), d);
  t.active = true;
  arm_at_park(g, t);
  block(g, WaitReason::sleep, 0);
  return Step::wait;
}

// After its effect an operation on timers costs what its structure had to do, and may have to wake the poller.
Step World::wake_net_poller_after(G& g, Time when, bool earlier, Duration work) {
  const bool wake = earlier || (settings().timer_wake_always && !timer_plan_.timerproc);
  if (!wake) return charge_after(g, work);
  return run_nested(g, net_poller_tail(g, when, work));
}

Task<> World::net_poller_tail(G& g, Time when, Duration work) {
  co_await spend(work);
  co_await wake_net_poller(g.m, when);
}

Step World::timer_start(G& g, Timer& t, Duration d, Duration period) {
  sync(g, Sync::replace, t.object, kArmed);
  t.when = later(now(), std::max<Duration>(d, 0));
  t.period = period;
  t.active = true;
  if (t.does == Timer::Does::start) ++func_timers_;
  if (t.does == Timer::Does::send && settings().channel_timers_lazy && t.blocked == 0) return Step::done;  // needsAdd
  if (!settings().timer_add_pins) [[unlikely]]
    return run_nested(g, timer_add_unpinned(g, t));
  Duration work = 0;
  const bool earlier = timer_add(*g.m->p->timers, t, work);
  return wake_net_poller_after(g, due(t.when), earlier, work);
}

// maybeAdd as it was for some weeks: the goroutine reads which P it has and may be moved to another one before it has
// locked the timers of the first. That one may be idle by then, and the mask of Ps with timers says that it has none:
// only whoever takes a P off the idle stack writes it (issue 66006).
Task<> World::timer_add_unpinned(G& g, Timer& t) {
  TimerQueue& q = *g.m->p->timers;
  co_await function_entry(g);
  if (!t.active || t.held) co_return;
  const bool seen = q.owner == nullptr || timer_mask_[q.owner->id];
  Duration work = 0;
  const bool earlier = timer_add(q, t, work);
  if (q.owner != nullptr) timer_mask_[q.owner->id] = seen;
  co_await spend(work);
  if (earlier || settings().timer_wake_always) co_await wake_net_poller(g.m, due(t.when));
}

Step World::timer_stop(G& g, Timer& t, bool& was_pending) {
  Duration work = 0;
  if (t.does == Timer::Does::send) {
    timer_chan_poll(*t.chan);
    if (settings().channel_timers_lazy) {  // since 1.23 no stale value is seen after Stop returns
      was_pending = t.active || t.chan->count > 0;
      t.chan->count = 0;
    } else {
      was_pending = t.active;
    }
  } else {
    was_pending = t.active;
  }
  if (t.active && t.does == Timer::Does::start) --func_timers_;
  if (t.active) record(Kind::timer_stop, 0, nullptr, &g, nullptr, t.id, t.when);
  t.active = false;
  timer_remove(t, work);
  return charge_after(g, work);
}

Step World::timer_reset(G& g, Timer& t, Duration d, bool& was_pending) {
  sync(g, Sync::replace, t.object, kArmed);
  Duration work = 0;
  if (t.does == Timer::Does::send) {
    timer_chan_poll(*t.chan);
    was_pending = t.active;
    if (settings().channel_timers_lazy) {
      was_pending = t.active || t.chan->count > 0;
      t.chan->count = 0;
    }
  } else {
    was_pending = t.active;
  }
  if (t.active && t.does == Timer::Does::start) --func_timers_;
  const Time when = later(now(), std::max<Duration>(d, 0));
  t.active = true;
  if (t.does == Timer::Does::start) ++func_timers_;
  if (t.held && t.queue->store->modify(t, when)) {  // it stays where it is, also on another P
    TimerQueue& q = *t.queue;
    const bool earlier = due(when) < q.next;
    looked(q);
    work += under_lock(q, cost(Cost::timer_set) + cost(Cost::timer_compare) * q.store->take_work());
    record(Kind::timer_set, 0, q.owner, t.g, nullptr, t.id, t.when);
    return wake_net_poller_after(g, due(when), earlier, work);
  }
  timer_remove(t, work);
  t.when = when;
  if (t.does == Timer::Does::send && settings().channel_timers_lazy && t.blocked == 0) return charge_after(g, work);
  const bool earlier = timer_add(*g.m->p->timers, t, work);
  return wake_net_poller_after(g, due(t.when), earlier, work);
}

// What an AfterFunc timer starts when it fires.
void World::start_with(Timer& t, const BodyFactory& factory, std::uint32_t creator) {
  t.does = Timer::Does::start;
  if (t.factory == nullptr) {
    factories_.push_back(factory);
    t.factory = &factories_.back();
  } else {
    t.factory->drop(*this, t.factory->state);
    *t.factory = factory;
  }
  t.creator = creator;
}

Step World::after_func(G& g, Timer& t, Duration d, const BodyFactory& factory) {
  start_with(t, factory, g.id);
  return timer_start(g, t, d, 0);
}

Timer* World::make_timer(bool with_chan, std::uint32_t object) {
  timers_.emplace_back();
  Timer& t = timers_.back();
  t.id = ++timer_count_;
  t.object = dynamic(ObjectKind::timer, object);
  if (with_chan) {
    t.does = Timer::Does::send;
    t.chan = make_chan(1, t.object);
    t.chan->timer = &t;
  } else {
    t.does = Timer::Does::start;
  }
  return &t;
}

void World::start_timer_at_boot(Timer& t, Duration d, Duration period) {
  t.when = later(now(), std::max<Duration>(d, 0));
  t.period = period;
  t.active = true;
  if (settings().channel_timers_lazy && t.does == Timer::Does::send && t.blocked == 0) return;
  Duration work = 0;
  if (timer_add(*allp_[0]->timers, t, work) && timer_plan_.timerproc && allp_[0]->timers->proc == nullptr)
    allp_[0]->timers->proc = new_system_g(*allp_[0], &World::timerproc, allp_[0]->timers);
}

/// AfterFunc before the first goroutine runs.
void World::after_func_at_boot(Timer& t, Duration d, const BodyFactory& factory) {
  start_with(t, factory, kNoG);
  ++func_timers_;
  start_timer_at_boot(t, d, 0);
}

/// Stops an AfterFunc in the middle of something else; `work` gets what its structure had to do.
void World::cancel_after_func(G& g, Timer& t, Duration& work) {
  if (!t.active) return;
  --func_timers_;
  record(Kind::timer_stop, 0, nullptr, &g, nullptr, t.id, t.when);
  t.active = false;
  timer_remove(t, work);
}

// Channel timers since 1.23 (time.go: maybeRunChan, blockTimerChan, unblockTimerChan): in a structure only while a
// goroutine blocks on the channel; otherwise whoever looks at the channel runs what is due.

void World::timer_chan_poll(Chan& c) {
  Timer* t = c.timer;
  if (t == nullptr || t->held || !t->active || due(t->when) > now()) return;
  record(Kind::timer_fire, 0, nullptr, nullptr, nullptr, t->id, t->when);
  if (t->period > 0)
    t->when += t->period * (1 + (now() - t->when) / t->period);
  else
    t->active = false;
  if (c.count < c.capacity) c.push({now(), 0});
}

// The goroutine parks in this same instant; what arming costs and the look at the poller follow on its thread (mstart).
void World::timer_chan_block(G& g, Chan& c) {
  Timer& t = *c.timer;
  ++t.blocked;
  if (!t.held && t.active) arm_at_park(g, t);
}

void World::timer_chan_unblock(Chan& c) {
  Timer& t = *c.timer;
  Duration work = 0;  // part of what the operation costs
  if (--t.blocked == 0 && settings().channel_timers_lazy) timer_remove(t, work);
}

void World::arm_at_park(G& g, Timer& t) {
  M& m = *g.m;
  const bool earlier = timer_add(*m.p->timers, t, m.park_work);
  if (earlier || (settings().timer_wake_always && !timer_plan_.timerproc))
    m.park_wake = std::min(m.park_wake, due(t.when));
}

}  // namespace gmpsim
