// sync.Cond and sync.Once (sync/cond.go, sema.go: notifyList, sync/once.go; 1.19 to 1.27).
//
// Wait takes a ticket before it unlocks, so a Signal in between is not lost. Signal serves the lowest ticket; Broadcast
// wakes all, first in, first out, and they compete for the lock.

#include "models/go/world.hpp"

namespace gmpsim {

Step World::cond_wait(G& g, Cond& c, const char*& fatal) {
  fatal = nullptr;
  if (!c.m->locked) {
    fatal = "sync: unlock of unlocked mutex";
    return Step::done;
  }
  return run_nested(g, cond_wait_slow(g, c));
}

Task<> World::cond_wait_slow(G& g, Cond& c) {
  const std::uint32_t ticket = c.wait++;
  co_await mutex_unlock_nested(g, *c.m);
  co_await spend(Cost::sema);
  if (static_cast<std::int32_t>(ticket - c.notify) >= 0) {  // not notified yet
    g.sudog.g = &g;
    g.sudog.is_select = false;
    g.sudog.elem = {ticket, 0};
    c.waiters.push_back(&g.sudog);
    block(g, WaitReason::cond_wait, c.object);
    co_await Suspend{};
  }
  sync(g, Sync::learn, c.object);
  co_await spend(Cost::mutex);
  Mutex& m = *c.m;
  if (m.take())
    held(g, m.object, true, false);
  else
    co_await mutex_lock_slow(g, m);
}

Step World::cond_signal(G& g, Cond& c) {
  const bool nobody = c.wait == c.notify;
  record(Kind::notify, 0, nullptr, &g, g.m, c.object, nobody ? 0 : 1);
  if (nobody) return Step::done;
  sync(g, Sync::add, c.object);
  const std::uint32_t ticket = c.notify++;
  for (Sudog* s = c.waiters.first; s != nullptr; s = s->next)
    if (static_cast<std::uint32_t>(s->elem.bits) == ticket) {
      c.waiters.remove(s);
      return wake_one(g, s->g);
    }
  return Step::done;  // that waiter has its ticket but does not sleep yet: it will see that it was notified
}

Step World::cond_broadcast(G& g, Cond& c) {
  record(Kind::notify, 1, nullptr, &g, g.m, c.object, c.wait - c.notify);
  sync(g, Sync::add, c.object);
  c.notify = c.wait;
  GQueue list;
  while (Sudog* s = c.waiters.first) {
    c.waiters.remove(s);
    list.push_back(s->g);
  }
  if (list.empty()) return Step::done;
  if (list.size() == 1) return wake_one(g, list.pop());
  return run_nested(g, wake_many(g, list));
}

Cond* World::make_cond(Mutex* m, std::uint32_t object) {
  conds_.emplace_back();
  conds_.back().object = dynamic(ObjectKind::cond, object);
  conds_.back().m = m;
  return &conds_.back();
}

// Once: the first holds a mutex while the function runs; later callers wait for it.
Step World::once_begin(G& g, Once& o) {
  if (o.done) {
    sync(g, Sync::learn, o.object);
    return Step::done;
  }
  return run_nested(g, once_slow(g, o));
}

Task<> World::once_slow(G& g, Once& o) {
  Mutex& m = o.m;
  if (m.take())
    held(g, m.object, true, false);
  else
    co_await mutex_lock_slow(g, m);
  sync(g, Sync::learn, o.object);
  if (!o.done)
    o.runner = g.id;
  else
    co_await mutex_unlock_nested(g, m);
}

bool World::once_first(G& g, const Once& o) const { return !o.done && o.runner == g.id; }

Step World::once_done(G& g, Once& o) {
  o.done = true;
  o.runner = kNoG;
  return run_nested(g, mutex_unlock_nested(g, o.m));
}

Once* World::make_once(std::uint32_t object) {
  onces_.emplace_back();
  onces_.back().object = dynamic(ObjectKind::once, object);
  onces_.back().m.object = onces_.back().m.waits_as = onces_.back().object;
  return &onces_.back();
}

}  // namespace gmpsim
