// The network poller, sockets and files (netpoll.go, netpoll_epoll.go, internal/poll/fd_unix.go; 1.19 to 1.27).
//
// A goroutine whose read would block parks on its descriptor and is bound to no thread. It is found by whoever looks: an
// M without other work, the last idle M, which waits in the kernel, sysmon when nobody has looked for 10 ms. One look
// takes up to 128 descriptors; each goroutine goes to the front of the list, so the list is in reverse order of events.
//
// The kernel's wait has millisecond timeouts: shorter waits last a millisecond, longer ones lose their fraction
// (netpoll_epoll.go: netpoll), so that a Sleep of 50 us in an idle process takes about 1.1 ms.
//
// Rejected: a poller that readies goroutines the moment an event occurs (nothing would ever be late on a busy machine,
// which is what one wants to see).

#include "models/go/netpoll.hpp"

#include <algorithm>

#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

// ---------------------------------------------------------------------------------------------- the kernel's side

// An answer arrives, or an event occurs.
void World::on_net(void* self) {
  World& w = *static_cast<World*>(self);
  while (!w.net_events_.empty() && w.net_events_.begin()->first.first <= w.now()) {
    const NetEvent e = w.net_events_.begin()->second;
    w.net_events_.erase(w.net_events_.begin());
    if (e.wait != nullptr) {
      e.wait->scheduled = false;
      e.wait->arrived = true;
      w.io_ready(*e.wait->desc);
    } else if (const Duration delay = e.late ? 0 : w.io_delay(*e.device); delay > 0) {
      w.schedule_next_event(*e.device);
      w.schedule_net(later(w.now(), delay), {nullptr, e.device, true});
    } else {
      if (!e.late) w.schedule_next_event(*e.device);
      w.device_event(*e.device);
    }
  }
  if (!w.net_events_.empty()) w.engine_.arm(w.net_process_, w.net_events_.begin()->first.first);
}

NetKey World::schedule_net(Time at, NetEvent e) {
  const NetKey key{at, ++net_count_};
  const bool first = net_events_.empty() || key < net_events_.begin()->first;
  net_events_.emplace(key, e);
  if (first) engine_.arm(net_process_, at);
  return key;
}

void World::device_event(Device& d) {
  if (IoWait* w = d.blocked_first) {  // a thread sleeps in its read: the kernel wakes it, no poller is needed
    blocked_remove(d, *w);
    w->arrived = true;
    kernel_return(*w->g->m, cost(Cost::wake_latency));
    return;
  }
  ++d.pending;
  io_ready(d.desc);
}

void World::schedule_next_event(Device& d) {
  const Site site{d.stream, d.entity, d.drawn};
  Duration gap = d.timing.is_constant() ? d.timing.quantile(0) : d.timing.quantile(chooser_.draw(site));
  ++d.drawn;
  gap = std::max<Duration>(gap, 1);  // or time would not move
  schedule_net(later(now(), gap), {nullptr, &d});
}

/// The descriptor becomes ready (edge-triggered), and the thread that waits for the kernel wakes.
void World::io_ready(PollDesc& d) {
  sched_.netpoll_inited = true;
  record(Kind::io_ready, 0, nullptr, d.waiter, nullptr, d.object);
  poll_ready_.push_back(d);
  if (!poll_duty_.own_thread) {
    wake_poller();
  } else if (poll_thread_ != nullptr && std::exchange(poll_thread_->polling, false)) {
    poll_thread_->thread.start_at(now() + cost(Cost::wake_latency));
  }
}

// Whoever waits in the kernel for the scheduler returns from there, unless it is about to anyway.
void World::wake_poller() {
  M* const m = std::exchange(sched_.poller, nullptr);
  if (m == nullptr) return;
  const Time at = now() + cost(Cost::wake_latency);
  if (at < sched_.poll_wakes) m->thread.start_at(at);
}

// ---------------------------------------------------------------------------------------------- who polls

/// netpoll: up to `batch` ready descriptors; each goroutine goes to the front of the list.
void World::netpoll(GQueue& out) {
  for (std::uint32_t n = 0; n < poll_duty_.batch && !poll_ready_.empty(); ++n) {
    PollDesc& d = *poll_ready_.pop();
    if (d.waiter == nullptr) {
      d.ready = true;
      continue;
    }
    if (!faults_.empty() && loses_wakeup(*d.waiter)) [[unlikely]]
      continue;
    out.push_front(std::exchange(d.waiter, nullptr));
    --parked_;
    if (settings().netpoll_counts_ready) --sched_.netpoll_waiters;
  }
}

/// A look at the network that does not wait; `who` as in Kind::poll.
Task<> World::poll_now(M& m, GQueue& out, std::uint8_t who) {
  co_await spend(Cost::netpoll);
  netpoll(out);
  record(Kind::poll, who, nullptr, nullptr, &m, 0, out.size());
  const Duration each = cost(Cost::netpoll_event) * out.size();
  co_await spend(each);
}

/// What the end of a wait in the kernel has brought.
Task<> World::poll_after_wait(M& m, GQueue& out) {
  netpoll(out);
  if (out.empty()) co_return;
  record(Kind::poll, 2, nullptr, nullptr, &m, 0, out.size());
  const Duration each = cost(Cost::netpoll_event) * out.size();
  co_await spend(each);
}

Task<> World::netpoll_break() {
  if (sched_.poll_break) co_return;
  sched_.poll_break = true;
  co_await spend(Cost::netpoll_break);
  wake_poller();
}

/// epoll_wait for at most until `until`; ends early by a break or a ready descriptor.
Task<> World::blocking_poll(M& m, Time until) {
  sched_.poll_until = until == kNever ? 0 : until;
  if (until <= now()) {
    co_await spend(Cost::netpoll);
    co_return;
  }
  Time wake = kNever;
  if (until != kNever) {
    const Duration unit = settings().poll_unit;
    const Duration delay = until - now();
    const Duration rounded = delay < unit ? unit : delay / unit * unit;
    wake = later(now(), kernel_sleep(std::min(rounded, seconds(1'000'000))));
  }
  co_await spend(Cost::netpoll);
  if (!sched_.poll_break && (poll_ready_.empty() || poll_duty_.own_thread)) {
    record(Kind::m_poll, 0, nullptr, nullptr, &m, 0, until == kNever ? 0 : wake);
    sched_.poller = &m;
    sched_.poll_wakes = wake;
    m.polling = true;
    m.thread.leave();
    m.thread.start_at(wake);
    co_await Suspend{};
    m.polling = false;
    sched_.poller = nullptr;
    record(Kind::m_run, 0, nullptr, nullptr, &m);
  }
  sched_.poll_break = false;
}

/// The life of a thread that does nothing but poll (policy poller-thread).
Task<> World::poll_thread(M& m) {
  for (;;) {
    if (poll_ready_.empty()) {
      m.polling = true;
      m.thread.leave();
      m.thread.start_at(kNever);
      co_await Suspend{};
      m.polling = false;
    }
    GQueue list;
    --sched_.nmidlelocked;  // what is on its way must not look like a deadlock
    co_await poll_now(m, list, 3);
    co_await injectglist(m, list);
    ++sched_.nmidlelocked;
  }
}

// ---------------------------------------------------------------------------------------------- for goroutines

// A bare descriptor: parks until it is ready.
Step World::io_wait(G& g, PollDesc& d) {
  if (std::exchange(d.ready, false)) return Step::done;
  sched_.netpoll_inited = true;
  d.waiter = &g;
  ++sched_.netpoll_waiters;
  ++parked_;
  block(g, WaitReason::io_wait, d.object);
  return Step::wait;
}

// A read of a device. On a socket it parks or blocks, as the policy says; `latency` is how long this request takes to be
// answered (type answers). After `timeout` it is given up (kNever: not).
Step World::io(G& g, Device& d, Duration latency, Duration timeout) {
  g.ok = true;
  if (!faults_.empty()) latency = later(latency, io_delay(d));
  if (d.type == Device::Type::file) {  // files know no deadlines (os.ErrNoDeadline)
    syscall(g, std::min(latency, kNever - 1 - now()));
    return Step::wait;
  }
  const BlockView view{threads(), parked_};
  if (poll_->parks(view)) return run_nested(g, io_parking(g, d, latency, timeout));
  return run_nested(g, io_blocking(g, d, latency, timeout));
}

// Has what this operation waits for come? Takes it.
bool World::io_take(IoWait& w) {
  if (w.device->type == Device::Type::answers) return w.arrived;
  if (w.device->pending == 0) return false;
  --w.device->pending;
  return true;
}

// fd.Read over a descriptor in non-blocking mode (fd_unix.go: Read; netpoll.go: poll_runtime_pollWait).
Task<> World::io_parking(G& g, Device& d, Duration latency, Duration timeout) {
  IoWait w;
  w.g = &g;
  w.device = &d;
  w.own.object = d.object;
  w.desc = d.type == Device::Type::answers ? &w.own : &d.desc;
  sched_.netpoll_inited = true;
  bool holds_lock = false;
  if (timeout != kNever) co_await set_deadline(g, w, timeout);
  if (d.type == Device::Type::answers) {
    co_await spend(Cost::io);  // the request goes out
    w.key = schedule_net(later(now(), latency), {&w, nullptr});
    w.scheduled = true;
  } else {
    holds_lock = !d.reading;
    if (!holds_lock) {  // fd.readLock
      lock_push(d, w);
      block(g, WaitReason::semacquire, d.object);
      co_await Suspend{};
      holds_lock = w.granted;
    }
    d.reading = d.reading || holds_lock;
  }
  for (;;) {
    if (w.expired) {  // netpollcheckerr
      g.ok = false;
      break;
    }
    co_await spend(Cost::io);
    if (io_take(w)) break;
    if (std::exchange(w.desc->ready, false)) continue;
    if (w.expired) continue;
    w.desc->waiter = &g;
    ++sched_.netpoll_waiters;
    ++parked_;
    block(g, WaitReason::io_wait, d.object);
    co_await Suspend{};
  }
  if (w.scheduled) net_events_.erase(w.key);
  if (w.desc == &w.own) poll_ready_.remove(w.own);
  if (holds_lock) co_await read_unlock(g, d);
  if (timeout != kNever) co_await clear_deadline(g);
}

// The same without a poller: the thread blocks in the call, and the kernel wakes it.
Task<> World::io_blocking(G& g, Device& d, Duration latency, Duration timeout) {
  if (d.type == Device::Type::answers) {
    co_await spend(Cost::io);
    g.m->call = {};
    g.request = Request::syscall;
    g.burn_left = std::clamp<Duration>(std::min(latency, timeout), 0, kNever - 1 - now());
    co_await Suspend{};
    g.ok = latency <= timeout;
    co_return;
  }
  if (d.pending > 0) {
    --d.pending;
    co_await spend(Cost::io);
    co_return;
  }
  IoWait w;
  w.g = &g;
  w.device = &d;
  w.blocked = true;
  w.prev = d.blocked_last;
  (d.blocked_last != nullptr ? d.blocked_last->next : d.blocked_first) = &w;
  d.blocked_last = &w;
  g.m->call = {};
  g.m->call.read = &w;
  g.request = Request::syscall;
  g.burn_left = timeout == kNever ? kNever : std::clamp<Duration>(timeout, 0, kNever - 1 - now());
  co_await Suspend{};
  GMPSIM_CHECK(!w.blocked, "a thread that is back from its read waits for nothing");
  g.ok = w.arrived;
}

// The thread is back from a blocking read: because an event came, or because its time was over.
void World::read_returned(IoWait& w) {
  if (w.blocked) blocked_remove(*w.device, w);
}

void World::blocked_remove(Device& d, IoWait& w) {
  (w.prev != nullptr ? w.prev->next : d.blocked_first) = w.next;
  (w.next != nullptr ? w.next->prev : d.blocked_last) = w.prev;
  w.prev = w.next = nullptr;
  w.blocked = false;
}

void World::lock_push(Device& d, IoWait& w) {
  w.locking = true;
  w.next = nullptr;
  w.prev = d.lock_last;
  (d.lock_last != nullptr ? d.lock_last->next : d.lock_first) = &w;
  d.lock_last = &w;
}

void World::lock_remove(Device& d, IoWait& w) {
  (w.prev != nullptr ? w.prev->next : d.lock_first) = w.next;
  (w.next != nullptr ? w.next->prev : d.lock_last) = w.prev;
  w.prev = w.next = nullptr;
  w.locking = false;
}

// fd.readUnlock: the next reader gets the lock.
Task<> World::read_unlock(G& g, Device& d) {
  IoWait* const next = d.lock_first;
  if (next == nullptr) {
    d.reading = false;
    co_return;
  }
  lock_remove(d, *next);
  next->granted = true;
  ready(*g.m->p, next->g, Why::readied, g.id);
  co_await spend(Cost::ready);
  if (wakep_is_needed()) co_await wakep(g.m);
}

// SetDeadline: a timer of the runtime (netpoll.go: poll_runtime_pollSetDeadline). One that is over counts at once.
Task<> World::set_deadline(G& g, IoWait& w, Duration timeout) {
  if (timeout <= 0) {
    w.expired = true;
    co_return;
  }
  Timer& t = own_timer(g);
  t.does = Timer::Does::deadline;
  t.io = &w;
  t.when = later(now(), timeout);
  t.active = true;
  Duration work = 0;
  const bool earlier = timer_add(*g.m->p->timers, t, work);
  co_await spend(work);
  if (earlier || settings().timer_wake_always) co_await wake_net_poller(g.m, due(t.when));
}

Task<> World::clear_deadline(G& g) {
  Timer* const t = g.timer;
  if (t == nullptr || !t->active) co_return;
  record(Kind::timer_stop, 0, nullptr, &g, nullptr, t->id, t->when);
  t->active = false;
  Duration work = cost(Cost::timer_set);
  timer_remove(*t, work);
  co_await spend(work);
}

/// netpolldeadlineimpl: whoever waits is readied on the P that ran the timer.
void World::io_expired(M& m, IoWait& w) {
  w.expired = true;
  if (w.locking) {
    lock_remove(*w.device, w);
  } else if (w.desc->waiter == w.g) {
    w.desc->waiter = nullptr;
    --parked_;
    --sched_.netpoll_waiters;
  } else {
    return;  // it is on its way, and will see that its time is over
  }
  ready(*m.p, w.g, Why::timer, kNoG);
}

// ---------------------------------------------------------------------------------------------- objects

Device* World::make_device(Device::Type type, const Sampler& timing, std::uint64_t stream, std::uint64_t entity,
                           std::uint32_t object) {
  devices_.emplace_back();
  Device& d = devices_.back();
  d.object = dynamic(ObjectKind::other, object);
  d.type = type;
  d.timing = timing;
  d.stream = stream;
  d.entity = entity;
  d.desc.object = d.object;
  if (type == Device::Type::events) schedule_next_event(d);
  return &d;
}

CLibrary* World::make_library(std::uint32_t slots, std::uint32_t object) {
  libraries_.emplace_back();
  libraries_.back().object = dynamic(ObjectKind::other, object);
  libraries_.back().slots = slots;
  return &libraries_.back();
}

}  // namespace gmpsim
