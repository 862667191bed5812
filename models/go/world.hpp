#pragma once
// World: one simulated process with its scheduler. Build it, start goroutines, run it, read the outcome.
//
// The files of this folder are an annotated edition of Go's scheduler, one idea a file:
//   proc.cpp     schedule, findRunnable, stealing, waking, parking, handing off; the life of an M
//   sysmon.cpp   the monitor: retake, preemption requests, its back-off and deep sleep
//   syscall.cpp  entersyscall, exitsyscall
//   lock_thread.cpp  LockOSThread
//   lock2.cpp    the runtime's own locks
//   timerproc.cpp  the goroutine that ran timers until Go 1.13
//   stop_world.cpp  stopping and starting the world; for_each_p.cpp  a safe point for every P
//   gc.cpp gc_scan.cpp pacer.cpp alloc.cpp stack.cpp  the heap and its collector
//   cgo.cpp      calls into C
//   fault.cpp    what goes wrong on purpose
//   time.cpp     timers, Sleep
//   netpoll.cpp  descriptors, sockets and files, who polls
//   chan.cpp select.cpp sema.cpp mutex.cpp …   what goroutines do to each other
//   context.cpp  contexts: cancelling, deadlines
//   world.cpp    start-up, goroutine creation and end, outcome, deadlock
//
// Rules that hold everywhere:
//  * A function without co_await is one instant of simulated time. Between two instants other threads may act.
//  * What a step costs is spent with `co_await spend(cost)` on the thread (or on behalf of the goroutine) that does it.
//  * Operations of goroutines are plain functions that return Step; their cost has been paid by the caller before
//    (see Cost), what must follow (a wake-up that takes time) runs as a nested task of the goroutine.
//  * Every change of state goes through one setter that checks the table and writes the transition.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/go/context.hpp"
#include "models/go/costs.hpp"
#include "models/go/fault.hpp"
#include "models/go/g.hpp"
#include "models/go/gc.hpp"
#include "models/go/m.hpp"
#include "models/go/netpoll.hpp"
#include "models/go/outcome.hpp"
#include "models/go/p.hpp"
#include "models/go/sched.hpp"
#include "models/go/settings.hpp"
#include "models/go/sync.hpp"
#include "models/go/sync_pool.hpp"
#include "models/go/world_options.hpp"
#include "models/policy/netpoll.hpp"
#include "models/policy/preempt.hpp"
#include "models/policy/steal.hpp"
#include "models/policy/wake.hpp"
#include "sim/chooser.hpp"
#include "sim/engine.hpp"
#include "sim/recorder.hpp"

namespace gmpsim {

class World final : public ProcsView {
 public:
  World(const WorldOptions& options, TraceInfo info, Chooser& chooser);
  ~World() override;
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // ------------------------------------------------------------------ building and running
  /// A goroutine from outside, at `at`. The first one is main.
  void start_goroutine(const Body& body, Time at = 0);
  /// During the run: goroutines from outside enter now, as the poller's ready list does. The number of the first; the
  /// others follow it.
  std::uint32_t enter_from_outside(std::span<const Body> bodies);
  /// Something outside is still to come (an arrival): the run neither ends nor deadlocks before. Balanced by false.
  void expect_outside(bool more) { outside_ += more ? 1 : -1; }
  /// Something that will go wrong. Before the run.
  void add_fault(const FaultPlan& plan);
  /// Runs to the end. Call once.
  const Outcome& run();
  [[nodiscard]] const Outcome& outcome() const { return outcome_; }
  /// Ends the run at this instant.
  void finish(End end, std::string message = {}, std::uint32_t g = kNoG);

  Engine& engine() { return engine_; }
  Recorder& recorder() { return recorder_; }
  FramePool& frames() { return frames_; }
  Chooser& chooser() { return chooser_; }
  TraceInfo& info() { return info_; }
  [[nodiscard]] const WorldOptions& options() const { return options_; }
  [[nodiscard]] const Settings& settings() const { return options_.settings; }
  [[nodiscard]] Time now() const { return engine_.now(); }
  [[nodiscard]] Duration cost(Cost c) const { return options_.costs[c]; }

  // ------------------------------------------------------------------ for bodies of goroutines
  /// Takes `d` of CPU time. True: the clock has advanced, go on. False: return; continued with GPhase::paid.
  [[nodiscard]] bool spend(G& g, Duration d, Preemptible how) {
    if (d == 0 || engine_.advance(d)) return true;
    g.request = Request::burn;
    g.burn_left = d;
    g.burn_how = how;
    return false;
  }
  /// A cooperative safe point. True: the goroutine was asked to stop; return, and try again when continued (fresh).
  [[nodiscard]] bool safe_point(G& g) {
    if (!g.preempt) [[likely]]
      return false;
    if (g.m->locks != 0) return false;
    g.request = Request::yield;
    g.preempted_here = true;
    return true;
  }
  /// runtime.Gosched; the goroutine must return, continued with GPhase::woken.
  void gosched(G& g) {
    g.request = Request::yield;
    g.preempted_here = false;
  }
  /// A blocking system call of length `d`; the goroutine must return, continued with GPhase::woken.
  /// `interruptible`: a signal that comes late ends it (EINTR); g.ok then says false.
  void syscall(G& g, Duration d, bool interruptible = false) {
    g.request = Request::syscall;
    g.burn_left = d;
    g.ok = true;
    g.m->call = {};
    g.m->call.interruptible = interruptible;
  }
  /// A C call that blocks for `d`, in `library` (nullptr: none that limits it); continued with GPhase::woken.
  void cgo(G& g, Duration d, CLibrary* library);
  /// The goroutine ends; the body must return and is not continued again.
  void exit(G& g) { g.request = Request::exit; }
  /// An uncaught panic, or a fatal error: the run ends.
  void panic(G& g, std::string message, bool fatal = false);
  void fatal(const char* message);

  /// The `go` statement (proc.go: newproc). `child` gets the new goroutine's number. Cost::go.
  Step go(G& creator, const Body& body, std::uint32_t& child);

  // ------------------------------------------------------------------ operations of goroutines
  // Each is one instant; its Cost is named and has been paid by the caller. Those that can wait have a `…_finish`, to be
  // called when the operation is over (at once after Step::done, else when continued with GPhase::woken).
  Step chan_send(G& g, Chan* c, const Payload& v);   ///< Cost::chan. c may be nullptr (blocks for ever)
  [[nodiscard]] const char* chan_send_finish(G& g);  ///< nullptr, or the message of a panic
  Step chan_recv(G& g, Chan* c);                     ///< Cost::chan
  struct Received {
    Payload value;
    bool ok;
  };
  Received chan_recv_finish(G& g);
  Step chan_close(G& g, Chan* c, const char*& panic);  ///< Cost::chan; panic: message or nullptr
  struct SelectCase {
    Chan* c = nullptr;
    bool send = false;
    Payload value;
  };
  /// Cost::select + n * Cost::select_case. `site` is asked for the poll order. Fewer than 65536 cases.
  Step select(G& g, const SelectCase* cases, std::size_t n, bool has_default, Site& site);
  struct Selected {
    std::int32_t index;
    Payload value;
    bool ok;
    const char* panic;
  };  ///< index -1: default
  Selected select_finish(G& g);

  Step mutex_lock(G& g, Mutex& m);                        ///< Cost::mutex
  [[nodiscard]] bool mutex_trylock(G& g, Mutex& m);       ///< Cost::mutex
  Step mutex_unlock(G& g, Mutex& m, const char*& fatal);  ///< Cost::mutex; fatal: message or nullptr
  Step rwmutex_rlock(G& g, RWMutex& m);                   ///< Cost::rwmutex
  Step rwmutex_runlock(G& g, RWMutex& m, const char*& fatal);
  Step rwmutex_lock(G& g, RWMutex& m);
  Step rwmutex_unlock(G& g, RWMutex& m, const char*& fatal);
  [[nodiscard]] bool rwmutex_trylock(G& g, RWMutex& m);
  [[nodiscard]] bool rwmutex_tryrlock(G& g, RWMutex& m);
  Step wait_group_add(G& g, WaitGroup& w, std::int64_t n, const char*& panic);  ///< Cost::wait_group
  Step wait_group_wait(G& g, WaitGroup& w);
  [[nodiscard]] const char* wait_group_wait_finish(G& g, const WaitGroup& w);  ///< nullptr, or the message of a panic
  Step cond_wait(G& g, Cond& c, const char*& fatal);  ///< Cost::cond; fatal when the mutex is not held
  Step cond_signal(G& g, Cond& c);
  Step cond_broadcast(G& g, Cond& c);
  /// Cost::once. Step::done with `first` true: run the function, then once_done; false: it has been done.
  Step once_begin(G& g, Once& o);
  [[nodiscard]] bool once_first(G& g, const Once& o) const;  ///< after once_begin is over: must this goroutine run it?
  Step once_done(G& g, Once& o);
  Step sema_acquire(G& g, Semaphore& s, std::int64_t n);  ///< Cost::sema: FIFO weighted semaphore
  [[nodiscard]] bool sema_try(G& g, Semaphore& s, std::int64_t n);
  Step sema_release(G& g, Semaphore& s, std::int64_t n, const char*& panic);
  Step runtime_lock(G& g, RuntimeMutex& l);  ///< Cost::mutex; the thread waits
  [[nodiscard]] bool runtime_trylock(G& g, RuntimeMutex& l);
  Step runtime_unlock(G& g, RuntimeMutex& l, const char*& fatal);

  Step sleep(G& g, Duration d);  ///< Cost::sleep; d <= 0 returns at once
  /// time.NewTimer / NewTicker / After: a channel on which the time arrives. Cost::timer_set.
  Step timer_start(G& g, Timer& t, Duration d, Duration period);
  Step timer_stop(G& g, Timer& t, bool& was_pending);
  Step timer_reset(G& g, Timer& t, Duration d, bool& was_pending);
  /// context.WithCancel (`timeout` kNever) or WithTimeout; parent nullptr is Background. Cost::context.
  Step context_new(G& g, CancelCtx* parent, Duration timeout, CancelCtx*& made);
  Step context_cancel(G& g, CancelCtx& c);   ///< Cost::context
  Step context_expired(G& g, CancelCtx& c);  ///< what the goroutine of a due deadline does
  Chan* context_done(CancelCtx& c);          ///< the channel that is closed when it ends
  /// time.AfterFunc: starts a goroutine each time it is due. Cost::timer_set.
  Step after_func(G& g, Timer& t, Duration d, const BodyFactory& factory);
  /// runtime.LockOSThread, UnlockOSThread.
  Step lock_os_thread(G& g);
  void unlock_os_thread(G& g);
  /// A request to a socket that is answered after `latency`, or the next event of one, or a read of a file that blocks
  /// for `latency`. It is given up after `timeout` (kNever: not): g.ok says whether it went well.
  Step io(G& g, Device& d, Duration latency, Duration timeout);
  /// A bare descriptor: parks until it is ready (netpoll.go: netpollblock). Cost::syscall_enter.
  Step io_wait(G& g, PollDesc& d);
  /// The other end writes: the descriptor becomes ready (edge-triggered).
  void io_ready(PollDesc& d);

  // --- the heap
  /// Declares the heap; without, the defaults hold from the first allocation on. Before the run.
  void make_heap(const HeapOptions& options);
  Step alloc(G& g, std::int64_t size, std::int64_t keep);           ///< Cost::alloc; `keep` bytes live until g ends
  Step gc_run(G& g);                                                ///< runtime.GC: returns when the cycle is complete
  Step profile(G& g);                                               ///< the goroutine profile
  Step clear_on_stack(G& g, std::int64_t bytes);                    ///< a variable of the frame comes into being
  Step stack_grow(G& g, std::int64_t used);                         ///< a call needs `used` bytes of stack in all
  [[nodiscard]] bool pool_get(G& g, SyncPool& pool, Payload& out);  ///< Cost::pool; false: it has nothing
  void pool_put(G& g, SyncPool& pool, const Payload& v);            ///< Cost::pool
  SyncPool* make_pool(std::uint32_t object = 0);
  [[nodiscard]] std::int64_t heap_live() const;    ///< bytes: what survived the last cycle and what came since
  [[nodiscard]] std::int64_t heap_stacks() const;  ///< bytes of all stacks
  /// Bytes of stack that a goroutine uses now; set by whoever knows its frames.
  std::int64_t (*stack_used)(const G&) = nullptr;

  /// Stops the world, keeps it stopped for `d` (as ReadMemStats does) and starts it again. Cost::stop_world.
  Step stop_world(G& g, Duration d);
  /// runtime.GOMAXPROCS: stops the world and changes the number of Ps; 0 changes nothing.
  Step set_procs(G& g, std::uint32_t n);

  // ------------------------------------------------------------------ objects
  Chan* make_chan(std::size_t capacity, std::uint32_t object = 0);
  Mutex* make_mutex(std::uint32_t object = 0);
  RWMutex* make_rwmutex(std::uint32_t object = 0);
  WaitGroup* make_wait_group(std::int64_t init = 0, std::uint32_t object = 0);
  Cond* make_cond(Mutex* m, std::uint32_t object = 0);
  Once* make_once(std::uint32_t object = 0);
  Semaphore* make_semaphore(std::int64_t count, std::uint32_t object = 0);
  Semaphore* make_runtime_semaphore(std::int64_t count, std::uint32_t object = 0);
  RuntimeMutex* make_runtime_mutex(std::uint32_t object = 0);
  /// A timer with a channel (NewTimer) or without (AfterFunc); not running until started.
  Timer* make_timer(bool with_chan, std::uint32_t object = 0);
  /// A socket or file; events begin to come at once. `stream` and `entity` name the random stream of `timing`.
  Device* make_device(Device::Type type, const Sampler& timing, std::uint64_t stream, std::uint64_t entity,
                      std::uint32_t object = 0);
  CLibrary* make_library(std::uint32_t slots, std::uint32_t object = 0);
  /// What a declared timer or ticker does from time 0 on: started by the runtime, not by a goroutine.
  void start_timer_at_boot(Timer& t, Duration d, Duration period);
  void after_func_at_boot(Timer& t, Duration d, const BodyFactory& factory);
  /// A declared context; `timeout` counts from now on, kNever: none.
  CancelCtx* make_context_at_boot(CancelCtx* parent, Duration timeout, std::uint32_t object = 0);

  /// A transition of the workload (mark, span, log, …) by g.
  void report(G& g, Kind kind, std::uint32_t label, std::int64_t value, std::uint8_t why = 0, std::uint16_t p = kNoP) {
    recorder_.write({now(), kind, why, p, g.id, g.m != nullptr ? g.m->id : kNoM, label, value});
  }

  // ------------------------------------------------------------------ what orders memory (Kind::sync, Kind::access)
  // Written only when WorldOptions::happens_before says so. Places in an object at which something is learnt: these, and
  // from 0 on the object itself or the slots of a buffer.
  static constexpr std::int64_t kClosed = -1;  ///< what closing a channel, ending a context teaches
  static constexpr std::int64_t kArmed = -2;   ///< what starting a timer teaches
  void sync(const G& g, Sync how, std::uint32_t object, std::int64_t place = 0) {
    if (options_.happens_before) [[unlikely]]
      record(Kind::sync, static_cast<std::uint8_t>(how), nullptr, &g, nullptr, object, place);
  }
  void accessed(const G& g, Access how, std::uint32_t object, std::int64_t place = 0) {
    if (options_.happens_before) [[unlikely]]
      record(Kind::access, static_cast<std::uint8_t>(how), nullptr, &g, nullptr, object, place);
  }

  // ------------------------------------------------------------------ views
  [[nodiscard]] std::uint32_t procs() const override { return static_cast<std::uint32_t>(allp_.size()); }
  [[nodiscard]] std::uint32_t ring_size(std::uint32_t p) const override { return allp_[p]->runq.ring_size(); }
  [[nodiscard]] bool has_runnext(std::uint32_t p) const override { return allp_[p]->runq.runnext != nullptr; }
  [[nodiscard]] bool idle(std::uint32_t p) const override { return idle_mask_[p]; }
  [[nodiscard]] const Sched& sched() const { return sched_; }
  [[nodiscard]] const P& proc(std::uint32_t p) const { return *allp_[p]; }
  [[nodiscard]] std::uint64_t goroutines_alive() const { return alive_; }
  [[nodiscard]] std::uint64_t goroutines_runnable() const;
  [[nodiscard]] std::uint32_t threads() const { return sched_.mnext - sched_.nmfreed; }
  [[nodiscard]] std::uint64_t timers_pending() const;
  /// The thread with this number, nullptr before it is made: for whoever plays the operating system.
  [[nodiscard]] Thread* thread(std::uint32_t m) { return m < allm_.size() ? &allm_[m]->thread : nullptr; }
  [[nodiscard]] std::uint64_t bytes_in_use() const { return frames_.bytes_reserved(); }
  /// All goroutines that have not ended, in order of creation (system ones included).
  [[nodiscard]] G* first_goroutine() const { return all_first_; }
  [[nodiscard]] const std::deque<Timer>& timers() const { return timers_; }          ///< in order of creation
  [[nodiscard]] const std::deque<CancelCtx>& contexts() const { return contexts_; }  ///< in order of creation
  /// Goroutines of `start` that have not entered yet.
  [[nodiscard]] std::size_t starts_to_come() const { return starts_.size() - next_start_; }
  [[nodiscard]] const std::vector<std::string>& schedtrace_lines() const { return schedtrace_lines_; }
  /// The text that this version prints for a wait reason.
  [[nodiscard]] const std::string& wait_reason_text(WaitReason r) const {
    return info_.wait_reasons[static_cast<std::size_t>(r)];
  }
  /// Called whenever a goroutine of `program` ends (for stop.when_done).
  void (*on_exit)(World&, G&) = nullptr;
  void* user = nullptr;  ///< for whoever built the world

  /// All invariants of go-scheduler 15.1 that hold between instants; throws CheckFailure. For tests: walks everything.
  void verify() const;

 private:
  static constexpr std::uint32_t kNoProgramYet = 0xffffffff;
  Gc& heap();
  // --- proc.cpp: the life of an M
  struct Found {
    G* g = nullptr;
    bool inherit = false;
    From from = From::local;
    bool wake = false;  ///< tryWake: this P has found work of the runtime, its own may need another
  };
  struct StealResult {
    Found found;
    bool new_work = false;
    Time poll_until = kNever;
  };
  Spend spend(Duration d) { return Spend(engine_, d); }
  /// In two parts where it counts (an awaiter is written to the frame before it is asked): else `co_await Burn(d)`.
  bool passes(Duration d) { return d == 0 || engine_.advance(d); }
  Spend spend(Cost c) { return Spend(engine_, cost(c)); }
  Task<> mstart(M& m);
  bool find_runnable_here(M& m, Found& f);
  bool fairness_tick(std::uint32_t tick) const;
  Task<Found> find_runnable(M& m);
  Task<StealResult> steal_work(M& m);
  G* runqgrab(M& m, P& victim, std::uint32_t n);
  [[nodiscard]] bool steals_timers(const StealProbe& probe, const P& victim) const;
  void execute(M& m, const Found& f);
  void boot_system_goroutines(P& p);
  void continue_goroutine(G& g);
  void worked(M& m, G& g);
  void park(M& m, G& g);
  void goexit(M& m, G& g);
  void put_runnable(P* p, G* g, bool next, Why why, std::uint32_t waker);
  void put_preempted(M& m, G& g);
  void runqput(P& p, G* g, bool next);
  void globrunqput(G* g) { sched_.runq.push_back(g); }
  G* globrunqget(P& p, std::uint32_t max);
  void ready(P& p, G* g, Why why, std::uint32_t waker, bool next = true, bool created = false);
  bool wakep_is_needed();
  Task<> wakep(M* m);
  Task<> startm(M* self, P* p, bool spinning);
  Task<> function_entry(G& g);
  Task<> handoffp(M* self, P* p);
  Task<> stopm(M& m);
  Task<> injectglist(M& m, GQueue& list);
  void inject_from_outside(GQueue& list);
  void start_idle_p_from_outside();
  Task<> lock();
  void acquirep(M& m, P& p);
  P* releasep(M& m);
  void pidleput(P& p);
  P* pidleget();
  P* pidleget_spinning();
  void mput(M& m);
  M* mget();
  bool mget_specific(M& m);
  M& newm(P* p, bool spinning, Duration delay);
  void become_spinning(M& m);
  void stop_spinning(M& m);
  void notewakeup(M& m);
  bool checkdead();
  Task<> sleep_on_note(M& m);

  // --- lock_thread.cpp
  Task<> stoplockedm(M& m);
  Task<> startlockedm(M& m, G& g);
  Task<> mexit(M& m);
  Task<> template_thread(M& m);
  bool ask_template_thread(M& born);
  M& new_system_thread();
  void start_system_thread(M& m, Time at);
  // --- syscall.cpp
  Task<> entersyscall_and_return(M& m, G& g, bool& kept_running);
  // --- sysmon.cpp
  Task<> sysmon(M& m);
  Task<std::uint32_t> retake(M& m);
  Task<> preemptone(M& m, P& p, PreemptAction action);
  void wake_sysmon();
  bool at_unsafe_point();
  [[nodiscard]] bool hangs() const;
  void schedtrace();
  // --- stop_world.cpp
  Task<> stop_the_world(M& m, StopReason reason);
  Task<> start_the_world(M& m);
  Task<> gcstopm(M& m);
  Task<> preempt_all(M& m);
  Task<> await_ps(M& m, std::uint32_t& left, M*& asker);
  void one_p_less(std::uint32_t& left, M*& asker);
  void stop_p(P& p);
  void stop_p_in_syscall(P& p);
  void procs_to_wake(const M& m);
  void rebuild_queues(const M& m);
  // --- procresize.cpp
  Task<> set_procs_for(G& g, std::uint32_t n);
  void procresize(M& m, std::uint32_t n);
  void destroy(P& p, P& heir);
  Task<> systemstack(G& g, Task<> work);
  Task<> acquire_world(G& g);
  Task<> stop_world_for(G& g, Duration d);
  void update_attention();
  // --- for_each_p.cpp
  Task<> for_each_p(M& m, bool caches);
  Task<> pass_safe_point(P& p);
  void passed_safe_point(P& p);
  // --- gc_scan.cpp
  void gc_prepare_roots();
  void gc_scanned_stack(G& g, std::int64_t used);
  [[nodiscard]] std::int64_t gc_stack_used(const G& g) const;
  void gc_adapt_stacks();
  [[nodiscard]] bool gc_must_stop(const G& g) const;
  Task<> gc_suspend(M& m, G& g, bool& scanned);
  Task<std::int64_t> gc_scan_stack(G& by, G& g);
  Task<> gc_scan_of_preempted(M& m, G& g, bool by_signal, bool& goes_on);
  // --- gc.cpp
  bool gc_test(GcTrigger why, std::uint32_t cycle) const;
  Task<> gc_start(G& g, GcTrigger why, std::uint32_t cycle);
  Task<> gc_start_workers(G& g);
  G* system_goroutine(std::uint32_t id);
  std::uint32_t runtime_program();
  void put_system(P& p, G& g);
  G* find_gc_worker(P& p);
  G* find_idle_gc_worker(P& p);
  [[nodiscard]] GcMode gc_mode_for(const P& p) const;
  bool gc_assign_worker(P& p);
  void gc_release_worker(P& p);
  G* take_gc_worker(P& p, GcMode mode);
  G* start_gc_worker(P& p, GcWorker& k);
  Task<> gc_worker(G& g, GcWorker& k);
  Task<> gc_enlist(M& m);
  Task<> gc_drain(G& g, GcWorker& k);
  void gc_move_queue(P& p);
  Task<> gc_flush_credit(G& g, std::int64_t work);
  Task<> gc_assist(G& g);
  Task<> gc_mark_done(G& g);
  [[nodiscard]] Duration gc_whole() const;
  Task<> gc_commit(G& g);
  Task<> gc_collect(G& g);
  Task<> gc_wait_on_mark(G& g, std::uint32_t cycle);
  Duration gc_sweep_step();
  Duration gc_sweep_in_proportion(std::int64_t bytes);
  Task<> gc_sweeper(G& g);
  Task<> gc_forced(G& g);
  Task<> gc_asked(G& g);
  void gc_from_outside();
  bool gc_force_is_due();
  G* gc_forced_goroutine();
  void wake_gc_driven_sysmon();
  // --- alloc.cpp, sync_pool.cpp
  GMem& memory_of(G& g);
  void drop_memory(G& g);
  Task<> alloc_slow(G& g, Duration work, bool assist, bool collect);
  Task<> profile_slow(G& g);
  void clear_pools();
  // --- time.cpp
  Task<> check_timers(M& m, P& p);
  Task<> run_timer(M& m, Timer& t);
  Time time_sleep_until() const;
  bool timer_add(TimerQueue& q, Timer& t, Duration& work);
  void looked(TimerQueue& q);
  TimerQueue& new_timer_queue(P* owner);
  TimerNode* take_due(TimerQueue& q, Time at);
  [[nodiscard]] Time due(Time when) const { return timer_delay_ == 0 ? when : later(when, timer_delay_); }
  void delay_timers(Duration by);
  Duration under_lock(TimerQueue& q, Duration hold);
  // --- timerproc.cpp
  Task<> rouse_timerproc(M& m, TimerQueue& q, Time when);
  void wake_timerproc(TimerQueue& q);
  void wake_note(M& m);
  Task<> timerproc_pass(G& g, TimerQueue& q);
  static void timerproc(World& w, G& g);
  void timer_remove(Timer& t, Duration& work);
  Step wake_net_poller_after(G& g, Time when, bool earlier, Duration work);
  Task<> wake_net_poller(M* m, Time when);
  Task<> net_poller_tail(G& g, Time when, Duration work);
  Task<> timer_add_unpinned(G& g, Timer& t);
  Timer& own_timer(G& g);
  Duration kernel_sleep(Duration d) const {
    return d + cost(Cost::kernel_sleep_slack) + d * cost(Cost::kernel_sleep_permille) / 1000;
  }
  void timer_chan_block(G& g, Chan& c);
  void timer_chan_unblock(Chan& c);
  void arm_at_park(G& g, Timer& t);
  void timer_chan_poll(Chan& c);
  void send_time(M& m, Timer& t);
  void start_with(Timer& t, const BodyFactory& factory, std::uint32_t creator);
  void cancel_after_func(G& g, Timer& t, Duration& work);
  // --- netpoll.cpp
  static void on_net(void* self);
  NetKey schedule_net(Time at, NetEvent e);
  void device_event(Device& d);
  void schedule_next_event(Device& d);
  void wake_poller();
  static void read_returned(IoWait& w);
  void netpoll(GQueue& out);
  Task<> poll_now(M& m, GQueue& out, std::uint8_t who);
  Task<> poll_after_wait(M& m, GQueue& out);
  Task<> netpoll_break();
  Task<> blocking_poll(M& m, Time until);
  Task<> poll_thread(M& m);
  static bool io_take(IoWait& w);
  Task<> io_parking(G& g, Device& d, Duration latency, Duration timeout);
  Task<> io_blocking(G& g, Device& d, Duration latency, Duration timeout);
  static void blocked_remove(Device& d, IoWait& w);
  static void lock_push(Device& d, IoWait& w);
  static void lock_remove(Device& d, IoWait& w);
  Task<> read_unlock(G& g, Device& d);
  Task<> set_deadline(G& g, IoWait& w, Duration timeout);
  Task<> clear_deadline(G& g);
  void io_expired(M& m, IoWait& w);
  // --- fault.cpp
  static void on_fault(void* self);
  void fault_changes(const FaultState& f);
  [[nodiscard]] Duration io_delay(const Device& d) const;
  bool loses_wakeup(const G& g);
  // --- cgo.cpp
  static bool library_enter(M& m, CLibrary& l);
  void library_leave(CLibrary& l);
  void kernel_return(M& m, Duration latency);
  // --- context.cpp
  CancelCtx* make_context(CancelCtx* parent, std::uint32_t object);
  void context_adopt(CancelCtx& parent, CancelCtx& child);
  void context_forget(CancelCtx& child);
  std::vector<CancelCtx*> context_children(CancelCtx& c);
  BodyFactory context_starter(CancelCtx& c);
  Timer* context_timer();
  Duration context_stop_timer(G& g, CancelCtx& c);
  Task<> context_lock(G& g, CancelCtx& c);
  Task<> context_unlock(G& g, CancelCtx& c);
  Task<bool> context_close(G& g, CancelCtx& c, ContextErr err);
  Task<> context_end(G& g, CancelCtx& top, ContextErr err);
  // --- nested tasks on behalf of goroutines
  GQueue chan_closed(const G& g, Chan& c);  ///< closes it; who is to be woken, in order
  Step run_nested(G& g, Task<> task);
  void drop_nested(G& g);
  Step charge_after(G& g, Duration d);  ///< time that an operation takes after its effect
  Step wake_one(G& g, G* woken, bool next = true);
  Task<> wake_tail(G& g);
  Task<> wake_many(G& g, GQueue list);
  Task<> runtime_lock_slow(G& g, RuntimeMutex& l);
  Task<> lock2_futex(M& m, RuntimeMutex& l);
  Task<> lock2_spinbit(M& m, RuntimeMutex& l);
  bool lock2_wake_first(RuntimeMutex& l);
  bool lock2_wake(RuntimeMutex& l);
  void schedule_holding_locks(M& m);
  Task<> runtime_acquire(G& g, Semaphore& s);
  Task<> runtime_release(G& g, Semaphore& s);
  Task<> mutex_lock_slow(G& g, Mutex& m);
  Task<> semacquire(G& g, Sema& s, bool lifo, WaitReason reason, std::uint32_t object);
  Task<> semrelease(G& g, Sema& s, bool handoff);
  Task<> mutex_unlock_nested(G& g, Mutex& m);
  Task<> rwmutex_rlock_slow(G& g, RWMutex& m);
  Task<> rwmutex_lock_slow(G& g, RWMutex& m);
  Task<> once_slow(G& g, Once& o);
  Task<> rwmutex_unlock_slow(G& g, RWMutex& m, std::int64_t readers);
  [[gnu::noinline]] Step wait_group_release(G& g, WaitGroup& w);
  Task<> wait_group_wake(G& g, WaitGroup& w, std::int64_t waiters);
  Task<> cond_wait_slow(G& g, Cond& c);
  void block(G& g, WaitReason reason, std::uint32_t object);  ///< request to park
  void held(G& g, std::uint32_t object, bool acquired, bool shared);
  Step handed_over(G& active, G* other, Chan& c);
  [[gnu::noinline]] void sync_add(const G& g, const WaitGroup& w, std::int64_t n);
  void sync_buffer(const G& g, const Chan& c, std::size_t place);

  // --- world.cpp
  G* new_g();
  G* new_system_g(P& p, G::Resume body, void* state);
  G* create(const Body& body, std::uint32_t creator, P* p, std::uint8_t why = 0);
  void queue_from_outside(GQueue& list);
  void record(Kind kind, std::uint8_t why, const P* p, const G* g, const M* m, std::uint32_t a = 0,
              std::int64_t value = 0) {
    if (!recorder_.on()) return;
    recorder_.write({now(), kind, why, p != nullptr ? static_cast<std::uint16_t>(p->id) : kNoP,
                     g != nullptr ? g->id : kNoG, m != nullptr ? m->id : kNoM, a, value});
  }
  static void on_start(void* self);
  static void on_signal(void* self);
  static void on_trace(void* self);
  void boot();
  std::uint32_t dynamic(ObjectKind kind, std::uint32_t object) {
    return object != 0 ? object : dynamic_object(kind, ++dynamic_count_);
  }

  WorldOptions options_;
  TraceInfo info_;
  Chooser& chooser_;
  FramePool frames_;
  Engine engine_;
  Os os_;
  Recorder recorder_;
  Sched sched_;
  std::vector<std::unique_ptr<P>> allp_;
  std::vector<std::unique_ptr<P>> gone_ps_;  ///< beyond GOMAXPROCS now, the lowest number last
  std::vector<std::unique_ptr<M>> allm_;
  std::vector<bool> idle_mask_;   ///< idlepMask
  std::vector<bool> timer_mask_;  ///< timerpMask
  std::unique_ptr<StealPolicy> steal_;
  std::unique_ptr<PreemptPolicy> preempt_;
  std::unique_ptr<WakePolicy> wake_;
  std::unique_ptr<PollPolicy> poll_;
  PollDuty poll_duty_;  ///< of poll_
  std::uint64_t unsafe_draws_ = 0;
  bool wake_is_go_ = true;  ///< the common policy needs no call
  bool select_by_step_ = false;
  // Switches with names, looked up once.
  enum class WakeRule : std::uint8_t { each, one, always, spinner } wake_rule_ = WakeRule::spinner;
  enum class TimersStolen : std::uint8_t { preemptible, two_rounds, last_round } timers_stolen_{};
  enum class StackScan : std::uint8_t { ignores, asks, stops } stack_scan_{};
  enum class RunnextPause : std::uint8_t { never, always, running } runnext_pause_{};
  std::unique_ptr<Gc> gc_;             ///< only when somebody has a heap
  std::vector<G*> system_goroutines_;  ///< of the collector
  G* gc_starter_ = nullptr;            ///< waits for a new worker to have run
  std::uint32_t runtime_program_ = kNoProgramYet;
  std::uint64_t gc_draws_ = 0;
  std::deque<SyncPool> pools_;
  bool attention_ = false;    ///< findRunnable has something to look at before the queues
  bool bound_ = false;        ///< threads may be bound: to a goroutine, or by a lock of the runtime that they hold
  bool plain_ = true;         ///< neither, and no wake-up in each pass: schedule() only takes from a queue
  std::vector<P*> woken_ps_;  ///< that start_the_world wakes, in order
  M* sysmon_m_ = nullptr;
  M* template_m_ = nullptr;
  std::vector<M*> to_clone_;  ///< what locked threads asked the template thread for
  Outcome outcome_;

  G* all_first_ = nullptr;
  G* all_last_ = nullptr;
  G* gfree_ = nullptr;
  std::vector<std::unique_ptr<G[]>> g_chunks_;
  std::size_t g_chunk_used_ = 0;
  std::uint32_t next_id_ = 1;
  std::uint32_t numbered_system_ = 0;  ///< goroutines of the runtime made by new_system_g
  std::uint64_t alive_ = 0;            ///< user goroutines that have not ended
  std::vector<std::uint32_t> ordinals_;
  std::int64_t outside_ = 0;
  bool main_goexit_ = false;
  std::uint64_t func_timers_ = 0;  ///< timers that will start a goroutine

  struct Start {
    Body body;
    Time at;
  };
  std::vector<Start> starts_;
  std::size_t next_start_ = 0;
  ProcessId start_process_ = 0;
  ProcessId trace_process_ = 0;
  std::vector<std::string> schedtrace_lines_;
  Time schedtrace_first_ = 0;

  std::deque<Chan> chans_;
  std::deque<Mutex> mutexes_;
  std::deque<RWMutex> rwmutexes_;
  std::deque<WaitGroup> wait_groups_;
  std::deque<Cond> conds_;
  std::deque<Once> onces_;
  std::deque<Semaphore> semaphores_;
  std::deque<RuntimeMutex> runtime_mutexes_;
  std::deque<Timer> timers_;
  std::vector<std::unique_ptr<TimerQueue>> timer_queues_;
  TimerPlan timer_plan_;
  std::deque<CancelCtx> contexts_;
  std::vector<Timer*> context_timers_;  ///< stopped, to be used again
  std::uint32_t context_program_ = 0;   ///< program of a deadline's goroutine, plus one; 0: none yet
  std::deque<BodyFactory> factories_;   ///< of AfterFunc timers
  std::uint32_t dynamic_count_ = 0, timer_count_ = 0;
  std::deque<Device> devices_;
  std::deque<CLibrary> libraries_;
  ReadyList poll_ready_;
  std::map<NetKey, NetEvent> net_events_;  ///< to come, in order
  std::uint64_t net_count_ = 0;
  ProcessId net_process_ = 0;
  std::uint32_t parked_ = 0;  ///< goroutines in the poller
  M* poll_thread_ = nullptr;
  std::vector<FaultState> faults_;
  Duration timer_delay_ = 0;  ///< of all timers, by a fault
  ProcessId fault_process_ = 0;
};

}  // namespace gmpsim
