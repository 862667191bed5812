// The frame of a simulated process: building it, starting goroutines, ending the run (proc.go: schedinit, newproc,
// goexit0, checkdead).

#include "models/go/world.hpp"

#include <algorithm>

#include "models/go/gc.hpp"
#include "models/go/policies.hpp"
#include "sim/check.hpp"

namespace gmpsim {

namespace {

constexpr std::size_t kChunk = 256;
constexpr std::uint32_t kSystemId = 0xf0000000;  // goroutines of the runtime are numbered apart

// Texts of wait reasons (runtime2.go: waitReasonStrings). Until 1.19 semaphores had one name for all; the mutexes got
// theirs in 1.20, the wait group in 1.24.
std::vector<std::string> wait_reason_texts(const std::string& version) {
  const bool mutexes = version != "1.19";
  const bool groups = version == "1.24";
  std::vector<std::string> t(static_cast<std::size_t>(WaitReason::kCount));
  const auto set = [&t](WaitReason r, const char* text) { t[static_cast<std::size_t>(r)] = text; };
  set(WaitReason::none, "");
  set(WaitReason::chan_receive, "chan receive");
  set(WaitReason::chan_send, "chan send");
  set(WaitReason::chan_receive_nil, "chan receive (nil chan)");
  set(WaitReason::chan_send_nil, "chan send (nil chan)");
  set(WaitReason::select, "select");
  set(WaitReason::select_no_cases, "select (no cases)");
  set(WaitReason::sleep, "sleep");
  set(WaitReason::mutex_lock, mutexes ? "sync.Mutex.Lock" : "semacquire");
  set(WaitReason::rwmutex_rlock, mutexes ? "sync.RWMutex.RLock" : "semacquire");
  set(WaitReason::rwmutex_lock, mutexes ? "sync.RWMutex.Lock" : "semacquire");
  set(WaitReason::wait_group, groups ? "sync.WaitGroup.Wait" : "semacquire");
  set(WaitReason::cond_wait, "sync.Cond.Wait");
  set(WaitReason::semacquire, "semacquire");
  set(WaitReason::io_wait, "IO wait");
  set(WaitReason::gc_assist, "GC assist wait");
  set(WaitReason::preempted, "preempted");
  set(WaitReason::gc_worker_idle, "GC worker (idle)");
  set(WaitReason::gc_cycle, "wait for GC cycle");
  set(WaitReason::gc_sweep_wait, "GC sweep wait");
  set(WaitReason::force_gc, "force gc (idle)");
  return t;
}

// A goroutine of the runtime that parks as soon as it runs (finalizer goroutine, GOMAXPROCS updater).
void system_resume(World&, G& g) {
  g.wait_reason = WaitReason::none;
  g.request = Request::park;
}

}  // namespace

World::World(const WorldOptions& options, TraceInfo info, Chooser& chooser)
    : options_(options),
      info_(std::move(info)),
      chooser_(chooser),
      os_(engine_, options.cores, options.costs[Cost::os_quantum]) {
  GMPSIM_CHECK(options.procs >= 1 && options.procs < kNoP, "GOMAXPROCS is in range");
  info_.procs = options.procs;
  info_.cores = options.cores;
  info_.preset = options.settings.preset;
  info_.wait_reasons = wait_reason_texts(options.settings.wait_reasons);
  // A scheduler that costs nothing could look for work for ever in one instant.
  options_.costs.set(Cost::schedule, std::max<Duration>(options_.costs[Cost::schedule], 1));
  options_.costs.set(Cost::sched_lock, std::max<Duration>(options_.costs[Cost::sched_lock], 1));
  const Settings& s = options_.settings;
  steal_ = steal_policies().make(s.steal.name, s.steal.params);
  preempt_ = preempt_policies().make(s.preempt.name, s.preempt.params);
  wake_ = wake_policies().make(s.wake.name, s.wake.params);
  wake_is_go_ = s.wake.name == "go";
  select_by_step_ = s.select_order == "step";
  wake_rule_ = s.wake_rule == "each"     ? WakeRule::each
               : s.wake_rule == "one"    ? WakeRule::one
               : s.wake_rule == "always" ? WakeRule::always
                                         : WakeRule::spinner;
  update_attention();
  timers_stolen_ = s.timers_stolen == "preemptible"  ? TimersStolen::preemptible
                   : s.timers_stolen == "two rounds" ? TimersStolen::two_rounds
                                                     : TimersStolen::last_round;
  runnext_pause_ = s.steal_runnext_pause == "never"    ? RunnextPause::never
                   : s.steal_runnext_pause == "always" ? RunnextPause::always
                                                       : RunnextPause::running;
  stack_scan_ = s.gc_stack_scan == "ignores" ? StackScan::ignores
                : s.gc_stack_scan == "asks"  ? StackScan::asks
                                             : StackScan::stops;
  poll_ = netpoll_policies().make(s.netpoll.name, s.netpoll.params);
  poll_duty_ = poll_->duty();
  for (std::uint32_t i = 0; i < options.procs; ++i) {
    allp_.push_back(std::make_unique<P>());
    allp_.back()->id = i;
    allp_.back()->runq.set_capacity(options.ring);
  }
  timer_plan_ = timer_policies().make(s.timers.name, s.timers.params)->plan();
  const std::uint32_t structures = timer_plan_.structures == 0 ? options.procs : timer_plan_.structures;
  for (std::uint32_t i = 0; i < structures; ++i)
    new_timer_queue(timer_plan_.structures == 0 ? allp_[i].get() : nullptr);
  for (const auto& p : allp_) p->timers = timer_queues_[p->id % structures].get();
  idle_mask_.assign(options.procs, false);
  timer_mask_.assign(options.procs, false);
  start_process_ = engine_.add_process(&World::on_start, this, gmpsim::Phase::world);
  trace_process_ = engine_.add_process(&World::on_trace, this, gmpsim::Phase::monitor);
  net_process_ = engine_.add_process(&World::on_net, this, gmpsim::Phase::world);
  fault_process_ = engine_.add_process(&World::on_fault, this, gmpsim::Phase::world);
  os_.user = this;
  os_.on_core = [](void* self, const Thread& t, bool moved) {
    World& w = *static_cast<World*>(self);
    const std::uint32_t node = w.os_.named().node_of(t.core());
    w.recorder_.write(
        {w.now(), Kind::core, static_cast<std::uint8_t>(moved ? 1 : 0), kNoP, kNoG, t.number, t.core(), node});
  };
  if (options.memory.nodes > 1) {
    GMPSIM_CHECK(options.cores >= options.memory.nodes, "every memory node has a core");
    os_.name_cores(options.memory);
  }
  engine_.limit_fuel(options.limits.events);
}

World::~World() {
  for (G* g = all_first_; g != nullptr;) {
    G* next = g->allnext;
    if (g->cases != nullptr) FramePool::release(g->cases, g->case_count * sizeof(Sudog));
    if (g->nested != nullptr) drop_nested(*g);
    if (g->mem != nullptr) drop_memory(*g);
    if (g->drop != nullptr) g->drop(*this, *g);
    g = next;
  }
  for (G* g : system_goroutines_)
    if (g->nested != nullptr) drop_nested(*g);
  for (const BodyFactory& f : factories_) f.drop(*this, f.state);
  for (std::size_t i = next_start_; i < starts_.size(); ++i)
    if (starts_[i].body.drop != nullptr) {
      G unborn;
      unborn.body = starts_[i].body.state;
      starts_[i].body.drop(*this, unborn);
    }
  for (auto& m : allm_) m->life = {};
}

// ---------------------------------------------------------------------------------------------- start and end

void World::start_goroutine(const Body& body, Time at) {
  GMPSIM_CHECK(at >= now(), "goroutines start now or later");
  const auto later_start =
      std::upper_bound(starts_.begin(), starts_.end(), at, [](Time t, const Start& s) { return t < s.at; });
  starts_.insert(later_start, {body, at});  // in order of time, first come first among equals
}

const Outcome& World::run() {
  engine_.limit_time(options_.limits.until);
  boot();
  const EngineEnd end = engine_.run();
  if (outcome_.end == End::none) {
    switch (end) {
      case EngineEnd::time: finish(End::time); break;
      case EngineEnd::fuel:
        finish(End::limit, "event limit of " + std::to_string(options_.limits.events) + " reached");
        break;
      case EngineEnd::idle:
        if (hangs()) {
          const bool limited = options_.limits.until != kNever;
          finish(limited ? End::time : End::limit,
                 limited ? "" : "nothing can move, which this version of the runtime does not report");
          if (limited) outcome_.at = options_.limits.until;
          break;
        }
        finish(End::deadlock, "nothing can move");
        break;  // without sysmon and with the monitor's exceptions
      case EngineEnd::stopped: GMPSIM_CHECK(false, "whoever stops the engine says why"); break;
    }
  }
  outcome_.events = engine_.fuel_used();
  recorder_.flush();
  return outcome_;
}

void World::boot() {
  // schedinit and procresize: M0 has P0, all others are idle.
  for (std::uint32_t k = 1; k < procs(); ++k) {
    P& p = *allp_[options_.settings.idle_stack_high_first ? k : procs() - k];
    set_status(p, PStatus::idle);
    pidleput(p);
  }
  P& p0 = *allp_[0];
  p0.schedtick = options_.boot_schedtick - 1;  // the ticks before main.main (go-scheduler: bootstrap)
  set_status(p0, PStatus::idle);
  M& m0 = newm(&p0, false, 0);
  (void)m0;
  if (options_.settings.sysmon != "off") {
    M& m = new_system_thread();
    ++sched_.nmsys;
    sysmon_m_ = &m;
    m.life = sysmon(m);
    start_system_thread(m, 0);
  }
  if (poll_duty_.own_thread) {
    M& m = new_system_thread();
    ++sched_.nmsys;
    poll_thread_ = &m;
    m.life = poll_thread(m);
    start_system_thread(m, 0);
  }
  if (!faults_.empty()) on_fault(this);
  if (options_.schedtrace > 0) engine_.arm(trace_process_, 0);
  outside_ += static_cast<std::int64_t>(starts_.size());
  on_start(this);
}

// Goroutines from outside enter as the poller's ready list does.
void World::on_start(void* self) {
  World& w = *static_cast<World*>(self);
  GQueue list;
  while (w.next_start_ < w.starts_.size() && w.starts_[w.next_start_].at <= w.now()) {
    G* g = w.create(w.starts_[w.next_start_].body, kNoG, nullptr);
    list.push_back(g);
    ++w.next_start_;
    --w.outside_;
  }
  w.queue_from_outside(list);
  if (w.next_start_ < w.starts_.size()) w.engine_.arm(w.start_process_, w.starts_[w.next_start_].at);
}

void World::queue_from_outside(GQueue& list) {
  std::uint32_t n = list.size();
  while (G* g = list.pop()) {
    record(Kind::g_runnable, static_cast<std::uint8_t>(Why::outside), nullptr, g, nullptr);
    sched_.runq.push_back(g);
  }
  if (now() == 0 && n > 0) --n;  // M0 is awake already
  for (; n > 0 && sched_.npidle > 0; --n) start_idle_p_from_outside();
  if (n > 0 && settings().needspinning && now() > 0) sched_.needspinning = true;
  // A poller that waits for ever holds no P, but an M may be needed to look at the queue when all Ps idle: done above.
}

std::uint32_t World::enter_from_outside(std::span<const Body> bodies) {
  GQueue list;
  std::uint32_t first = kNoG;
  for (const Body& body : bodies) {
    G* const g = create(body, kNoG, nullptr, 1);
    if (first == kNoG) first = g->id;
    list.push_back(g);
  }
  queue_from_outside(list);
  return first;
}

void World::boot_system_goroutines(P& p) {
  const std::uint32_t n = std::exchange(options_.system_goroutines, 0);
  for (std::uint32_t i = 0; i < n; ++i) new_system_g(p, &system_resume, nullptr);
}

/// What all goroutines of the runtime run, as far as reports tell.
std::uint32_t World::runtime_program() {
  if (runtime_program_ == kNoProgramYet) {
    info_.programs.push_back({"runtime", "runtime"});
    runtime_program_ = static_cast<std::uint32_t>(info_.programs.size() - 1);
  }
  return runtime_program_;
}

/// A goroutine of the runtime, as newproc makes it on p.
G* World::new_system_g(P& p, G::Resume body, void* state) {
  G* g = new_g();
  g->id = kSystemId + numbered_system_++;
  g->system = true;
  g->resume = body;
  g->body = state;
  g->program = runtime_program();
  if (g->status == GStatus::idle) set_status(*g, GStatus::dead);
  set_status(*g, GStatus::runnable);
  record(Kind::g_create, 0, &p, g, nullptr, kNoG, g->program);
  record(Kind::g_runnable, static_cast<std::uint8_t>(Why::created), &p, g, nullptr, kNoG, 1);
  runqput(p, g, true);
  return g;
}

void World::finish(End end, std::string message, std::uint32_t g) {
  if (outcome_.end != End::none) return;
  outcome_.end = end;
  outcome_.at = now();
  outcome_.message = std::move(message);
  outcome_.goroutine = g;
  engine_.stop();
}

/// The runtime itself gives up (throw).
void World::fatal(const char* message) {
  info_.labels.push_back(message);
  record(Kind::panic, 1, nullptr, nullptr, nullptr, static_cast<std::uint32_t>(info_.labels.size() - 1));
  finish(End::fatal, message);
}

void World::panic(G& g, std::string message, bool fatal) {
  info_.labels.push_back(message);
  record(Kind::panic, fatal ? 1 : 0, nullptr, &g, g.m, static_cast<std::uint32_t>(info_.labels.size() - 1));
  finish(fatal ? End::fatal : End::panic, std::move(message), g.id);
  g.request = Request::burn;  // the run is over; nothing is continued
  g.burn_left = kNever - now();
  g.burn_how = Preemptible::never;
}

// ---------------------------------------------------------------------------------------------- goroutines

G* World::new_g() {
  G* g = gfree_;
  if (g != nullptr) {
    gfree_ = g->schedlink;
    g->schedlink = nullptr;
    return g;
  }
  if (g_chunks_.empty() || g_chunk_used_ == kChunk) {
    g_chunks_.push_back(std::make_unique<G[]>(kChunk));
    g_chunk_used_ = 0;
  }
  return &g_chunks_.back()[g_chunk_used_++];
}

G* World::create(const Body& body, std::uint32_t creator, P* p, std::uint8_t why) {
  G* g = new_g();
  if (g->status == GStatus::idle) set_status(*g, GStatus::dead);
  g->lockedm = nullptr;
  g->id = next_id_++;
  g->phase = GPhase::fresh;
  g->request = Request::none;
  g->resume = body.resume;
  g->drop = body.drop;
  g->body = body.state;
  g->program = body.program;
  g->last_p = kNoP;
  g->preempt = false;
  g->goexit = false;
  if (ordinals_.size() <= body.program) ordinals_.resize(body.program + 1, 0);
  g->ordinal = ++ordinals_[body.program];
  g->allnext = nullptr;
  g->allprev = all_last_;
  (all_last_ != nullptr ? all_last_->allnext : all_first_) = g;
  all_last_ = g;
  ++alive_;
  record(Kind::g_create, why, p, g, nullptr, creator, body.program);
  set_status(*g, GStatus::runnable);
  if (gc_ != nullptr && gc_->stack_start > GMem{}.stack) [[unlikely]] {
    memory_of(*g).stack = gc_->stack_start;
    gc_->stacks_extra += gc_->stack_start - GMem{}.stack;
  }
  if (alive_ > options_.limits.goroutines)
    finish(End::limit, "limit of " + std::to_string(options_.limits.goroutines) + " goroutines reached");
  else if (frames_.bytes_reserved() + g_chunks_.size() * kChunk * sizeof(G) > options_.limits.bytes)
    finish(End::limit, "memory limit of " + std::to_string(options_.limits.bytes >> 20) + " MiB reached");
  if (p == nullptr) return g;
  // newproc: runnext of this P (the policy may differ).
  WakePlace place = options_.settings.runnext ? WakePlace::runnext : WakePlace::tail;
  if (!wake_is_go_) place = wake_->place({p->id, p->id, p->runq.ring_size(), options_.settings.runnext, true});
  record(Kind::g_runnable, static_cast<std::uint8_t>(Why::created), place == WakePlace::global ? nullptr : p, g,
         nullptr, creator, place == WakePlace::runnext ? 1 : 0);
  if (place == WakePlace::global)
    sched_.runq.push_back(g);
  else
    runqput(*p, g, place == WakePlace::runnext);
  return g;
}

Step World::go(G& creator, const Body& body, std::uint32_t& child) {
  child = create(body, creator.id, creator.m->p)->id;
  if (!wakep_is_needed()) return Step::done;
  return run_nested(creator, wakep(creator.m));
}

// goexit0. The body is dropped first: what it held may wake nobody.
void World::goexit(M& m, G& g) {
  g.request = Request::none;
  set_status(g, GStatus::dead);
  record(Kind::g_end, g.goexit ? 1 : 0, m.p, &g, &m);
  if (g.lockedm != nullptr) {
    g.lockedm = nullptr;
    m.lockedg = nullptr;
    if (!settings().locked_thread_exits) m.locked_ext = 0;
  }
  m.curg = nullptr;
  g.m = nullptr;
  if (g.drop != nullptr) std::exchange(g.drop, nullptr)(*this, g);
  if (g.mem != nullptr) [[unlikely]]
    drop_memory(g);
  if (on_exit != nullptr) on_exit(*this, g);
  (g.allprev != nullptr ? g.allprev->allnext : all_first_) = g.allnext;
  (g.allnext != nullptr ? g.allnext->allprev : all_last_) = g.allprev;
  if (g.goexit && g.id == 1) main_goexit_ = true;
  if (!g.system) --alive_;
  g.body = nullptr;
  g.schedlink = gfree_;
  gfree_ = &g;
  if (alive_ == 0 && outside_ == 0 && func_timers_ == 0) {
    if (main_goexit_)
      finish(End::deadlock, "no goroutines (main called runtime.Goexit) - deadlock!");
    else
      finish(End::done);
  }
}

M& World::newm(P* p, bool spinning, Duration delay) {
  allm_.push_back(std::make_unique<M>(engine_, os_, gmpsim::Phase::thread));
  M& m = *allm_.back();
  m.id = sched_.mnext++;
  m.thread.number = m.id;
  m.world = this;
  m.nextp = p;
  m.spinning = spinning;
  m.signal_process = engine_.add_process(&World::on_signal, &m, gmpsim::Phase::signal);
  record(Kind::m_create, 0, nullptr, nullptr, &m);
  if (spinning) record(Kind::m_spinning, 0, nullptr, nullptr, &m, 0, 1);
  m.life = mstart(m);
  m.life.start_on(m.thread);
  m.thread.leaf = std::exchange(m.thread.next, {});
  m.thread.start_at(later(now(), delay));
  if (threads() > options_.limits.threads) fatal("thread exhaustion");
  return m;
}

// checkdead: called when an M goes idle. An M in a system call or in the poller counts as running; a timer in any
// structure hides a deadlock; so does something that is still to come from outside.
bool World::checkdead() {
  const std::int64_t run = static_cast<std::int64_t>(threads()) - sched_.nmidle - sched_.nmidlelocked - sched_.nmsys;
  if (run > 0 || outside_ > 0) return false;
  if (timers_pending() > 0) return false;
  if (poll_duty_.own_thread && parked_ > 0) return false;  // its poller runs for ever, though it is of the runtime
  for (const G* g = all_first_; g != nullptr; g = g->allnext)
    GMPSIM_CHECK(g->system || g->status == GStatus::waiting, "checkdead: runnable g");
  record(Kind::deadlock, 0, nullptr, nullptr, nullptr);
  finish(End::deadlock, main_goexit_ && alive_ == 0 ? "no goroutines (main called runtime.Goexit) - deadlock!"
                                                    : "all goroutines are asleep - deadlock!");
  return true;
}

// ---------------------------------------------------------------------------------------------- views

std::uint64_t World::goroutines_runnable() const {
  std::uint64_t n = sched_.runq.size();
  for (const auto& p : allp_) n += p->runq.size();
  return n;
}

std::uint64_t World::timers_pending() const {
  std::uint64_t n = 0;
  for (const auto& q : timer_queues_) n += q->store->size();
  return n;
}

// ---------------------------------------------------------------------------------------------- invariants

void World::verify() const {
  std::uint32_t idle_ps = 0;
  for (const P* p = sched_.pidle; p != nullptr; p = p->link) {
    ++idle_ps;
    GMPSIM_CHECK(p->status == PStatus::idle && p->m == nullptr, "a P on the idle stack is idle and unwired");
    GMPSIM_CHECK(p->runq.empty(), "an idle P has an empty queue");
    GMPSIM_CHECK(idle_mask_[p->id], "idlepMask has the idle Ps");
  }
  GMPSIM_CHECK(idle_ps == sched_.npidle, "npidle is the length of the idle stack");
  std::uint32_t idle_ms = 0;
  for (const M* m = sched_.midle; m != nullptr; m = m->schedlink) ++idle_ms;
  GMPSIM_CHECK(idle_ms == sched_.nmidle, "nmidle is the length of the idle list");
  std::uint32_t spinning = 0, polling = 0;
  for (const auto& m : allm_) {
    if (m->spinning) ++spinning;
    if (m->polling && !m->system) ++polling;
    if (m->p != nullptr) GMPSIM_CHECK(m->p->m == m.get(), "M.p = P if and only if P.m = M");
    if (m->curg != nullptr) GMPSIM_CHECK(m->curg->m == m.get(), "the current goroutine knows its M");
    if (m->lockedg != nullptr) {
      GMPSIM_CHECK(m->lockedg->lockedm == m.get(), "M.lockedg = G if and only if G.lockedm = M");
      GMPSIM_CHECK(m->curg == nullptr || m->curg == m->lockedg, "a locked thread runs its own goroutine only");
    }
  }
  GMPSIM_CHECK(spinning <= sched_.nmspinning, "every spinning M is counted");
  GMPSIM_CHECK(polling <= 1 && (polling == 0 || sched_.lastpoll == 0), "at most one M polls, and lastpoll says so");
  std::uint64_t queued = sched_.runq.size();
  for (const auto& p : allp_) {
    queued += p->runq.size();
    GMPSIM_CHECK(p->runq.ring_size() <= p->runq.capacity(), "a ring holds at most 256");
    if (p->m != nullptr) GMPSIM_CHECK(p->m->p == p.get(), "P.m = M if and only if M.p = P");
    for (std::uint32_t i = 0; i < p->runq.ring_size(); ++i)
      GMPSIM_CHECK(p->runq.at(i)->status == GStatus::runnable, "what is queued is runnable");
    if (p->runq.runnext != nullptr) GMPSIM_CHECK(p->runq.runnext->status == GStatus::runnable, "runnext is runnable");
    GMPSIM_CHECK(timer_plan_.timerproc || p->timer_next == due(p->timers->store->next()),
                 "the next timer of a P is known");
  }
  if (sched_.gcwaiting) {
    std::uint32_t to_stop = 0;
    for (const auto& p : allp_) to_stop += p->status != PStatus::gcstop ? 1 : 0;
    GMPSIM_CHECK(to_stop == sched_.stopwait, "stopwait counts the Ps that have not stopped");
    GMPSIM_CHECK(sched_.stopwait > 0 || sched_.npidle == 0, "no P is idle while the world is stopped");
  }
  std::uint64_t runnable = 0;
  for (const G* g = all_first_; g != nullptr; g = g->allnext) {
    if (g->status == GStatus::runnable) ++runnable;
    if (g->status == GStatus::running)
      GMPSIM_CHECK(g->m != nullptr && g->m->curg == g, "a running goroutine is current on one M");
    GMPSIM_CHECK(g->lockedm == nullptr || g->m == nullptr || g->m == g->lockedm,
                 "a locked goroutine never executes on another thread");
  }
  GMPSIM_CHECK(queued <= runnable + 2 + system_goroutines_.size(), "queues hold runnable goroutines only");
  GMPSIM_CHECK(threads() <= options_.limits.threads, "the number of threads is limited");
}

}  // namespace gmpsim
