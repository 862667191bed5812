#pragma once
// The switches of the Go model: what differs between versions, and what a policy may change.
//
// A preset (`go1.19`) is a list of switches with their values; each switch names the change and where it is described.
// The model reads them as plain fields; names, documentation and sources are given once, in `describe`, from which come
// reading, refusal of unknown names, `explain` and `list`.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/time.hpp"

namespace gmpsim {

/// A policy chosen by name, with parameters ("steal": "richest", "steal.max": 4).
struct PolicyChoice {
  std::string name;
  std::vector<std::pair<std::string, std::int64_t>> params;
};

struct Settings {
  std::string preset = "go1.26";

  // --- policies
  PolicyChoice steal{"go", {}};
  PolicyChoice preempt{"async", {}};
  PolicyChoice timers{"heap", {}};
  PolicyChoice wake{"go", {}};
  PolicyChoice netpoll{"poller", {}};

  // --- queues
  bool runnext = true;
  bool inherit_slice = true;
  bool global_batch = true;
  std::int64_t global_poll = 61;
  std::string steal_runnext_pause = "running";

  // --- waking and idling
  std::string wake_rule = "spinner";
  bool needspinning = true;
  bool gosched_wakep = true;
  bool idle_recheck_global = true;
  bool inject_local = true;
  bool inject_wakep = true;
  bool idle_stack_high_first = true;
  bool startm_pins = true;

  // --- how many Ps
  bool container_maxprocs = true;

  // --- system calls and sysmon
  std::string sysmon = "on";
  bool slice_in_syscall = true;
  bool psyscall = false;
  std::string syscall_handoff = "retake";
  Duration sysmon_min = us(20);
  Duration sysmon_max = ms(10);
  Duration syscall_grace = ms(10);
  std::string cgo_handoff = "retake";

  // --- the poller
  bool netpoll_counts_ready = true;
  bool netpoll_counts_early = false;
  bool netpoll_one_at_a_time = true;
  bool poll_time_fresh = true;
  Duration poll_unit = ms(1);

  // --- goroutines bound to their thread
  bool template_thread = true;
  bool thread_locks_nest = true;
  bool locked_thread_exits = true;

  // --- stopping the world
  bool stw_keeps_preempted = true;
  bool stw_same_m = true;
  bool stw_assigns_workers = true;
  bool stw_sema_handoff = true;
  std::string stw_queues = "kept";

  // --- the collector
  bool gc_concurrent = true;
  bool gc_sweeps_later = true;
  std::string gc_pacer = "1.21";
  bool gc_worker_handshake = true;
  bool gc_switch_wakes = true;
  bool gc_handoff_works = true;
  bool gc_drains_queue = true;
  bool gc_flush_round = true;
  bool gc_flushes_caches = true;
  std::string gc_stack_scan = "stops";
  bool gc_oblets = true;
  bool gc_ready_next = false;
  bool gc_sweep_yields_when_busy = true;
  std::int64_t gc_sweep_bound = 100;
  bool gc_sweep_in_proportion = true;
  bool stack_start_adapts = true;
  bool alloc_clears_in_pieces = true;
  bool pool_victims = true;
  std::string profile_mode = "barrier";

  // --- timers
  std::string timers_stolen = "last round";
  bool timer_wakes_p = true;
  bool sysmon_timers = false;
  bool timer_wake_always = false;
  bool timer_add_pins = true;
  bool channel_timers_lazy = true;

  // --- synchronisation
  bool mutex_spin = true;
  bool mutex_starvation = true;
  Duration mutex_starving_after = ms(1);
  bool sema_goyield = true;
  bool semaphore_handoff = false;
  bool lock2_spinner_bit = true;
  std::int64_t lock2_wake_oldest_every = 16;
  std::string select_order = "permutation";

  // --- what is printed
  std::string wait_reasons = "1.24";
  std::string schedtrace = "1.25";
  bool traceback_creator = true;
};

/// Visits every switch: v.field(name, flag or time, what, source); v.count, v.choice and v.policy alike. The order is that
/// of the documentation.
template <class Visitor, class S>
void describe(Visitor& v, S& s) {
  v.policy("steal", s.steal, "how an idle P finds work at other Ps", "proc.go: stealWork");
  v.policy("preempt", s.preempt, "who is asked to stop, when and how", "proc.go: retake, preemptone");
  v.policy("timers", s.timers, "the structure that holds the timers of a P", "time.go");
  v.policy("wake", s.wake, "where a goroutine goes that was made ready", "proc.go: ready, runqput");
  v.policy("netpoll", s.netpoll, "what happens to a read that would block, and who finds out that it can go on",
           "netpoll.go; proc.go: findRunnable");
  v.field("runnext", s.runnext, "a readied goroutine goes to the one-element slot that runs next",
          "1.5, commit e870f06c3f");
  v.field("inherit_slice", s.inherit_slice, "what runs from runnext shares the time slice of its waker",
          "1.5, proc.go: runqget, execute");
  v.field("global_batch", s.global_batch,
          "a P takes its share of the global queue at once, not one goroutine at a time", "1.1, proc.c: globrunqget");
  v.count("global_poll", s.global_poll, "every so many ticks the global queue is tried first; 0 never",
          "1.2, issue 5639; proc.go: findRunnable");
  v.choice("steal_runnext_pause", s.steal_runnext_pause, {"never", "always", "running"},
           "whether a thief gives a P the time to run its runnext itself first",
           "1.5, commit c4fe503119; only for running Ps since 1.10, proc.go: runqgrab");
  v.choice("wake_rule", s.wake_rule, {"each", "one", "always", "spinner"},
           "who wakes idle Ps. each: every ready goroutine starts one; one: at most one thread spins and wakes nobody "
           "when it finds work; always: every pass through the scheduler may wake one; spinner: a spinner that finds "
           "work does",
           "1.0 proc.c: matchmg; 1.1; 1.2 issue 5586, resetspinning; 1.6 issue 13527");
  v.field("needspinning", s.needspinning, "an M about to idle spins instead when work was found but no P",
          "1.20, proc.go: pidlegetSpinning");
  v.field("gosched_wakep", s.gosched_wakep, "Gosched and preemption wake another P", "1.22, commit ad943066f6");
  v.field("idle_recheck_global", s.idle_recheck_global, "an M that gave up spinning looks at the global queue again",
          "1.22, proc.go: findRunnable");
  v.field("inject_local", s.inject_local,
          "polled goroutines beyond the idle Ps go to the polling P, not to the global queue",
          "1.15, commit 2fbca94db7");
  v.field("inject_wakep", s.inject_wakep, "a list of ready goroutines put in with a P ends with a wake-up",
          "1.23, issue 63555");
  v.field("idle_stack_high_first", s.idle_stack_high_first, "after the start the highest idle P is taken first",
          "1.26, proc.go: procresize");
  v.field("container_maxprocs", s.container_maxprocs,
          "without a value for GOMAXPROCS a CPU quota limits the Ps at the start: quota/period rounded up, at least 2",
          "1.25, issue 73193; cgroup_linux.go: adjustCgroupGOMAXPROCS");
  v.field("startm_pins", s.startm_pins,
          "a goroutine that wakes a thread cannot be preempted between taking a P and giving it to that thread",
          "false: development of 1.16, issues 42237 and 40368; proc.go: startm");
  v.choice("sysmon", s.sysmon, {"on", "off", "gc-driven"},
           "the monitor thread. gc-driven: a design sometimes claimed for Go, it looks at the end of marking only",
           "proc.go: sysmon");
  v.field("slice_in_syscall", s.slice_in_syscall, "a P seen in a system call is judged by its slice, too",
          "1.13, commit 4166ff42c0");
  v.field("psyscall", s.psyscall, "a P in a system call has a state of its own and is unwired",
          "until 1.25, commit 7244e9221f");
  v.choice("syscall_handoff", s.syscall_handoff, {"retake", "on_entry"},
           "retake: sysmon takes the P of a long call; on_entry: every call gives its P away",
           "proc.go: reentersyscall, entersyscallblock; on_entry is 1.0, proc.c: entersyscall");
  v.field("sysmon_min", s.sysmon_min, "shortest sleep of sysmon", "proc.go: sysmon");
  v.field("sysmon_max", s.sysmon_max, "longest sleep of sysmon while some P works", "proc.go: sysmon");
  v.field("syscall_grace", s.syscall_grace, "how long a P stays with a system call when no work waits for it",
          "proc.go: retake");
  v.choice(
      "timers_stolen", s.timers_stolen, {"preemptible", "two rounds", "last round"},
      "when a thief runs the timers of a P. preemptible: in the last round, if it is not running or asked to stop; "
      "two rounds: the round before, too, under that condition",
      "1.14, 1.15, 1.16; proc.go: shouldStealTimers, stealWork");
  v.field("timer_wakes_p", s.timer_wakes_p, "an earlier timer wakes an idle P when nobody polls",
          "1.16, netpoll.go: wakeNetPoller");
  v.field("sysmon_timers", s.sysmon_timers, "sysmon starts a thread when a timer is overdue",
          "1.14 and 1.15, proc.go: sysmon");
  v.field("template_thread", s.template_thread, "a locked thread has its new threads made by the template thread",
          "1.10, proc.go: startTemplateThread, newm");
  v.field("thread_locks_nest", s.thread_locks_nest, "UnlockOSThread undoes one LockOSThread, not all",
          "1.10, proc.go: LockOSThread");
  v.field("locked_thread_exits", s.locked_thread_exits, "the thread of a goroutine that ends while locked ends too",
          "1.10, proc.go: goexit0, gdestroy");
  v.field("stw.keeps_preempted", s.stw_keeps_preempted,
          "a goroutine that stops for the world stays on its P, in runnext", "1.26, proc.go: goschedImpl");
  v.field("stw.same_m", s.stw_same_m, "when the world starts, a P goes back to the M that had it last",
          "1.26, commit a18aff8057; proc.go: procresize");
  v.field("stw.assigns_workers", s.stw_assigns_workers,
          "mark workers that are due are given to idle Ps when the world starts, and those Ps are started too",
          "1.26, commit a18aff8057; proc.go: procresize");
  v.field("stw.sema_handoff", s.stw_sema_handoff,
          "who has stopped the world hands the right to do so to the next in line", "1.16, issue 40459");
  v.choice("cgo_handoff", s.cgo_handoff, {"retake", "on_entry"},
           "retake: sysmon takes the P of a long C call; on_entry: every C call gives its P away",
           "cgocall.go: cgocall");
  v.field(
      "netpoll_counts_ready", s.netpoll_counts_ready,
      "a goroutine that the poller readies stops counting as a waiter; before, a process that has once waited for the "
      "network polls for ever and reports no deadlock",
      "1.22, netpoll.go: netpollAdjustWaiters; issue 61454");
  v.field("netpoll_one_at_a_time", s.netpoll_one_at_a_time, "at most one P looks at the network at a time",
          "1.25, proc.go: findRunnable, pollingNet");
  v.field("netpoll_counts_early", s.netpoll_counts_early,
          "what the monitor has polled stops counting as a waiter before the monitor says that it is on its way",
          "true: development of 1.21, issue 61454; proc.go: sysmon, netpollAdjustWaiters");
  v.field("poll_time_fresh", s.poll_time_fresh, "the time of the last poll is that of its end, not of its beginning",
          "1.21, proc.go: findRunnable");
  v.field("poll_unit", s.poll_unit, "waits in the poller are whole numbers of this, at least one",
          "1 ms for epoll_wait, netpoll_epoll.go: netpoll; pull request 79872 proposes nanoseconds");
  v.choice(
      "stw.queues", s.stw_queues, {"appended", "in order", "kept"},
      "what happens to the queues of the Ps while the world is stopped. appended: all goes behind the global queue "
      "and is dealt out anew; in order: before the global queue; kept: nothing",
      "1.1; 1.3, issue 7126; 1.5; proc.c, proc.go: procresize");
  v.field("gc.concurrent", s.gc_concurrent,
          "marking goes on beside the program; before, all of it was done while the world stood still",
          "1.5; mgc0.c: gc; mgc.go");
  v.field("gc.sweeps_later", s.gc_sweeps_later,
          "sweeping is done in the background; before, within the stop, and whoever collected yielded after it",
          "1.3; mgc0.c: bgsweep, gc");
  v.choice(
      "gc.pacer", s.gc_pacer, {"1.5", "1.18", "1.20", "1.21"},
      "the formulas that say when a collection begins. 1.5: a trigger ratio; 1.18: a controller smooths how much is "
      "allocated for each byte marked; 1.20: the mean of two cycles; 1.21: the maximum of five",
      "1.5, 1.18, 1.20, 1.21, mgcpacer.go");
  v.field("gc.worker_handshake", s.gc_worker_handshake,
          "a new mark worker runs next and hands back; before, its starter left its P for it", "1.23, mgc.go");
  v.field("gc.handoff_works", s.gc_handoff_works,
          "a P that is handed off while there is something to mark gets a thread at once",
          "1.6, issue 13645; proc.go: handoffp");
  v.field("gc.switch_wakes", s.gc_switch_wakes, "a P that turns to marking wakes another for its goroutines",
          "1.13, issue 27732; proc.go: schedule");
  v.field("gc.drains_queue", s.gc_drains_queue,
          "a dedicated worker gives the queue of its P away when it is first asked to stop",
          "1.9, issue 20011; mgc.go: gcBgMarkWorker");
  v.field("gc.flush_round", s.gc_flush_round,
          "before the second stop every P passes a safe point, one by one, while the others go on",
          "1.5, mgc.go: gc, since 1.6 gcMarkDone; proc.go: forEachP");
  v.field("gc.flushes_caches", s.gc_flushes_caches,
          "after the second stop every P passes a safe point once more, and who collects waits for it",
          "1.12; mgc.go: gcMarkTermination");
  v.choice(
      "gc.stack_scan", s.gc_stack_scan, {"ignores", "asks", "stops"},
      "how the stack of a running goroutine is scanned. ignores: at once; asks: it does that itself at its next safe "
      "point; stops: it stops there for the worker, which makes it ready again. A worker spins meanwhile",
      "1.5, mgcmark.go: scang; 1.14, preempt.go: suspendG");
  v.field("gc.oblets", s.gc_oblets, "large objects are scanned in pieces of 128 KiB",
          "1.8, issue 16293; mgcmark.go: scanobject");
  v.field("gc.ready_next", s.gc_ready_next, "a goroutine that waited for the collector runs next",
          "1.5, 1.6, issue 15706");
  v.field("gc.sweep_yields_when_busy", s.gc_sweep_yields_when_busy,
          "the sweeper yields after ten spans if its P is wanted, not after each", "1.20, mgcsweep.go: bgsweep");
  v.count("gc.sweep_bound", s.gc_sweep_bound, "full spans that one allocation sweeps at most; 0: no bound",
          "1.15, issue 18155; mcentral.go: cacheSpan");
  v.field("gc.sweep_in_proportion", s.gc_sweep_in_proportion,
          "who needs a new span sweeps as much as has to be swept by then, to be done when the next collection begins",
          "1.5, mgcsweep.go: deductSweepCredit");
  v.field("stack.start_adapts", s.stack_start_adapts,
          "new goroutines begin with a stack as large as the last collection found them to use on average",
          "1.19, stack.go: gcComputeStartingStackSize");
  v.field("alloc.clears_in_pieces", s.alloc_clears_in_pieces, "large memory is cleared in pieces that can be preempted",
          "1.17, issue 42642; malloc.go: memclrNoHeapPointersChunked");
  v.field("pool.victims", s.pool_victims, "a collection keeps the contents of pools for one more cycle",
          "1.13, sync/pool.go: poolCleanup");
  v.choice("profile.mode", s.profile_mode, {"stop", "barrier"},
           "how the goroutine profile walks the stacks: in one stop of the world, or between two short ones",
           "1.19, issue 33250; mprof.go: goroutineProfileWithLabels");
  v.field("timer_wake_always", s.timer_wake_always, "every new timer may wake the poller, not only an earlier one",
          "until 1.22, time.go: addtimer");
  v.field("timer_add_pins", s.timer_add_pins,
          "a goroutine cannot change its P between choosing the structure for a timer and locking it",
          "false: development of 1.23, issue 66006; time.go: maybeAdd");
  v.field("channel_timers_lazy", s.channel_timers_lazy, "a channel timer is in a heap only while somebody waits for it",
          "1.23, time.go: needsAdd");
  v.field("mutex.spin", s.mutex_spin, "a locker spins a little while the owner runs",
          "1.5, sync/mutex.go; proc.go: canSpin");
  v.field("mutex.starvation", s.mutex_starvation,
          "a waiter of more than 1 ms gets the mutex handed over, and one that woke in vain queues first",
          "1.9, sync/mutex.go");
  v.field("mutex.starving_after", s.mutex_starving_after, "after how long a waiter starves", "1.9, sync/mutex.go");
  v.field("sema_goyield", s.sema_goyield, "who hands a starving mutex over yields to its new owner",
          "1.14, sema.go: semrelease1");
  v.field("semaphore.handoff", s.semaphore_handoff,
          "a semaphore of kind runtime is handed to its first waiter; else whoever runs may take it before",
          "sema.go: semrelease1, parameter handoff; of the right to stop the world: stw.sema_handoff");
  v.field(
      "lock2.spinner_bit", s.lock2_spinner_bit,
      "of the threads that wait for a lock of the runtime one spins, the others sleep on a stack, and nobody is woken "
      "while it spins",
      "1.24, issue 68578; lock_spinbit.go");
  v.count("lock2.wake_oldest_every", s.lock2_wake_oldest_every,
          "one unlock in so many wakes the thread at the bottom of that stack; 0: none",
          "1.24, issue 68578; lock_spinbit.go: mutexTailWakePeriod");
  v.choice("select_order", s.select_order, {"step", "permutation"},
           "in which order select looks at its cases. step: from a random one on, by a random stride",
           "step: before Go 1, issue 1425; chan.c, select.go: selectgo");
  v.choice("wait_reasons", s.wait_reasons, {"1.19", "1.20", "1.24"}, "texts of wait reasons as of this version",
           "1.20 and 1.24, runtime2.go");
  v.choice("schedtrace", s.schedtrace, {"1.19", "1.20", "1.25"}, "format of schedtrace lines as of this version",
           "1.20 and 1.25, proc.go: schedtrace");
  v.field("traceback_creator", s.traceback_creator, "a dump tells the number of the goroutine that created another",
          "1.21, traceback.go: printcreatedby");
}

/// A switch and the value a preset gives it, as text.
struct PresetEntry {
  const char* name;
  const char* value;
};

/// One version: what it changed against the one before (presets.cpp).
struct Preset {
  const char* name;
  const char* note;
  std::vector<PresetEntry> entries;
};

/// All versions that changed something, oldest first.
[[nodiscard]] const std::vector<Preset>& presets();

/// "go1.19" -> 19; of a bundle: that of the newest version.
[[nodiscard]] int preset_minor_version(const std::string& name);

/// Named bundles of switches on top of the newest version, for comparison.
[[nodiscard]] const std::vector<Preset>& bundles();

/// Settings of a version by name ("go1.0" to the newest) or of a bundle; false when there is none of that name.
[[nodiscard]] bool apply_preset(const std::string& name, Settings& out);

/// Sets one switch from text ("true", "10ms", "richest", "4"). On failure returns what is wrong and what would be right.
[[nodiscard]] std::string set_switch(Settings& s, const std::string& name, const std::string& value);

/// All switches as (name, value, what, source), in order.
struct SwitchText {
  std::string name, value, what, source;
};
[[nodiscard]] std::vector<SwitchText> list_switches(const Settings& s);

}  // namespace gmpsim
