#pragma once
// What everything costs: every constant of time in the Go model, with source and spread.
//
// Values are for linux/amd64 and one order of magnitude matters more than the last digit; a scenario overrides any of
// them by name (`runtime.overrides`), and a calibration file of the user's own machine does the same.
// Evidence: S stated in Go's source, a commit or release note; M measured on real runtimes (1.19.8 and 1.27, 14
// interleaved runs, see docs in models/go/README.md); E estimate.

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/time.hpp"

namespace gmpsim {

enum class Cost : std::uint8_t {
  step,
  schedule,
  execute,
  gosched,
  park,
  ready,
  go,
  exit,
  chan,
  select,
  select_case,
  mutex,
  spin,
  os_yield,
  rwmutex,
  wait_group,
  cond,
  once,
  sema,
  context,
  sleep,
  timer_set,
  timer_check,
  timer_fire,
  timer_compare,
  syscall_enter,
  syscall_exit,
  syscall_exit_idle_p,
  cgo,
  sched_lock,
  global_get,
  idle_list,
  barrier,
  steal_visit,
  steal_hit,
  steal_each,
  runnext_backoff,
  futex_wake,
  wake_latency,
  thread_park,
  thread_clone,
  thread_create,
  io,
  netpoll,
  netpoll_event,
  netpoll_break,
  sysmon_pass,
  sysmon_look,
  stop_world,
  alloc,
  alloc_kib,
  pool,
  gc_pause,
  gc_pause_p,
  gc_mark_kib,
  gc_scan_stack,
  gc_flush_p,
  gc_sweep_span,
  gc_sweep_full,
  stack_grow,
  stack_copy_kib,
  profile_goroutine,
  signal_send,
  signal_latency,
  signal_handle,
  safe_point_spacing,
  kernel_sleep_slack,
  kernel_sleep_permille,
  os_quantum,
  kCount
};

struct CostInfo {
  Cost id;
  std::string_view name;
  Duration value;  ///< [ns], except where the name says otherwise
  Duration low;    ///< plausible spread
  Duration high;
  char evidence;  ///< S, M or E
  std::string_view what;
};

inline constexpr std::array<CostInfo, static_cast<std::size_t>(Cost::kCount)> kCosts{{
    {Cost::step, "step", 1, 1, 5, 'E', "a plain statement of the workload (let, set, if, loop pass, call, return)"},
    {Cost::schedule, "schedule", 20, 15, 40, 'M',
     "schedule(): from leaving one goroutine to having chosen the next from the own queue"},
    {Cost::execute, "execute", 20, 15, 40, 'M', "execute() and gogo: switch to the chosen goroutine"},
    {Cost::gosched, "gosched", 20, 15, 40, 'M', "goschedImpl before schedule(); a Gosched costs 60 ns in all"},
    {Cost::park, "park", 30, 20, 60, 'M', "gopark and park_m before schedule()"},
    {Cost::ready, "ready", 25, 15, 50, 'M',
     "goready: status, runqput; a hand-over with park and switch costs 120 ns in all"},
    {Cost::go, "go", 80, 50, 120, 'M', "newproc: take or make a G, put it into runnext; go, run and end cost 150 ns"},
    {Cost::exit, "exit", 30, 20, 60, 'M', "goexit0 and gfput"},
    {Cost::chan, "chan", 12, 11, 20, 'M', "send or receive that does not block, without the wake-up of a partner"},
    {Cost::select, "select", 25, 20, 45, 'M', "selectgo: poll order, lock order, locks"},
    {Cost::select_case, "select_case", 10, 8, 20, 'M', "each case of a select"},
    {Cost::mutex, "mutex", 3, 2, 8, 'M', "Mutex.Lock or Unlock without contention"},
    {Cost::spin, "spin", 90, 30, 150, 'E', "one round of active spinning: 30 pause instructions"},
    {Cost::os_yield, "os_yield", 500, 200, 2000, 'E', "sched_yield of a thread that waits for a lock of the runtime"},
    {Cost::rwmutex, "rwmutex", 6, 4, 15, 'E', "RLock, RUnlock, Lock or Unlock of an RWMutex without contention"},
    {Cost::wait_group, "wait_group", 4, 2, 10, 'E', "WaitGroup.Add, Done or Wait that does not block"},
    {Cost::cond, "cond", 6, 4, 20, 'E', "Cond.Wait, Signal or Broadcast without the wake-ups"},
    {Cost::once, "once", 2, 1, 5, 'E', "Once.Do after the first"},
    {Cost::sema, "sema", 20, 10, 40, 'E', "semaphore root: lock, queue or dequeue a waiter"},
    {Cost::context, "context", 100, 50, 300, 'E',
     "make or cancel one context, its timer and the wake-ups it causes apart"},
    {Cost::sleep, "sleep", 40, 30, 80, 'E', "time.Sleep before parking"},
    {Cost::timer_set, "timer_set", 35, 32, 150, 'M', "arm or reset a timer, without the comparisons in its structure"},
    {Cost::timer_check, "timer_check", 5, 2, 50, 'E', "look whether the own P has a timer due"},
    {Cost::timer_fire, "timer_fire", 60, 40, 120, 'E', "run one timer, without the wake-up it causes"},
    {Cost::timer_compare, "timer_compare", 2, 1, 10, 'E', "one comparison or move in a timer structure"},
    {Cost::syscall_enter, "syscall_enter", 112, 90, 150, 'M',
     "entersyscall (12) and half of a trivial kernel entry and exit (200)"},
    {Cost::syscall_exit, "syscall_exit", 112, 90, 150, 'M', "exitsyscall on the fast path (12) and the other half"},
    {Cost::syscall_exit_idle_p, "syscall_exit_idle_p", 150, 80, 400, 'E', "exitsyscall that has to find an idle P"},
    {Cost::cgo, "cgo", 15, 15, 30, 'S',
     "each half of a C call: entersyscall, switch to the M's stack (44 ns for both in 1.25, 30.5 in 1.26)"},
    {Cost::sched_lock, "sched_lock", 18, 18, 150, 'S',
     "sched.lock: lock and unlock without contention (commit fd050b3c6d)"},
    {Cost::global_get, "global_get", 30, 20, 60, 'E', "take a batch from the global queue, the lock apart"},
    {Cost::idle_list, "idle_list", 10, 5, 30, 'E', "put a P on the idle list or take one from it, the lock apart"},
    {Cost::barrier, "barrier", 10, 5, 30, 'E', "full memory barrier between giving up spinning and looking again"},
    {Cost::steal_visit, "steal_visit", 20, 10, 60, 'E', "look at one victim and find nothing (a cache miss or two)"},
    {Cost::steal_hit, "steal_hit", 150, 80, 300, 'E', "take a batch from a victim, the goroutines apart"},
    {Cost::steal_each, "steal_each", 2, 1, 5, 'E', "each goroutine of a stolen batch"},
    {Cost::runnext_backoff, "runnext_backoff", 3000, 3000, 3000, 'S',
     "usleep before a thief takes the runnext of a running P (runqgrab); the kernel makes about 70 us of it"},
    {Cost::futex_wake, "futex_wake", 1500, 1000, 2500, 'E', "wake a sleeping thread, what the waker pays"},
    {Cost::wake_latency, "wake_latency", 5000, 2000, 50000, 'S',
     "from the wake to the woken thread running (7 us in commit 868c8b374d)"},
    {Cost::thread_park, "thread_park", 1000, 500, 2000, 'E', "a thread goes to sleep on its note"},
    {Cost::thread_clone, "thread_clone", 12000, 8000, 20000, 'E', "create a thread, what the creator pays"},
    {Cost::thread_create, "thread_create", 20000, 15000, 26000, 'M', "from clone until the new thread runs"},
    {Cost::io, "io", 600, 300, 2000, 'E',
     "one read or write of a socket that does not block: a kernel entry and a copy"},
    {Cost::netpoll, "netpoll", 300, 200, 500, 'E', "a poll that does not wait: one kernel entry"},
    {Cost::netpoll_event, "netpoll_event", 60, 30, 120, 'E', "each ready descriptor that a poll takes"},
    {Cost::netpoll_break, "netpoll_break", 500, 300, 1000, 'E', "write to the event descriptor of a waiting poll"},
    {Cost::sysmon_pass, "sysmon_pass", 1000, 500, 3000, 'E', "one pass of sysmon, the Ps apart"},
    {Cost::sysmon_look, "sysmon_look", 20, 10, 60, 'E', "sysmon looks at one P"},
    {Cost::stop_world, "stop_world", 500, 200, 2000, 'E',
     "stopping the world, locks, requests and waiting apart (two idle Ps: 5.2 us with the start, M)"},
    {Cost::alloc, "alloc", 25, 10, 60, 'E', "mallocgc of a small object, its bytes apart"},
    {Cost::alloc_kib, "alloc_kib", 40, 20, 120, 'E', "clear and first touch a KiB of new memory"},
    {Cost::pool, "pool", 8, 4, 20, 'E', "Get or Put of a sync.Pool without contention"},
    {Cost::gc_pause, "gc_pause", 15000, 10000, 50000, 'S',
     "what is done in each of the two stops of a collection (release notes 1.8: often 10 us, usually under 100)"},
    {Cost::gc_pause_p, "gc_pause_p", 1000, 200, 5000, 'E', "and for each P"},
    {Cost::gc_mark_kib, "gc_mark_kib", 1024, 300, 3000, 'E', "mark a KiB of heap, for one worker"},
    {Cost::gc_scan_stack, "gc_scan_stack", 1000, 500, 5000, 'E', "scan one goroutine's stack, its bytes apart"},
    {Cost::gc_flush_p, "gc_flush_p", 200, 100, 2000, 'E',
     "empty what a P keeps for the collector (wbBufFlush1, gcWork.dispose, mcache.prepareForSweep)"},
    {Cost::gc_sweep_span, "gc_sweep_span", 30, 30, 300, 'S', "sweep one span of 8 KiB (mgcsweep.go: bgsweep)"},
    {Cost::gc_sweep_full, "gc_sweep_full", 1000, 100, 2000, 'E',
     "an allocation sweeps a span and finds no free slot in it (issue 18155)"},
    {Cost::stack_grow, "stack_grow", 300, 100, 500, 'M', "double a stack, the copying apart (2 to 8 KiB: 1.0 us)"},
    {Cost::stack_copy_kib, "stack_copy_kib", 100, 60, 200, 'M',
     "copy a KiB of stack with its frames (126 KiB in 6 doublings: 14 us)"},
    {Cost::profile_goroutine, "profile_goroutine", 100, 50, 1000, 'E',
     "walk one goroutine's stack for the goroutine profile"},
    {Cost::signal_send, "signal_send", 1000, 500, 2000, 'E', "tgkill: what the sender of a preemption signal pays"},
    {Cost::signal_latency, "signal_latency", 1500, 1000, 5000, 'E', "from sending a signal to its handler running"},
    {Cost::signal_handle, "signal_handle", 1500, 1000, 3000, 'E',
     "signal handler, and asyncPreempt if it is a safe point"},
    {Cost::safe_point_spacing, "safe_point_spacing", 100, 10, 1000, 'E',
     "distance of function prologues in ordinary code"},
    {Cost::kernel_sleep_slack, "kernel_sleep_slack", 75000, 19000, 80000, 'M',
     "what a kernel sleep overshoots by, ordinary class (timer slack 50 us); 19 us in the real-time class"},
    {Cost::kernel_sleep_permille, "kernel_sleep_permille", 10, 8, 12, 'M', "and in proportion to its length [1/1000]"},
    {Cost::os_quantum, "os_quantum", 3000000, 750000, 100000000, 'E',
     "how long a thread keeps a core that another one waits for"},
}};

/// The costs of one world, by Cost.
class CostTable {
 public:
  CostTable() {
    for (const CostInfo& info : kCosts) values_[static_cast<std::size_t>(info.id)] = info.value;
  }
  [[nodiscard]] Duration operator[](Cost c) const { return values_[static_cast<std::size_t>(c)]; }
  void set(Cost c, Duration d) { values_[static_cast<std::size_t>(c)] = d; }

 private:
  std::array<Duration, static_cast<std::size_t>(Cost::kCount)> values_{};
};

constexpr bool costs_are_in_order() {
  for (std::size_t i = 0; i < kCosts.size(); ++i)
    if (static_cast<std::size_t>(kCosts[i].id) != i) return false;
  return true;
}
static_assert(costs_are_in_order(), "kCosts is indexed by Cost");

}  // namespace gmpsim
