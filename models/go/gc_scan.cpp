// Scanning the stacks of goroutines (mgcmark.go: markroot, scanstack; preempt.go: suspendG, resumeG; 1.5 to 1.26).
//
// A stack can be scanned only while its goroutine does not run on it. Most do not: they are taken as they are. One that
// runs is asked to stop, by a signal where there are such, and the worker, which is on its system stack and cannot be
// interrupted, spins until it has: 10 us of looking, then a yield to the kernel every 5 us. Since 1.14 the goroutine parks
// ("preempted"), the worker scans its stack and makes it ready on the worker's own P, to run next: that is how marking
// moves goroutines between Ps. Before, the goroutine scanned its stack itself and went on where it was; the request to
// give way that it may have had with it was lost.
//
// Where only calls are safe points, a loop without any holds the worker up for as long as it runs, and with the worker its
// P and the end of the collection.
//
// What spins here is told at once when the goroutine stops on request; when it stops for another reason (it blocks, ends,
// enters a system call), at the next look. A goroutine that does not run could begin to while its stack is scanned, and
// would then wait for the scan: this is left out, scans are short.
//
// Invariants: a goroutine that stopped for a scan is made ready by who asked; nobody waits for a goroutine that is on its
// system stack (it may wait for the worker's P in turn).

#include <algorithm>

#include "models/go/gc.hpp"
#include "models/go/scaled.hpp"
#include "models/go/world.hpp"

namespace gmpsim {

namespace {
constexpr Duration kSpin = us(10);                  // suspendG: yieldDelay
constexpr Duration kBetweenYields = us(5);          // yieldDelay/2, also the least time between two signals
constexpr Duration kLook = us(1);                   // how often the spinning worker looks here
constexpr std::int64_t kSmallest = 2048;            // stackMin
constexpr std::int64_t kGuard = 928;                // stackGuard
constexpr std::int64_t kMostStack = 1'000'000'000;  // maxstacksize
}  // namespace

std::int64_t World::gc_stack_used(const G& g) const { return stack_used != nullptr ? stack_used(g) : kSmallest / 4; }

/// gcMarkRootPrepare: all goroutines there are, with what their stacks hold now.
void World::gc_prepare_roots() {
  Gc& gc = *gc_;
  gc.stacks.clear();
  gc.root_bytes = 0;
  for (G* g = all_first_; g != nullptr; g = g->allnext) {
    gc.stacks.push_back(g);
    gc.root_bytes += gc_stack_used(*g);
    if (g->mem != nullptr) g->mem->assist = 0;  // gcResetMarkState: neither debt nor credit outlives its cycle
  }
  gc.roots_left = static_cast<std::int64_t>(gc.stacks.size());
}

/// scanstack's books, and shrinkstack: half the size when less than a quarter is used.
void World::gc_scanned_stack(G& g, std::int64_t used) {
  ++gc_->scanned_stacks;
  gc_->scanned_stack_bytes += used;
  if (g.mem == nullptr || g.mem->stack <= kSmallest || used >= g.mem->stack / 4) return;
  gc_->stacks_extra -= g.mem->stack / 2;
  g.mem->stack /= 2;
}

/// gcComputeStartingStackSize: what stacks hold on average, and the guard, rounded up to a power of two.
void World::gc_adapt_stacks() {
  Gc& gc = *gc_;
  gc.stack_start = kSmallest;
  if (gc.scanned_stacks > 0) {
    const std::int64_t mean = std::min(gc.scanned_stack_bytes / gc.scanned_stacks + kGuard, kMostStack);
    while (gc.stack_start < mean) gc.stack_start *= 2;
  }
  gc.scanned_stacks = gc.scanned_stack_bytes = 0;
}

/// Does it run on the stack that is to be scanned?
bool World::gc_must_stop(const G& g) const {
  return g.status == GStatus::running && g.request != Request::system && (g.mem == nullptr || !g.mem->assists);
}

/// markroot of one stack, by a worker or an assisting goroutine: the bytes scanned, 0 for a goroutine that has ended.
Task<std::int64_t> World::gc_scan_stack(G& by, G& g) {
  if (stack_scan_ != StackScan::ignores && &g != &by && gc_must_stop(g)) {
    bool scanned = false;
    Task<> wait = gc_suspend(*by.m, g, scanned);
    co_await systemstack(by, std::move(wait));
    if (scanned) co_return std::max<std::int64_t>(1, gc_stack_used(g));
  }
  if (g.status == GStatus::dead || g.status == GStatus::idle) co_return 0;
  const bool stopped = g.status == GStatus::waiting && g.wait_reason == WaitReason::preempted;
  const std::int64_t used = gc_stack_used(g);
  const Duration scan = cost(Cost::gc_scan_stack) + scaled(used, cost(Cost::gc_mark_kib), 1024);
  co_await spend(scan);
  gc_scanned_stack(g, used);
  if (stopped) {  // resumeG
    ready(*by.m->p, &g, Why::readied, by.id);
    co_await spend(Cost::ready);
    if (wakep_is_needed()) co_await wakep(by.m);
  }
  co_return std::max<std::int64_t>(1, used);
}

/// suspendG, scang: on the system stack of a worker, until g does not run any more or has `scanned` its stack itself.
Task<> World::gc_suspend(M& m, G& g, bool& scanned) {
  const PreemptAction how = preempt_->on_stop();
  const Time begin = now();
  const M* asked = nullptr;
  Time next_signal = 0;
  g.stop_for_scan = true;
  gc_->stack_waits.push_back({&g, &m});
  while (g.stop_for_scan && gc_must_stop(g)) {
    const bool again =
        asked != g.m || !g.preempt || (how == PreemptAction::signal && !g.m->signal_pending && now() >= next_signal);
    if (again && how != PreemptAction::none && g.m->p != nullptr) {
      asked = g.m;
      next_signal = now() + kBetweenYields;
      co_await preemptone(m, *g.m->p, how);
      continue;
    }
    if (now() - begin < kSpin) {
      co_await spend(kLook);
    } else {
      m.thread.leave();  // osyield: whoever else wants this core comes first
      m.thread.start_at(now());
      co_await Suspend{};
      if (g.stop_for_scan) co_await spend(kBetweenYields);
    }
  }
  scanned = stack_scan_ == StackScan::asks && !g.stop_for_scan;
  g.stop_for_scan = false;
  std::erase_if(gc_->stack_waits, [&g](const StackWait& w) { return w.g == &g; });
}

/// g has come to a safe point and somebody waits to scan its stack (preemptPark; until 1.13 newstack). `goes_on`: at once,
/// on the same thread.
Task<> World::gc_scan_of_preempted(M& m, G& g, bool by_signal, bool& goes_on) {
  goes_on = stack_scan_ == StackScan::asks;
  if (goes_on) {
    const std::int64_t used = gc_stack_used(g);
    const Duration scan = cost(Cost::gc_scan_stack) + scaled(used, cost(Cost::gc_mark_kib), 1024);
    co_await spend(scan);
    gc_scanned_stack(g, used);
    g.preempt = false;
  } else {
    record(Kind::preempted, by_signal ? 1 : 0, m.p, &g, &m);
    g.wait_reason = WaitReason::preempted;
    g.waiting_on = 0;
    park(m, g);
  }
  g.stop_for_scan = false;
  for (const StackWait& w : gc_->stack_waits)
    if (w.g == &g) w.by->thread.interrupt();
  if (!goes_on) co_await spend(Cost::park);
}

}  // namespace gmpsim
