// The collector as the scheduler sees it (mgc.go, mgcpacer.go, mgcmark.go, mgcsweep.go; Go 1.19 to 1.27).
//
// Nothing is collected here. What matters to a scheduler is who runs instead of whom, and who has to wait: two stops of
// the world in each cycle, mark workers on a quarter of the Ps, idle Ps that mark too, goroutines that must mark before
// they may allocate, and a sweeper that gives way. The heap is a number of bytes; marking is so many bytes to scan.
//
//   gc_start       whoever reaches the trigger: workers made, world stopped, marking on, world started
//   gc_worker      a system goroutine for each P; findRunnable takes it from a pool, in one of three modes
//   gc_mark_done   the last one without work: world stopped, marking off, pacing, waiters woken, world started
//   gc_sweeper     sweeps in the background
//
// Until 1.4 all of it was one stop (gc.concurrent), until 1.2 with the sweep (gc.sweeps_later): gc_start then does the work
// of up to eight threads, and nobody marks beside the program.
//
// gc_scan.cpp scans the stacks, for_each_p.cpp asks every P for a safe point. What differs from Go: the work is known when
// marking begins, nothing is published later, so that no round of safe points ever finds any.
//
// Rejected: an object graph (what is reachable is decided by the scenario anyway), marking without pieces (a cycle would
// have one length whatever the scheduler does).
//
// Invariants: a worker is in the pool or runs, never on a run queue, except while it waits for a semaphore; `active`
// counts who holds work; marking ends when nobody does and none is left.

#include "models/go/gc.hpp"

#include <algorithm>

#include "models/go/scaled.hpp"
#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

namespace {

constexpr std::int64_t kSelfCheck = 100'000;      // gcDrain: checkWork, in units of scan work
constexpr std::int64_t kOblet = 128 * 1024;       // maxObletBytes
constexpr std::int64_t kSpan = 8 * 1024;          // a page: the smallest span
constexpr std::int64_t kSweepSteps = 4096;        // at most so many steps of the sweeper a cycle
constexpr std::uint32_t kWorkerIds = 0xf1000000;  // goroutines of the collector are numbered apart
constexpr Duration kForcePeriod = seconds(120);   // forcegcperiod
constexpr std::int64_t kPublishTries = 5;         // enlistWorker
constexpr std::int64_t kSweepMargin = 1 << 20;    // gcPaceSweeper
constexpr std::int64_t kSmallestStack = 2048;     // stackMin
constexpr std::uint32_t kMostHelpers = 8;         // MaxGcproc

std::int64_t marking_time(std::int64_t bytes, Duration kib) { return scaled(bytes, kib, 1024); }

}  // namespace

MarkPiece Gc::take(std::int64_t most, bool oblets) {
  MarkPiece piece;
  if (roots_left > 0) {  // one goroutine's stack
    piece.stack = stacks[stacks.size() - static_cast<std::size_t>(roots_left)];
    --roots_left;
  } else if (large_left > 0) {
    piece.work = oblets ? std::min(large_left, kOblet) : large_left;
    large_left -= piece.work;
  } else if (heap_left > 0) {
    piece.work = std::min(heap_left, most);
    heap_left -= piece.work;
    piece.can_stop = true;
  }
  return piece;
}

/// The heap of this world; made when a scenario declares it or a goroutine first allocates.
Gc& World::heap() {
  if (gc_ == nullptr) make_heap({});
  return *gc_;
}

void World::make_heap(const HeapOptions& options) {
  gc_ = std::make_unique<Gc>();
  Gc& gc = *gc_;
  gc.options = options;
  const std::string& pacer = settings().gc_pacer;
  gc.pacer.begin(options, !settings().gc_concurrent ? Pacer::Rule::at_goal
                          : pacer == "1.5"          ? Pacer::Rule::ratio
                          : pacer == "1.18"         ? Pacer::Rule::controller
                          : pacer == "1.20"         ? Pacer::Rule::mean
                                                    : Pacer::Rule::maximum);
  gc.live = gc.kept = gc.marked = options.initial_live;
  gc.full_left = options.full_spans;
  for (const G* g = all_first_; g != nullptr; g = g->allnext)
    if (g->mem != nullptr) gc.stacks_extra += g->mem->stack - kSmallestStack;
}

// ---------------------------------------------------------------------------------------------- beginning a cycle

/// gcTrigger.test.
bool World::gc_test(GcTrigger why, std::uint32_t cycle) const {
  const Gc& gc = *gc_;
  if (gc.marking) return false;
  switch (why) {
    case GcTrigger::heap: return gc.live >= gc.pacer.trigger();
    case GcTrigger::time: return gc.options.gogc >= 0 && gc.last_end != 0 && now() - gc.last_end > kForcePeriod;
    case GcTrigger::cycle: return gc.started == cycle;
  }
  return false;
}

/// gcStart. `cycle`: for GcTrigger::cycle, how many have been started so far.
Task<> World::gc_start(G& g, GcTrigger why, std::uint32_t cycle) {
  Gc& gc = heap();
  while (gc.sweep_left > 0 && gc_test(why, cycle)) {  // help to finish the sweep of the last cycle
    const Duration work = gc_sweep_step();
    co_await spend(work);
  }
  co_await semacquire(g, gc.start_sema, false, WaitReason::semacquire, 0);
  if (!gc_test(why, cycle)) {
    co_await semrelease(g, gc.start_sema, false);
    co_return;
  }
  co_await acquire_world(g);
  co_await gc_start_workers(g);
  Task<> stop = stop_the_world(*g.m, StopReason::gc_sweep_termination);
  co_await systemstack(g, std::move(stop));
  const Duration pause = cost(Cost::gc_pause) + cost(Cost::gc_pause_p) * procs();
  co_await spend(pause);

  ++gc.started;
  gc.sweep_left = 0;
  gc.cycle_begin = now();
  record(Kind::gc_begin, static_cast<std::uint8_t>(why), g.m->p, &g, g.m, gc.started, gc.live);
  clear_pools();
  gc.need = Pacer::workers(procs(), why == GcTrigger::time);
  gc.idle_running = 0;
  gc.live_at_start = gc.live;
  gc.kept_at_start = gc.kept;
  gc.scanned = 0;
  gc.credit = 0;
  gc.assist_time = gc.idle_time = 0;
  gc.fractional_time.assign(procs(), 0);
  gc.large_left = std::min(gc.options.largest_object, gc.kept);
  gc.heap_left = gc.kept - gc.large_left;
  gc_prepare_roots();
  gc.pacer.start_cycle(gc.live, gc.kept + gc.root_bytes);
  gc.mark_begin = now();
  if (settings().gc_concurrent) {
    gc.marking = true;
    update_attention();
  } else {
    const Duration whole = gc_whole();
    co_await spend(whole);
    for (G* s : gc.stacks) gc_scanned_stack(*s, gc_stack_used(*s));
    gc.scanned = gc.kept + gc.root_bytes;
    gc.roots_left = gc.root_bytes = gc.large_left = gc.heap_left = 0;
    co_await gc_commit(g);
  }

  Task<> start = start_the_world(*g.m);
  co_await systemstack(g, std::move(start));
  co_await semrelease(g, sched_.worldsema, settings().stw_sema_handoff);
  co_await semrelease(g, gc.start_sema, false);
  if (!settings().gc_sweeps_later) {  // "give the queued finalizers, if any, a chance to run"
    g.request = Request::yield;
    g.preempted_here = false;
    co_await Suspend{};
  }
}

/// A collection in one stop: what marking takes, and sweeping where it is part of it, shared among the threads that are
/// there (gcprocs).
Duration World::gc_whole() const {
  const Gc& gc = *gc_;
  Duration work =
      cost(Cost::gc_scan_stack) * gc.roots_left + marking_time(gc.kept + gc.root_bytes, cost(Cost::gc_mark_kib));
  if (!settings().gc_sweeps_later) work += cost(Cost::gc_sweep_span) * (gc.live / kSpan + 1);
  std::uint32_t threads = std::min({procs(), kMostHelpers, sched_.nmidle + 1});
  if (options_.cores != 0) threads = std::min(threads, options_.cores);
  return work / threads;
}

/// gcBgMarkStartWorkers: one for each P. The starter waits until each has run.
Task<> World::gc_start_workers(G& g) {
  Gc& gc = *gc_;
  while (settings().gc_concurrent && gc.workers.size() < procs()) {
    gc.workers.push_back(std::make_unique<GcWorker>());
    GcWorker& k = *gc.workers.back();
    k.g = system_goroutine(kWorkerIds + static_cast<std::uint32_t>(gc.workers.size()));
    k.g->body = &k;
    k.g->resume = [](World& w, G& worker) {
      (void)w.run_nested(worker, w.gc_worker(worker, *static_cast<GcWorker*>(worker.body)));
    };
    co_await spend(Cost::go);
    put_system(*g.m->p, *k.g);
    if (settings().gc_worker_handshake) {  // <-ready: the worker runs next, and readies the starter
      gc_starter_ = &g;
      block(g, WaitReason::chan_receive, 0);
      co_await Suspend{};
    } else {  // notetsleepg: its P goes to whoever runs the worker, and it comes back as from a system call
      gc_starter_ = &g;
      g.request = Request::notesleep;
      g.burn_left = kNever;
      co_await Suspend{};
    }
  }
  if (gc.sweeper == nullptr) {
    gc.sweeper = system_goroutine(kWorkerIds + 0x800000);
    gc.sweeper->resume = [](World& w, G& s) { (void)w.run_nested(s, w.gc_sweeper(s)); };
    put_system(*g.m->p, *gc.sweeper);
    gc.forced = system_goroutine(kWorkerIds + 0x800001);
    gc.forced->resume = [](World& w, G& s) { (void)w.run_nested(s, w.gc_forced(s)); };
    put_system(*g.m->p, *gc.forced);
  }
}

/// A goroutine of the runtime: not counted, not on the list of all goroutines.
G* World::system_goroutine(std::uint32_t id) {
  G* g = new_g();
  if (g->status == GStatus::idle) set_status(*g, GStatus::dead);
  g->id = id;
  g->system = true;
  g->drop = nullptr;
  g->phase = GPhase::fresh;
  g->request = Request::none;
  g->program = runtime_program();
  system_goroutines_.push_back(g);
  record(Kind::g_create, 0, nullptr, g, nullptr, kNoG, g->program);
  return g;
}

void World::put_system(P& p, G& g) {
  set_status(g, GStatus::runnable);
  record(Kind::g_runnable, static_cast<std::uint8_t>(Why::created), &p, &g, nullptr, kNoG, 1);
  runqput(p, &g, true);
}

// ---------------------------------------------------------------------------------------------- marking

/// assignWaitingGCWorker: in which mode this P would mark now.
GcMode World::gc_mode_for(const P& p) const {
  const Gc& gc = *gc_;
  if (!gc.marking || gc.pool == nullptr || !gc.work_left()) return GcMode::none;
  if (gc.need.dedicated > 0) return GcMode::dedicated;
  if (gc.need.fractional_ppm == 0) return GcMode::none;
  const Duration since = now() - gc.mark_begin;
  const Duration taken = p.id < gc.fractional_time.size() ? gc.fractional_time[p.id] : 0;
  return since > 0 && taken > since / 1000 * gc.need.fractional_ppm / 1000 ? GcMode::none : GcMode::fractional;
}

/// The same, when the world starts (procresize, since 1.26): the worker is this P's own until it schedules.
bool World::gc_assign_worker(P& p) {
  Gc& gc = *gc_;
  if (p.id < gc.assigned.size() && gc.assigned[p.id] != nullptr) return true;  // the world stopped before it ran
  const GcMode mode = gc_mode_for(p);
  if (mode == GcMode::none) return false;
  if (mode == GcMode::dedicated) --gc.need.dedicated;
  gc.assigned.resize(std::max<std::size_t>(gc.assigned.size(), procs()));
  GcWorker& k = *std::exchange(gc.pool, gc.pool->next);
  k.next = nullptr;
  k.mode = mode;
  gc.assigned[p.id] = &k;
  return true;
}

/// releaseNextGCMarkWorker: this P does something else, or marking is over.
void World::gc_release_worker(P& p) {
  Gc& gc = *gc_;
  if (p.id >= gc.assigned.size() || gc.assigned[p.id] == nullptr) return;
  GcWorker& k = *std::exchange(gc.assigned[p.id], nullptr);
  if (k.mode == GcMode::dedicated) ++gc.need.dedicated;
  k.mode = GcMode::none;
  k.next = gc.pool;
  gc.pool = &k;
}

/// findRunnableGCWorker: the worker that was assigned to this P, or one from the pool, in the mode that is still needed.
G* World::find_gc_worker(P& p) {
  Gc& gc = *gc_;
  if (!gc.marking) return nullptr;
  if (p.id < gc.assigned.size() && gc.assigned[p.id] != nullptr) {
    GcWorker& k = *std::exchange(gc.assigned[p.id], nullptr);
    return start_gc_worker(p, k);
  }
  const GcMode mode = gc_mode_for(p);
  if (mode == GcMode::none) return nullptr;
  if (mode == GcMode::dedicated) --gc.need.dedicated;
  if (gc.fractional_time.size() < procs()) gc.fractional_time.resize(procs());
  return take_gc_worker(p, mode);
}

/// Idle-time marking (findRunnable): when the P has nothing else to do and the budget allows.
G* World::find_idle_gc_worker(P& p) {
  Gc& gc = *gc_;
  if (!gc.marking || gc.pool == nullptr || !gc.work_left() || gc.idle_running >= gc.need.idle) return nullptr;
  ++gc.idle_running;
  return take_gc_worker(p, GcMode::idle);
}

G* World::take_gc_worker(P& p, GcMode mode) {
  GcWorker& k = *std::exchange(gc_->pool, gc_->pool->next);
  k.next = nullptr;
  k.mode = mode;
  return start_gc_worker(p, k);
}

G* World::start_gc_worker(P& p, GcWorker& k) {
  set_status(*k.g, GStatus::runnable);
  record(Kind::g_runnable, static_cast<std::uint8_t>(Why::readied), &p, k.g, nullptr, kNoG, 1);
  return k.g;
}

/// gcBgMarkWorker.
Task<> World::gc_worker(G& g, GcWorker& k) {
  Gc& gc = *gc_;
  if (G* starter = std::exchange(gc_starter_, nullptr)) {
    if (settings().gc_worker_handshake) {
      ready(*g.m->p, starter, Why::readied, g.id);
      co_await spend(Cost::ready);
    } else {
      wake_note(*starter->m);
      co_await spend(Cost::futex_wake);
    }
  }
  for (;;) {
    k.mode = GcMode::none;
    k.next = gc.pool;
    gc.pool = &k;
    block(g, WaitReason::gc_worker_idle, 0);
    co_await Suspend{};

    const Time since = now();
    const std::uint32_t p = g.m->p->id;
    ++gc.active;
    if (k.mode == GcMode::dedicated && gc.need.dedicated > 0) co_await gc_enlist(*g.m);
    co_await gc_drain(g, k);
    const Duration took = now() - since;
    if (k.mode == GcMode::dedicated) ++gc.need.dedicated;
    if (k.mode == GcMode::fractional && p < gc.fractional_time.size()) gc.fractional_time[p] += took;
    if (k.mode == GcMode::idle) {
      --gc.idle_running;
      gc.idle_time += took;
    }
    if (--gc.active == 0 && !gc.work_left()) co_await gc_mark_done(g);
  }
}

/// enlistWorker: work has been published and dedicated workers are missing: some running P is asked to schedule.
Task<> World::gc_enlist(M& m) {
  static constexpr std::uint64_t kStream = stream_named("gc enlist");
  if (procs() < 2) co_return;
  for (std::int64_t tries = 0; tries < kPublishTries; ++tries) {
    const Site site{kStream, 0, gc_draws_++};
    std::uint32_t id = chooser_.choose(site, procs() - 1);
    if (id >= m.p->id) ++id;
    P& p = *allp_[id];
    if (p.status != PStatus::running || p.m == nullptr || p.m->curg == nullptr || p.m->curg->system) continue;
    const PreemptAction how = preempt_->on_stop();
    if (how != PreemptAction::none) co_await preemptone(m, p, how);
    break;
  }
}

/// gcDrain, until there is no work, or the mode says to give way.
Task<> World::gc_drain(G& g, GcWorker& k) {
  Gc& gc = *gc_;
  const Duration kib = cost(Cost::gc_mark_kib);
  bool drained_queue = false;
  std::int64_t since_check = 0;
  const Time begin = now();
  for (;;) {
    if (sched_.gcwaiting || (g.preempt && g.m->p->at_safe_point)) break;
    if (k.mode == GcMode::dedicated) {
      if (g.preempt) {  // gcDrainUntilPreempt was the first try; from here on only a stop of the world interrupts
        g.preempt = false;
        if (!drained_queue && settings().gc_drains_queue) {
          drained_queue = true;
          gc_move_queue(*g.m->p);
          co_await lock();
          if (wakep_is_needed()) co_await wakep(g.m);
        }
      }
    } else {
      if (g.preempt) break;
      if (since_check >= kSelfCheck) {
        since_check = 0;
        if (k.mode == GcMode::fractional) {  // pollFractionalWorkerExit: 1.2 times the goal
          const Duration all = now() - gc.mark_begin;
          const Duration mine = gc.fractional_time[g.m->p->id] + now() - begin;
          if (mine > all / 1000 * gc.need.fractional_ppm / 1000 * 12 / 10) break;
        } else if (!sched_.runq.empty() || !g.m->p->runq.empty()) {  // pollWork
          break;
        }
      }
    }
    MarkPiece piece = gc.take(kSelfCheck, settings().gc_oblets);
    if (piece.none()) break;
    if (piece.stack != nullptr) {
      G& other = *piece.stack;
      piece.work = co_await gc_scan_stack(g, other);
      since_check = kSelfCheck;  // after each root it looks
    } else if (piece.can_stop) {
      const Duration whole = std::max<Duration>(1, marking_time(piece.work, kib));
      g.request = Request::burn;
      g.burn_left = whole;
      g.burn_how = Preemptible::noticed;
      co_await Suspend{};
      const std::int64_t rest = g.burn_left * 1024 / std::max<Duration>(kib, 1);
      g.burn_left = 0;
      const std::int64_t back = std::min(piece.work, rest);
      gc.heap_left += back;
      piece.work -= back;
    } else {
      const Duration whole = marking_time(piece.work, kib);
      co_await spend(whole);
    }
    since_check += piece.work;
    gc.scanned += piece.work;
    co_await gc_flush_credit(g, piece.work);
  }
}

/// The queue of a P that has become a dedicated worker's goes to the global queue, runnext first.
void World::gc_move_queue(P& p) {
  std::uint32_t n = 0;
  if (G* next = std::exchange(p.runq.runnext, nullptr)) {
    sched_.runq.push_back(next);
    ++n;
  }
  while (G* g = p.runq.pop()) {
    sched_.runq.push_back(g);
    ++n;
  }
  if (n > 0) record(Kind::overflow, 1, &p, nullptr, nullptr, 0, n);
}

/// gcFlushBgCredit: goroutines that wait in debt are served first, the rest is credit for those to come.
Task<> World::gc_flush_credit(G& g, std::int64_t work) {
  Gc& gc = *gc_;
  if (gc.assist_queue.empty()) {
    gc.credit += work;
    co_return;
  }
  std::int64_t bytes = gc.pacer.bytes_for(work);
  while (bytes > 0 && !gc.assist_queue.empty()) {
    G* waits = gc.assist_queue.pop();
    if (bytes + waits->mem->assist >= 0) {
      bytes += waits->mem->assist;
      waits->mem->assist = 0;
      ready(*g.m->p, waits, Why::readied, g.id, settings().gc_ready_next);
      co_await spend(Cost::ready);
      if (wakep_is_needed()) co_await wakep(g.m);
    } else {  // paid in part: to the back of the queue
      waits->mem->assist += bytes;
      bytes = 0;
      gc.assist_queue.push_back(waits);
    }
  }
  if (bytes > 0) gc.credit += gc.pacer.work_for(bytes);
}

/// gcAssistAlloc: a goroutine in debt steals credit, marks on its own P, and if that is not enough waits.
Task<> World::gc_assist(G& g) {
  Gc& gc = *gc_;
  GMem& mem = *g.mem;
  const Duration kib = cost(Cost::gc_mark_kib);
  for (;;) {
    gc.pacer.revise(gc.live, gc.scanned);
    gc.pacer.limiter(now(), procs(), gc.assist_time, true);
    if (gc.pacer.limiting()) co_return;
    std::int64_t work = std::max<std::int64_t>(gc.pacer.work_for(-mem.assist), 64 * 1024);  // gcOverAssistWork
    if (gc.credit > 0) {
      const std::int64_t stolen = std::min(gc.credit, work);
      gc.credit -= stolen;
      work -= stolen;
      mem.assist += gc.pacer.bytes_for(stolen);
    }
    if (work <= 0) co_return;
    const Time begin = now();
    ++gc.active;
    mem.assists = true;
    std::int64_t done = 0;
    while (done < work) {
      MarkPiece piece = gc.take(std::min(work - done, kSelfCheck), settings().gc_oblets);
      if (piece.none()) break;
      if (piece.stack != nullptr) {
        G& other = *piece.stack;
        piece.work = co_await gc_scan_stack(g, other);
      } else {
        const Duration whole = std::max<Duration>(1, marking_time(piece.work, kib));
        co_await spend(whole);
      }
      done += piece.work;
      gc.scanned += piece.work;
    }
    mem.assists = false;
    mem.assist += gc.pacer.bytes_for(done);
    gc.assist_time += now() - begin;
    if (--gc.active == 0 && !gc.work_left()) co_await gc_mark_done(g);
    if (!gc.marking || mem.assist >= 0) co_return;
    if (g.preempt) {
      g.request = Request::yield;
      g.preempted_here = false;
      co_await Suspend{};
      if (!gc.marking) co_return;
      continue;
    }
    if (gc.credit > 0) continue;
    gc.assist_queue.push_back(&g);
    block(g, WaitReason::gc_assist, 0);
    co_await Suspend{};
    co_return;  // served by a worker, or the cycle is over
  }
}

// ---------------------------------------------------------------------------------------------- the end of a cycle

/// gcMarkDone and gcMarkTermination, by the last one without work. Others that run out of work meanwhile wait for it: also
/// a goroutine that is in debt and finds nothing to mark any more.
Task<> World::gc_mark_done(G& g) {
  Gc& gc = *gc_;
  co_await semacquire(g, gc.done_sema, false, WaitReason::semacquire, 0);
  if (gc.marking && gc.active == 0 && !gc.work_left()) {
    co_await acquire_world(g);
    if (settings().gc_flush_round) {
      Task<> round = for_each_p(*g.m, false);
      co_await systemstack(g, std::move(round));
    }
    Task<> stop = stop_the_world(*g.m, StopReason::gc_mark_termination);
    co_await systemstack(g, std::move(stop));
    const Duration pause = cost(Cost::gc_pause) + cost(Cost::gc_pause_p) * procs();
    co_await spend(pause);

    gc.marking = false;
    update_attention();
    for (const auto& p : allp_) gc_release_worker(*p);
    co_await semrelease(g, gc.done_sema, false);
    co_await gc_commit(g);
    wake_gc_driven_sysmon();
    Task<> start = start_the_world(*g.m);
    co_await systemstack(g, std::move(start));
    if (settings().gc_flushes_caches) {
      Task<> round = for_each_p(*g.m, true);
      co_await systemstack(g, std::move(round));
    }
    co_await semrelease(g, sched_.worldsema, settings().stw_sema_handoff);
    co_return;
  }
  co_await semrelease(g, gc.done_sema, false);
}

/// The books of the cycle are closed, the world is still stopped.
Task<> World::gc_commit(G& g) {
  Gc& gc = *gc_;
  gc.pacer.end_cycle(gc.live, gc.scanned, procs(), now() - gc.mark_begin, gc.assist_time, gc.idle_time);
  // What was reachable when marking began survives, and all that was allocated meanwhile.
  gc.marked = gc.kept_at_start + (gc.live - gc.live_at_start);
  gc.live = gc.marked;
  gc.pacer.commit(gc.marked, static_cast<std::int64_t>(alive_) * kSmallestStack / 4, heap_stacks());
  gc.last_end = now();
  gc.sweep_left = std::min(kSweepSteps, gc.marked / kSpan + 1);
  gc.sweep_batch = std::max<std::int64_t>(1, (gc.marked / kSpan + 1) / gc.sweep_left);
  if (!settings().gc_sweeps_later) gc.sweep_left = 0;
  gc.sweep_steps = gc.sweep_left;  // gcPaceSweeper: done a mebibyte before the next cycle begins
  gc.sweep_basis = gc.live;
  gc.sweep_distance = std::max(kSpan, gc.pacer.trigger() - gc.live - kSweepMargin);
  if (settings().stack_start_adapts) gc_adapt_stacks();
  gc.full_left = gc.options.full_spans;
  ++gc.marks_done;
  record(Kind::gc_end, 0, g.m->p, &g, g.m, gc.marks_done, now() - gc.cycle_begin);
  record(Kind::heap, 0, g.m->p, &g, g.m, static_cast<std::uint32_t>(heap_stacks() / 1024), gc.live);
  // Parked assists, the sweeper, those who wait for the cycle: into the queue of this P.
  while (G* waits = gc.assist_queue.pop()) {
    waits->mem->assist = 0;
    ready(*g.m->p, waits, Why::readied, g.id, false);
    co_await spend(Cost::ready);
  }
  if (gc.sweeper_parked) {
    gc.sweeper_parked = false;
    ready(*g.m->p, gc.sweeper, Why::readied, g.id);
    co_await spend(Cost::ready);
  }
  while (G* waits = gc.cycle_waiters.pop()) {
    ready(*g.m->p, waits, Why::readied, g.id, false);
    co_await spend(Cost::ready);
  }
}

/// runtime.GC: the cycle under way, then a whole one of its own, sweep included.
Task<> World::gc_collect(G& g) {
  Gc& gc = heap();
  const std::uint32_t before = gc.started;
  co_await gc_wait_on_mark(g, before);
  co_await gc_start(g, GcTrigger::cycle, before);
  co_await gc_wait_on_mark(g, before + 1);
  while (gc.started == before + 1 && gc.sweep_left > 0) {
    const Duration work = gc_sweep_step();
    co_await spend(work);
    g.request = Request::yield;  // Gosched after every span
    g.preempted_here = false;
    co_await Suspend{};
  }
}

Task<> World::gc_wait_on_mark(G& g, std::uint32_t cycle) {
  while (gc_->marks_done < cycle) {
    gc_->cycle_waiters.push_back(&g);
    block(g, WaitReason::gc_cycle, 0);
    co_await Suspend{};
  }
}

Step World::gc_run(G& g) {
  (void)heap();
  return run_nested(g, gc_collect(g));
}

}  // namespace gmpsim
