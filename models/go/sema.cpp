// What readying others costs a goroutine, and the runtime's semaphores (proc.go: ready; sema.go; 1.19 to 1.27).
//
// A semaphore wakes its waiters first in, first out. With hand-off the waiter gets the ticket and the releaser yields to
// it at once (goyield), which is how a starving Mutex changes hands.

#include "models/go/world.hpp"

namespace gmpsim {

Step World::run_nested(G& g, Task<> task) {
  auto* n = ::new (frames_.allocate(sizeof(Nested))) Nested;
  n->g = &g;
  n->burn = [](RunCursor& c, Duration d) {
    G& on_behalf = *static_cast<Nested&>(c).g;
    on_behalf.request = Request::burn;
    on_behalf.burn_left = d;
    on_behalf.burn_how = Preemptible::never;
  };
  n->task = std::move(task);
  n->task.start_on(*n);
  g.nested = n;
  g.request = Request::none;
  drive(*n);
  if (!n->task.done()) return Step::wait;
  drop_nested(g);
  return Step::done;
}

void World::drop_nested(G& g) {
  Nested* n = g.nested;
  g.nested = nullptr;
  n->~Nested();
  FramePool::release(n, sizeof(Nested));
}

Step World::charge_after(G& g, Duration d) {
  if (d == 0 || engine_.advance(d)) return Step::done;
  g.request = Request::burn;
  g.burn_left = d;
  g.burn_how = Preemptible::never;
  g.after_burn = GPhase::woken;
  return Step::wait;
}

// goready for one goroutine: runnext of this P, then a thread may have to be woken.
Step World::wake_one(G& g, G* woken, bool next) {
  ready(*g.m->p, woken, Why::readied, g.id, next);
  if (!wakep_is_needed()) return charge_after(g, cost(Cost::ready));
  return run_nested(g, wake_tail(g));
}

Task<> World::wake_tail(G& g) {
  co_await spend(Cost::ready);
  if (wakep_is_needed()) co_await wakep(g.m);
}

Task<> World::wake_many(G& g, GQueue list) {
  while (G* woken = list.pop()) {
    ready(*g.m->p, woken, Why::readied, g.id);
    co_await spend(Cost::ready);
    if (wakep_is_needed()) co_await wakep(g.m);
  }
}

// semacquire: decrement or wait; with lifo in front of all other waiters.
Task<> World::semacquire(G& g, Sema& s, bool lifo, WaitReason reason, std::uint32_t object) {
  if (s.value > 0) {
    --s.value;
    co_return;
  }
  for (;;) {
    co_await spend(Cost::sema);
    if (s.value > 0) {
      --s.value;
      co_return;
    }
    ++s.nwait;
    g.sudog.g = &g;
    g.sudog.is_select = false;
    if (lifo)
      s.waiters.push_front(&g.sudog);
    else
      s.waiters.push_back(&g.sudog);
    g.ticket = false;
    block(g, reason, object);
    co_await Suspend{};
    if (g.ticket) co_return;
    if (s.value > 0) {
      --s.value;
      co_return;
    }
  }
}

Task<> World::semrelease(G& g, Sema& s, bool handoff) {
  ++s.value;
  if (s.nwait == 0) co_return;
  co_await spend(Cost::sema);
  Sudog* first = s.waiters.first;
  if (first == nullptr) co_return;
  s.waiters.remove(first);
  --s.nwait;
  G* woken = first->g;
  if (handoff && s.value > 0) {
    --s.value;
    woken->ticket = true;
  }
  const bool hand = woken->ticket;
  ready(*g.m->p, woken, Why::readied, g.id);
  co_await spend(Cost::ready);
  if (wakep_is_needed()) co_await wakep(g.m);
  if (hand && settings().sema_goyield) {  // readyWithTime, then goyield: the waiter runs at once and inherits the slice
    g.request = Request::goyield;
    co_await Suspend{};
  }
}

// golang.org/x/sync/semaphore: a request that does not fit makes all later ones wait, also those that would fit.
Step World::sema_acquire(G& g, Semaphore& s, std::int64_t n) {
  if (s.runtime) return run_nested(g, runtime_acquire(g, s));
  if (s.size - s.used >= n && s.waiters.empty()) {
    s.used += n;
    held(g, s.object, true, true);
    return Step::done;
  }
  if (n > s.size) {  // doomed: it waits for the end of its context, which never comes, and keeps nobody back
    block(g, WaitReason::chan_receive_nil, s.object);
    return Step::wait;
  }
  g.sudog.g = &g;
  g.sudog.is_select = false;
  g.sudog.elem = {n, 0};
  s.waiters.push_back(&g.sudog);
  block(g, WaitReason::select, s.object);
  return Step::wait;
}

bool World::sema_try(G& g, Semaphore& s, std::int64_t n) {
  if (s.runtime) {
    if (s.own.value == 0) return false;
    --s.own.value;
    held(g, s.object, true, true);
    return true;
  }
  if (s.size - s.used < n || !s.waiters.empty()) return false;
  s.used += n;
  held(g, s.object, true, true);
  return true;
}

Step World::sema_release(G& g, Semaphore& s, std::int64_t n, const char*& panic) {
  panic = nullptr;
  if (s.runtime) {  // it knows of no limit: every release adds one
    held(g, s.object, false, true);
    return run_nested(g, runtime_release(g, s));
  }
  s.used -= n;
  if (s.used < 0) {
    panic = "semaphore: released more than held";
    return Step::done;
  }
  held(g, s.object, false, true);
  GQueue list;
  while (Sudog* w = s.waiters.first) {
    if (s.size - s.used < w->elem.bits) break;  // first in, first out: nobody overtakes
    s.used += w->elem.bits;
    s.waiters.remove(w);
    held(*w->g, s.object, true, true);
    list.push_back(w->g);
  }
  if (list.empty()) return Step::done;
  if (list.size() == 1) return wake_one(g, list.pop());
  return run_nested(g, wake_many(g, list));
}

void World::held(G& g, std::uint32_t object, bool acquired, bool shared) {
  record(acquired ? Kind::acquire : Kind::release, shared ? 1 : 0, nullptr, &g, g.m, object);
}

Semaphore* World::make_semaphore(std::int64_t count, std::uint32_t object) {
  semaphores_.emplace_back();
  semaphores_.back().object = dynamic(ObjectKind::semaphore, object);
  semaphores_.back().size = count;
  return &semaphores_.back();
}

}  // namespace gmpsim
