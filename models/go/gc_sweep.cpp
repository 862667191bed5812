// Sweeping, and the collector's own goroutines beside its workers (mgcsweep.go: bgsweep, deductSweepCredit; proc.go:
// forcegchelper; 1.5 to 1.26).
//
// What was not marked is swept span by span, by a goroutine in the background that gives way, by whoever needs a new span in
// proportion to what was allocated, and what is left by whoever begins the next collection.

#include <algorithm>
#include <utility>

#include "models/go/gc.hpp"
#include "models/go/scaled.hpp"
#include "models/go/world.hpp"

namespace gmpsim {

namespace {
constexpr std::uint32_t kAskedId = 0xf1800002;  // behind the other goroutines of the collector (gc.cpp)
}

/// One step of sweeping; what it costs.
Duration World::gc_sweep_step() {
  Gc& gc = *gc_;
  --gc.sweep_left;
  return cost(Cost::gc_sweep_span) * gc.sweep_batch;
}

/// deductSweepCredit: what an allocation of `bytes` has to sweep before it gets its span, and what that costs.
Duration World::gc_sweep_in_proportion(std::int64_t bytes) {
  Gc& gc = *gc_;
  Duration work = 0;
  const std::int64_t since = bytes + std::max<std::int64_t>(0, gc.live - gc.sweep_basis);
  const std::int64_t due = scaled(gc.sweep_steps, since, gc.sweep_distance);
  while (gc.sweep_left > 0 && gc.sweep_steps - gc.sweep_left < due) work += gc_sweep_step();
  return work;
}

/// bgsweep: since 1.20 it yields after ten spans if somebody could use its P, before after every span.
Task<> World::gc_sweeper(G& g) {
  Gc& gc = *gc_;
  for (;;) {
    std::uint32_t swept = 0;
    while (gc.sweep_left > 0) {
      const Duration work = gc_sweep_step();
      co_await spend(work);
      ++swept;
      const bool yields =
          settings().gc_sweep_yields_when_busy ? swept % 10 == 0 && (g.preempt || sched_.npidle == 0) : true;
      if (!yields) continue;
      g.request = Request::yield;
      g.preempted_here = false;
      co_await Suspend{};
    }
    gc.sweeper_parked = true;
    block(g, WaitReason::gc_sweep_wait, 0);
    co_await Suspend{};
  }
}

/// forcegchelper: sysmon injects it when there was no collection for two minutes.
Task<> World::gc_forced(G& g) {
  for (;;) {
    gc_->forced_parked = true;
    block(g, WaitReason::force_gc, 0);
    co_await Suspend{};
    co_await gc_start(g, GcTrigger::time, 0);
  }
}

/// Somebody outside wants a collection: a goroutine of the runtime calls runtime.GC for it, as the handler of a debug page
/// or of a signal does (net/http/pprof: heap?gc=1). It enters as what the poller readies does.
void World::gc_from_outside() {
  Gc& gc = heap();
  if (gc.asked == nullptr) {
    gc.asked = system_goroutine(kAskedId);
    gc.asked->resume = [](World& w, G& s) { (void)w.run_nested(s, w.gc_asked(s)); };
    gc.asked_parked = true;
  }
  if (!std::exchange(gc.asked_parked, false)) {
    gc.asked_again = true;
    return;
  }
  GQueue list;
  list.push_back(gc.asked);
  inject_from_outside(list);
}

/// It waits for a cycle under way and runs one of its own; what was asked for meanwhile comes after that, once.
Task<> World::gc_asked(G& g) {
  for (;;) {
    do {
      gc_->asked_again = false;
      co_await gc_collect(g);
    } while (gc_->asked_again);
    gc_->asked_parked = true;
    block(g, WaitReason::force_gc, 0);
    co_await Suspend{};
  }
}

G* World::gc_forced_goroutine() { return gc_->forced; }

/// sysmon's part: true when the helper has to be injected.
bool World::gc_force_is_due() {
  if (gc_ == nullptr || !gc_->forced_parked || !gc_test(GcTrigger::time, 0)) return false;
  gc_->forced_parked = false;
  return true;
}

}  // namespace gmpsim
