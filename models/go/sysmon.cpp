// sysmon: the monitor thread (proc.go: sysmon, retake, preemptone; 1.19 to 1.27).
//
// It runs without a P for the whole life of the process: 20 us sleeps at first, doubling after 50 idle passes up to
// 10 ms, and a deep sleep while all Ps are idle. It takes Ps from long system calls and asks goroutines to stop that have
// kept a P for a whole slice. Preempting does not make it quicker; taking a P does.
//
// A consequence that surprises: between hogs a slice is about 20 ms, not 10. Pass k asks, pass k+1 sees the new tick,
// pass k+2 finds it 10 ms old.

#include <algorithm>

#include "models/go/world.hpp"

namespace gmpsim {

Task<> World::sysmon(M& m) {
  const bool gc_driven = settings().sysmon == "gc-driven";  // a pass at each mark termination, and at no other time
  std::uint32_t idle = 0;
  Duration delay = 0;
  for (;;) {
    if (idle == 0)
      delay = settings().sysmon_min;
    else if (idle > 50)
      delay *= 2;
    delay = std::min(delay, settings().sysmon_max);
    m.thread.leave();
    if (gc_driven) {
      m.asleep = true;
      m.thread.start_at(kNever);
      co_await Suspend{};
      m.asleep = false;
    } else {
      m.thread.start_at(later(now(), kernel_sleep(delay)));
      co_await Suspend{};
    }

    if (!gc_driven && options_.schedtrace == 0 && (sched_.gcwaiting || sched_.npidle == procs())) {
      const Time next = time_sleep_until();
      if (next > now()) {
        sched_.sysmonwait = true;
        m.asleep = true;
        m.thread.leave();
        m.thread.start_at(hangs() ? kNever : std::min(next, later(now(), seconds(60))));
        co_await Suspend{};
        m.asleep = false;
        if (!sched_.sysmonwait) {  // woken, not timed out
          idle = 0;
          delay = settings().sysmon_min;
        }
        sched_.sysmonwait = false;
      }
    }
    co_await spend(Cost::sysmon_pass);

    // Nobody has polled for 10 ms.
    if (sched_.netpoll_inited && sched_.netpoll_waiters > 0 && sched_.lastpoll != 0 &&
        later(sched_.lastpoll, poll_duty_.monitor_after) < now()) {
      sched_.lastpoll = now();
      GQueue list;
      // What is on its way must not look like a deadlock. Where it still counts as waiting (netpoll_waiters), the last M
      // waits in the poller; where it no longer does, the monitor has to say so before, not after.
      const bool late = settings().netpoll_counts_early;
      if (!late) --sched_.nmidlelocked;
      co_await poll_now(m, list, 1);
      if (late) --sched_.nmidlelocked;
      co_await injectglist(m, list);
      ++sched_.nmidlelocked;
    }

    if (settings().sysmon_timers && time_sleep_until() < now()) co_await startm(&m, nullptr, false);

    if (gc_force_is_due()) {
      GQueue list;
      list.push_back(gc_forced_goroutine());
      co_await injectglist(m, list);
    }
    const std::uint32_t taken = co_await retake(m);
    idle = taken != 0 ? 0 : idle + 1;
  }
}

/// Can nothing move any more, though the runtime will not say so? A thread waits in the poller for ever (until 1.21 after any
/// read from the network), no timer is set, and nothing comes from outside.
bool World::hangs() const {
  return sched_.poller != nullptr && sched_.poll_wakes == kNever && time_sleep_until() == kNever &&
         net_events_.empty() && outside_ == 0 && faults_.empty();
}

/// Ends sysmon's deep sleep: called by system calls (entersyscallWakeSysmon, exitsyscallTryGetP).
void World::wake_sysmon() {
  if (!sched_.sysmonwait || sysmon_m_ == nullptr) return;
  sched_.sysmonwait = false;
  if (sysmon_m_->asleep) sysmon_m_->thread.start_at(now() + cost(Cost::wake_latency));
}

/// The end of marking, for a monitor that reacts to nothing else.
void World::wake_gc_driven_sysmon() {
  if (settings().sysmon == "gc-driven" && sysmon_m_ != nullptr && sysmon_m_->asleep)
    sysmon_m_->thread.start_at(now() + cost(Cost::wake_latency));
}

Task<std::uint32_t> World::retake(M& m) {
  std::uint32_t taken = 0;
  for (std::size_t i = 0; i < allp_.size(); ++i) {  // their number may change meanwhile
    P& p = *allp_[i];
    co_await spend(Cost::sysmon_look);
    const bool in_syscall = settings().psyscall ? p.status == PStatus::syscall
                                                : p.status == PStatus::running && p.m != nullptr &&
                                                      p.m->curg != nullptr && p.m->curg->status == GStatus::syscall;
    if (p.status != PStatus::running && !in_syscall) continue;
    SysmonTick& seen = p.sysmontick;
    bool sysretake = false;
    if (seen.schedtick != p.schedtick) {
      seen.schedtick = p.schedtick;
      seen.schedwhen = now();
    } else if (!in_syscall || settings().slice_in_syscall) {
      const PreemptAction action = preempt_->judge({now() - seen.schedwhen, sched_.npidle > 0});
      if (action != PreemptAction::none) {
        co_await preemptone(m, p, action);
        sysretake = true;
      }
    }
    // The state may have changed while the signal was sent.
    G* g = nullptr;
    M* owner = settings().psyscall ? p.oldm : p.m;
    if (owner != nullptr) g = owner->curg;
    const bool still = settings().psyscall
                           ? p.status == PStatus::syscall
                           : p.status == PStatus::running && g != nullptr && g->status == GStatus::syscall;
    if (!still) continue;
    if (!sysretake && seen.syscalltick != p.syscalltick) {  // seen for the first time in this call
      seen.syscalltick = p.syscalltick;
      seen.syscallwhen = now();
      continue;
    }
    if (p.runq.empty() && sched_.nmspinning + sched_.npidle > 0 && seen.syscallwhen + settings().syscall_grace > now())
      continue;
    // Take it.
    if (settings().psyscall) {
      p.oldm = nullptr;
      set_status(p, PStatus::idle);
    } else {
      releasep(*owner);
    }
    ++p.syscalltick;
    ++taken;
    record(Kind::retake, 0, &p, g, owner);
    --sched_.nmidlelocked;  // taking a P must not look like a deadlock
    co_await handoffp(&m, &p);
    ++sched_.nmidlelocked;
  }
  co_return taken;
}

// preemptone: a request, not an order. It may come too late or hit code that cannot stop; then sysmon asks again.
Task<> World::preemptone(M&, P& p, PreemptAction action) {
  M* m = p.m;
  if (m == nullptr || m->curg == nullptr) co_return;
  G& g = *m->curg;
  if (g.status == GStatus::syscall && !settings().psyscall) co_return;
  g.preempt = true;
  const bool signal = action == PreemptAction::signal;
  record(Kind::preempt_request, signal ? 1 : 0, &p, &g, m);
  if (m->signal_pending) co_return;
  if (signal) {
    m->signal_pending = true;
    m->signal_is_flag = false;
    engine_.arm(m->signal_process, now() + cost(Cost::signal_latency));
    co_await spend(Cost::signal_send);
  } else if (m->thread.burning() && g.request == Request::burn && m->locks == 0 &&
             (g.burn_how == Preemptible::any || g.burn_how == Preemptible::noticed)) {
    m->signal_pending = true;  // ordinary code reaches a function prologue soon
    m->signal_is_flag = true;
    engine_.arm(m->signal_process, now() + cost(Cost::safe_point_spacing));
  }
}

/// isAsyncSafePoint says no, and the request stands: whoever wants the goroutine to stop has to ask again.
bool World::at_unsafe_point() {
  static constexpr std::uint64_t kStream = stream_named("unsafe point");
  const std::uint32_t refused = preempt_->unsafe_permille();
  if (refused == 0) return false;
  const Site site{kStream, 0, unsafe_draws_++};
  return chooser_.choose(site, 1000) < refused;
}

// The handler: is the interrupted point one at which the goroutine can stop? (doSigPreempt, wantAsyncPreempt)
void World::on_signal(void* self) {
  M& m = *static_cast<M*>(self);
  m.signal_pending = false;
  G* g = m.curg;
  if (g != nullptr && g->status == GStatus::syscall && m.call.inside && m.call.interruptible) {  // EINTR
    m.call.interrupted = true;
    m.world->kernel_return(m, 0);
    return;
  }
  if (g == nullptr || !g->preempt || g->status != GStatus::running || g->request != Request::burn) return;
  if (g->burn_how == Preemptible::never || m.locks != 0) return;
  if (m.signal_is_flag && g->burn_how != Preemptible::any && g->burn_how != Preemptible::noticed) return;
  if (g->burn_how == Preemptible::async_only && m.world->at_unsafe_point()) return;
  m.thread.interrupt();
}

}  // namespace gmpsim
