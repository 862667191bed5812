// Allocation (malloc.go: mallocgc; mcache.go: refill; mgcsweep.go; 1.19 to 1.27), and what else looks at the heap.
//
// An allocation costs its bytes, pays its debt while marking is on, and now and then begins a cycle: the trigger is
// looked at when the P needs a new span, or for a large object. What is kept stays reachable until its goroutine ends;
// everything else is garbage at once and goes with the next cycle.
//
// Clearing large memory is one stretch without a safe point until 1.16 and goes in pieces of 256 KiB since.

#include <algorithm>

#include "models/go/gc.hpp"
#include "models/go/scaled.hpp"
#include "models/go/world.hpp"

namespace gmpsim {

namespace {
constexpr std::int64_t kSpanBytes = 8 * 1024;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 60;
constexpr std::int64_t kLarge = 32 * 1024;             // maxSmallSize
constexpr std::int64_t kClearedInPieces = 256 * 1024;  // memclrNoHeapPointersChunked
}  // namespace

GMem& World::memory_of(G& g) {
  if (g.mem == nullptr) g.mem = ::new (frames_.allocate(sizeof(GMem))) GMem;
  return *g.mem;
}

/// The goroutine ends: what it kept is garbage, its stack is free.
void World::drop_memory(G& g) {
  GMem* const mem = std::exchange(g.mem, nullptr);
  if (gc_ != nullptr) {
    if (gc_->marking && mem->assist > 0) gc_->credit += gc_->pacer.work_for(mem->assist);  // gdestroy
    gc_->kept -= mem->keep;
    gc_->stacks_extra -= mem->stack - 2048;
  }
  FramePool::release(mem, sizeof(GMem));
}

Step World::alloc(G& g, std::int64_t size, std::int64_t keep) {
  Gc& gc = heap();
  GMem& mem = memory_of(g);
  keep = std::min(keep, size);
  mem.keep += keep;
  gc.kept = std::min(gc.kept + keep, kMostBytes);
  gc.live = std::min(gc.live + size, kMostBytes);
  const std::uint32_t p = g.m->p->id;
  if (gc.span_left.size() <= p) gc.span_left.resize(procs(), kSpanBytes);
  gc.span_left[p] -= size;
  Duration work = scaled(size, cost(Cost::alloc_kib), 1024);
  const bool refill = size > kLarge || gc.span_left[p] < 0;
  if (refill) {
    gc.span_left[p] = kSpanBytes;
    if (gc.sweep_left > 0 && settings().gc_sweep_in_proportion)
      work += gc_sweep_in_proportion(std::max(size, kSpanBytes));
    record(Kind::heap, 0, g.m->p, &g, g.m, static_cast<std::uint32_t>(heap_stacks() / 1024), gc.live);
    if (gc.full_left > 0) {  // spans without a free slot are swept on the way to one that has some
      const std::int64_t bound = settings().gc_sweep_bound == 0 ? gc.full_left : settings().gc_sweep_bound;
      const std::int64_t n = std::min(gc.full_left, bound);
      gc.full_left -= n;
      work += cost(Cost::gc_sweep_full) * n;
    }
  }
  bool assist = false;
  if (gc.marking) {
    mem.assist -= size;
    assist = mem.assist < 0;
  }
  const bool collect = (refill || gc.options.trigger > 0) && gc_test(GcTrigger::heap, 0);
  if (assist || collect) return run_nested(g, alloc_slow(g, work, assist, collect));
  if (size > kClearedInPieces && settings().alloc_clears_in_pieces) {
    if (spend(g, work, Preemptible::any)) return Step::done;
    g.after_burn = GPhase::woken;
    return Step::wait;
  }
  return charge_after(g, work);
}

Task<> World::alloc_slow(G& g, Duration work, bool assist, bool collect) {
  co_await spend(work);
  if (assist && gc_->marking && g.mem->assist < 0) co_await gc_assist(g);
  if (collect) co_await gc_start(g, GcTrigger::heap, 0);
}

std::int64_t World::heap_live() const { return gc_ == nullptr ? 0 : gc_->live; }
std::int64_t World::heap_stacks() const {
  return static_cast<std::int64_t>(alive_) * 2048 + (gc_ == nullptr ? 0 : gc_->stacks_extra);
}

/// The goroutine profile (mprof.go: goroutineProfileWithLabels): until 1.18 all stacks are walked in one stop, since 1.19
/// there are two short ones and the walk goes on between them, with more work in all.
Step World::profile(G& g) { return run_nested(g, profile_slow(g)); }

Task<> World::profile_slow(G& g) {
  const auto n = static_cast<Duration>(alive_);
  const bool concurrent = settings().profile_mode == "barrier";
  for (int stops = 0; stops < (concurrent ? 2 : 1); ++stops) {
    co_await acquire_world(g);
    Task<> stop = stop_the_world(*g.m, StopReason::other);
    co_await systemstack(g, std::move(stop));
    const Duration walk = concurrent ? cost(Cost::profile_goroutine) * 10 : cost(Cost::profile_goroutine) * n;
    co_await spend(walk);
    Task<> start = start_the_world(*g.m);
    co_await systemstack(g, std::move(start));
    co_await semrelease(g, sched_.worldsema, settings().stw_sema_handoff);
    if (concurrent && stops == 0) {
      const Duration rest = cost(Cost::profile_goroutine) * n * 7 / 2;
      co_await spend(rest);
    }
  }
}

}  // namespace gmpsim
