// sync.WaitGroup (sync/waitgroup.go, 1.19 to 1.27). The Add or Done that reaches 0 releases the waiters first in, first
// out; each displaces the one before from runnext, so that waiters w0 … wk-1 run as wk-1, w0, w1, …

#include "models/go/world.hpp"

namespace gmpsim {

void World::sync_add(const G& g, const WaitGroup& w, std::int64_t n) {
  if (n < 0) sync(g, Sync::add, w.object);
  if (n > 0 && w.counter == 0) accessed(g, Access::add_from_zero, w.object);
}

Step World::wait_group_add(G& g, WaitGroup& w, std::int64_t n, const char*& panic) {
  panic = nullptr;
  if (options_.happens_before) [[unlikely]]
    sync_add(g, w, n);
  w.counter += n;
  if (w.counter < 0) {
    panic = "sync: negative WaitGroup counter";
    return Step::done;
  }
  if (w.waiters != 0 && n > 0 && w.counter == n) {
    panic = "sync: WaitGroup misuse: Add called concurrently with Wait";
    return Step::done;
  }
  if (w.counter > 0 || w.waiters == 0) return Step::done;
  return wait_group_release(g, w);
}

Step World::wait_group_release(G& g, WaitGroup& w) {
  const std::int64_t waiters = w.waiters;
  w.waiters = 0;
  return run_nested(g, wait_group_wake(g, w, waiters));
}

Task<> World::wait_group_wake(G& g, WaitGroup& w, std::int64_t waiters) {
  for (; waiters > 0; --waiters) co_await semrelease(g, w.sema, false);
}

Step World::wait_group_wait(G& g, WaitGroup& w) {
  accessed(g, Access::wait, w.object);
  if (w.counter == 0) return Step::done;
  ++w.waiters;
  return run_nested(g, semacquire(g, w.sema, false, WaitReason::wait_group, w.object));
}

/// Whoever was woken finds the group as the last Done left it, unless somebody has used it again meanwhile.
const char* World::wait_group_wait_finish(G& g, const WaitGroup& w) {
  sync(g, Sync::learn, w.object);
  return w.counter != 0 || w.waiters != 0 ? "sync: WaitGroup is reused before previous Wait has returned" : nullptr;
}

WaitGroup* World::make_wait_group(std::int64_t init, std::uint32_t object) {
  wait_groups_.emplace_back();
  wait_groups_.back().object = dynamic(ObjectKind::wait_group, object);
  wait_groups_.back().counter = init;
  return &wait_groups_.back();
}

}  // namespace gmpsim
