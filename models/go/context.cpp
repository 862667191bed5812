// Contexts (context/context.go: WithCancel, WithDeadline, propagateCancel, cancelCtx.cancel, timerCtx.cancel; 1.19 to
// 1.27).
//
// Cancelling locks the context, notes the error, closes the channel, then does the same with every child while the lock
// is still held; a timer is stopped last. A deadline is an AfterFunc: when it is due a new goroutine does the
// cancelling. Contexts below a parent that has an earlier deadline have no timer of their own.
//
// Rejected: the recursion of the original (a chain of a million contexts would need as many nested frames here; the path
// is kept in a vector instead), one shuffle of all children (Go's small maps only rotate, see context.hpp).

#include "models/go/context.hpp"

#include <algorithm>

#include "models/go/world.hpp"

namespace gmpsim {

/// One context on the way down the tree: its children in the order in which this cancellation meets them. (Named, because
/// the frame of a coroutine holds it.)
struct CancelLevel {
  CancelCtx* c = nullptr;
  std::vector<CancelCtx*> order;
  std::size_t next = 0;
};

namespace {

// Continues the goroutine that a due deadline has started (time.goFunc, then timerCtx.cancel).
void deadline_resume(World& w, G& g) {
  if (g.phase == GPhase::fresh) {
    CancelCtx& c = *static_cast<CancelCtx*>(g.body);
    if (w.context_expired(g, c) == Step::wait) return;
  }
  w.exit(g);
}

void deadline_drop(World& /*w*/, G& /*g*/) {}  // the context belongs to the world

}  // namespace

CancelCtx* World::make_context(CancelCtx* parent, std::uint32_t object) {
  contexts_.emplace_back();
  CancelCtx& c = contexts_.back();
  c.object = dynamic(ObjectKind::context, object);
  c.number = static_cast<std::uint32_t>(contexts_.size());
  c.mu.object = c.mu.waits_as = c.object;
  c.parent = parent;
  if (parent == nullptr) return &c;
  c.deadline = parent->deadline;
  c.err = parent->err;  // propagateCancel: a parent that has ended ends it at once
  if (c.err == ContextErr::none) context_adopt(*parent, c);
  return &c;
}

Chan* World::context_done(CancelCtx& c) {
  if (c.done == nullptr) {
    c.done = make_chan(0, c.object);
    c.done->closed = c.err != ContextErr::none;
  }
  return c.done;
}

// propagateCancel: the child goes into the first free slot of the parent's map.
void World::context_adopt(CancelCtx& parent, CancelCtx& child) {
  std::vector<CancelCtx*>& slots = parent.children;
  auto free = slots.end();
  if (!parent.map_grown) free = std::find(slots.begin(), slots.end(), nullptr);
  if (free == slots.end()) {
    child.slot = static_cast<std::uint32_t>(slots.size());
    slots.push_back(&child);
    if (slots.size() > CancelCtx::kSmallMap) parent.map_grown = true;
  } else {
    child.slot = static_cast<std::uint32_t>(free - slots.begin());
    *free = &child;
  }
}

// removeChild.
void World::context_forget(CancelCtx& child) {
  if (child.parent == nullptr) return;
  std::vector<CancelCtx*>& slots = child.parent->children;
  if (child.slot >= slots.size() || slots[child.slot] != &child) return;  // the parent has ended and let all go
  slots[child.slot] = nullptr;
  if (!child.parent->map_grown) return;
  slots[child.slot] = slots.back();
  if (slots[child.slot] != nullptr) slots[child.slot]->slot = child.slot;
  slots.pop_back();
}

// The order in which an iteration over the map of children meets them.
std::vector<CancelCtx*> World::context_children(CancelCtx& c) {
  static constexpr std::uint64_t kStream = stream_named("context");
  std::vector<CancelCtx*> order;
  const auto ask = [&](std::uint32_t n) {
    const Site site{kStream, c.number, c.draws++};
    return chooser_.choose(site, n);
  };
  if (c.map_grown) {
    order = c.children;
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[ask(static_cast<std::uint32_t>(i))]);
    return order;
  }
  const std::size_t present =
      c.children.size() - static_cast<std::size_t>(std::count(c.children.begin(), c.children.end(), nullptr));
  const std::size_t from = present > 1 ? ask(CancelCtx::kSmallMap) : 0;
  for (std::size_t i = 0; i < CancelCtx::kSmallMap; ++i) {
    const std::size_t slot = (from + i) % CancelCtx::kSmallMap;
    if (slot < c.children.size() && c.children[slot] != nullptr) order.push_back(c.children[slot]);
  }
  return order;
}

Step World::context_new(G& g, CancelCtx* parent, Duration timeout, CancelCtx*& made) {
  made = make_context(parent, 0);
  CancelCtx& c = *made;
  if (c.err != ContextErr::none) {  // what the end of the parent taught, the child's end teaches
    sync(g, Sync::learn, parent->object, kClosed);
    sync(g, Sync::replace, c.object, kClosed);
  }
  if (timeout == kNever || c.err != ContextErr::none) return Step::done;
  const Time due = later(now(), std::max<Duration>(timeout, 0));
  if (c.deadline < due) return Step::done;  // the parent's deadline comes first
  c.deadline = due;
  if (timeout <= 0) {
    c.err = ContextErr::deadline;  // nobody can wait for it yet
    context_forget(c);
    return Step::done;
  }
  c.timer = context_timer();
  return after_func(g, *c.timer, timeout, context_starter(c));
}

CancelCtx* World::make_context_at_boot(CancelCtx* parent, Duration timeout, std::uint32_t object) {
  CancelCtx* const c = make_context(parent, object);
  if (timeout == kNever || c->err != ContextErr::none) return c;
  const Time due = later(now(), std::max<Duration>(timeout, 0));
  if (c->deadline < due) return c;
  c->deadline = due;
  if (timeout <= 0) {
    c->err = ContextErr::deadline;
    context_forget(*c);
    return c;
  }
  c->timer = context_timer();
  after_func_at_boot(*c->timer, timeout, context_starter(*c));
  return c;
}

Step World::context_cancel(G& g, CancelCtx& c) { return run_nested(g, context_end(g, c, ContextErr::cancelled)); }
Step World::context_expired(G& g, CancelCtx& c) { return run_nested(g, context_end(g, c, ContextErr::deadline)); }

Task<> World::context_lock(G& g, CancelCtx& c) {
  if (!c.mu.take()) co_await mutex_lock_slow(g, c.mu);
}

Task<> World::context_unlock(G& g, CancelCtx& c) {
  Mutex& m = c.mu;
  m.locked = false;
  if (m.starving || (m.waiters > 0 && !m.woken)) {
    const bool starving = m.starving;
    if (!starving) {
      --m.waiters;
      m.woken = true;
    }
    co_await semrelease(g, m.sema, starving);
  }
}

// The first half of cancelCtx.cancel. True: the context ends now, and its lock is held.
Task<bool> World::context_close(G& g, CancelCtx& c, ContextErr err) {
  co_await context_lock(g, c);
  if (c.err != ContextErr::none) {  // somebody was quicker
    co_await context_unlock(g, c);
    co_return false;
  }
  c.err = err;
  if (c.done == nullptr) sync(g, Sync::replace, c.object, kClosed);
  if (c.done != nullptr) {
    co_await spend(Cost::chan);
    GQueue list = chan_closed(g, *c.done);
    if (!list.empty()) co_await wake_many(g, list);
  }
  co_return true;
}

Task<> World::context_end(G& g, CancelCtx& top, ContextErr err) {
  std::vector<CancelLevel> path;
  const bool ends = co_await context_close(g, top, err);
  if (!ends) co_return;
  path.push_back({&top, context_children(top), 0});
  while (!path.empty()) {
    if (path.back().next < path.back().order.size()) {
      CancelCtx& child = *path.back().order[path.back().next++];
      co_await spend(Cost::context);
      const bool child_ends = co_await context_close(g, child, err);
      if (child_ends) path.push_back({&child, context_children(child), 0});
      continue;
    }
    CancelCtx& c = *path.back().c;
    path.pop_back();
    c.children.clear();
    co_await context_unlock(g, c);
    if (path.empty() && c.parent != nullptr) {
      co_await context_lock(g, *c.parent);
      context_forget(c);
      co_await context_unlock(g, *c.parent);
    }
    if (c.timer != nullptr) {
      const Duration work = context_stop_timer(g, c);
      co_await spend(work);
    }
  }
}

// The body of the goroutine that a due deadline starts. It counts as a goroutine of the program, as in Go.
BodyFactory World::context_starter(CancelCtx& c) {
  if (context_program_ == 0) {
    info_.programs.push_back({"context.WithDeadline", ""});
    context_program_ = static_cast<std::uint32_t>(info_.programs.size());
  }
  return {[](World& w, void* state) { return Body{deadline_resume, deadline_drop, state, w.context_program_ - 1}; },
          [](World& /*w*/, void* /*state*/) {}, &c};
}

// Most contexts are cancelled in time, so their timers serve again.
Timer* World::context_timer() {
  if (!context_timers_.empty() && !context_timers_.back()->held) {
    Timer* const t = context_timers_.back();
    context_timers_.pop_back();
    return t;
  }
  return make_timer(false);
}

Duration World::context_stop_timer(G& g, CancelCtx& c) {
  Timer& t = *std::exchange(c.timer, nullptr);
  Duration work = cost(Cost::timer_set);
  cancel_after_func(g, t, work);
  context_timers_.push_back(&t);
  return work;
}

}  // namespace gmpsim
