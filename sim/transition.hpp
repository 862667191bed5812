#pragma once
// The vocabulary of transitions: the one language in which models speak and analysis listens.
//
// A model writes a record for every change of state of a goroutine (G), a processor (P) or a thread (M), for every
// move between queues, and for what the workload itself reports (marks, spans, logs). Everything in analysis/ reads
// this stream and nothing else, so that a simulated run and an imported trace go through the same code.
//
// Rejected: one struct per kind in a variant (twice the size, a branch per field when hashing); strings in records
// (names live once in TraceInfo). Invariants: `at` never decreases; every field that a kind does not use is 0 or its
// kNone value; a record is 32 bytes without padding, so its fingerprint is a function of its fields alone.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/time.hpp"

namespace gmpsim {

inline constexpr std::uint16_t kNoP = 0xffff;
inline constexpr std::uint32_t kNoM = 0xffffffff;
inline constexpr std::uint32_t kNoG = 0;  ///< goroutine numbers start at 1

/// What a record says. The comment gives the meaning of the fields beside g, p, m (used as named).
enum class Kind : std::uint8_t {
  none,
  // --- goroutines
  g_create,  ///< g is new; a = creating goroutine (kNoG: from outside; why = 1: an arrival); value = program index (TraceInfo::programs)
  g_runnable,  ///< g entered a queue: p = whose local queue, kNoP = global; why = Why; a = who readied it (kNoG: runtime); value = 1 runnext, 0 tail
  g_running,   ///< m starts or continues g on p; why = From; value = 1 when it inherits the time slice
  g_waiting,  ///< g blocked, m and p free to go on; why = WaitReason; a = object (TraceInfo::objects index + 1, 0 none); value = due time of a sleep, else 0
  g_syscall,  ///< g entered a blocking system call on m; p = P it holds while there
  g_end,      ///< g finished
  // --- processors
  p_idle,     ///< p went to the idle list
  p_running,  ///< m acquired p
  p_stop,     ///< p stopped for the world; why = 1: GOMAXPROCS is lower now, there is no p any more
  // --- threads
  m_create,    ///< m is new; why = 1 when it is a system thread (sysmon) that never runs goroutines
  m_run,       ///< m continues with p after a wake-up (or starts)
  m_spinning,  ///< m began (value 1) or ended (value 0) to look for work actively
  m_idle,      ///< m went to sleep on the idle list
  m_poll,      ///< m sleeps in the poller (value = until when, 0 = for ever)
  m_wake,      ///< m was woken by somebody; value = when it will run [ns]
  m_exit,      ///< m ended
  // --- moves between queues and decisions of the scheduler
  steal,  ///< p took `value` goroutines from P `a` (the first of them runs at once); why = 1 when it was the victim's runnext
  steal_miss,       ///< p's search through all victims found nothing; value = victims looked at
  overflow,         ///< p's ring was full: `value` goroutines went from p to the global queue
  global_get,       ///< p took `value` goroutines from the global queue (one of them runs at once)
  preempt_request,  ///< the monitor asked the goroutine g on p to stop; why = 1 with a signal
  preempted,        ///< g stopped on request on p; why = 1 asynchronously, 0 at a safe point
  retake,           ///< p was taken from m, whose goroutine g is in a system call
  handoff,          ///< p was handed off by m; why = 1 to another thread, 0 to the idle list
  wakeup,           ///< m (kNoM: the runtime itself) decided to start a thread for P p; why = 1 spinning
  timer_set,        ///< timer a was armed; g = who did; value = due time
  timer_fire,       ///< p ran timer a; g = goroutine it concerns (kNoG none); value = due time (lateness = at - value)
  timer_stop,       ///< timer a was stopped before it fired
  deadlock,         ///< the runtime reported that all goroutines are asleep
  panic,            ///< g panicked without recovery, or a fatal error (why = 1); a = label of the message
  // --- objects
  acquire,  ///< g now holds object a (why = 1 shared, 0 exclusive)
  release,  ///< g let object a go (why = 1 shared, 0 exclusive)
  // --- what the workload reports
  mark,          ///< g passed mark a (label)
  span_begin,    ///< g entered span a (label); value = since when it counts
  span_end,      ///< g left span a (label); value = since when it counts
  log,           ///< g logged under label a; value = element `why` of the tuple; p = number of elements
  assert_fail,   ///< g found the assertion with label a false
  phase,         ///< phase a (label) began; why = 1 measured
  sched_sample,  ///< periodic; value = runnable goroutines in all queues
  // --- the world stopped
  stw_begin,    ///< g asked on p that all Ps stop; why = StopReason
  stw_stopped,  ///< the last P has stopped; why = StopReason; value = time since stw_begin: the time to stop
  stw_end,      ///< the Ps may run again; why = StopReason; value = time since stw_begin: the whole pause
  // --- the world outside
  poll,  ///< m looked at the network: value = goroutines found ready; why = 0 an M without work, 1 sysmon, 2 at the end of a wait, 3 the poller's thread
  io_ready,  ///< in the kernel, descriptor a became ready; g = who waits for it
  notify,    ///< g signalled object a (why = 1 broadcast); value = goroutines that it wakes
  fault,     ///< the fault with label a begins (why = 1) or ends (why = 0)
  throttle,  ///< a CPU quota is used up: no thread runs (why = 1), or they run again (why = 0)
  // --- the heap
  gc_begin,  ///< g begins collection a, the world is stopped; why = heap, time or runtime.GC; value = live bytes
  gc_end,    ///< marking of collection a is over, the world is stopped; value = time since gc_begin
  heap,      ///< live bytes now in value, KiB of stacks in a
  // --- what orders memory; only in runs that somebody judges by it (WorldOptions::happens_before)
  sync,    ///< g and object a learn from each other; why = Sync; value = place in the object, or the other goroutine
  access,  ///< g touched the shared variable (or wait group) a; why = Access; value = label of the operation's place
  // --- cores, where they differ
  core,    ///< m has core a now, of memory node `value`; why = 1: it had another one before
  remote,  ///< g worked for `value` on another memory node than that of its data, a
  // --- where the scheduler does not see it
  thread_waits,  ///< m itself waits with g for object a, a lock of the runtime or a place in a C library (why = 1), or does no longer (why = 0, value = how long)
  // --- the heap again
  gc_flush,  ///< all Ps have passed a safe point for g, one by one; why = 0 before marking ends, 1 to empty their caches; value = time that it took
  kCount
};

/// The place of a kind in a set of kinds.
[[nodiscard]] constexpr std::uint64_t bit(Kind kind) { return std::uint64_t{1} << static_cast<int>(kind); }

/// Why a goroutine became runnable.
enum class Why : std::uint8_t { created, readied, yielded, preempted, syscall_exit, timer, outside, kCount };

/// Where a running goroutine came from.
enum class From : std::uint8_t { runnext, local, global, stolen, poller, direct, syscall, kCount };

/// What a waiting goroutine waits for. The text that Go prints depends on its version: TraceInfo::wait_reasons.
enum class WaitReason : std::uint8_t {
  none,
  chan_receive,
  chan_send,
  chan_receive_nil,
  chan_send_nil,
  select,
  select_no_cases,
  sleep,
  mutex_lock,
  rwmutex_rlock,
  rwmutex_lock,
  wait_group,
  cond_wait,
  semacquire,
  io_wait,
  gc_assist,
  preempted,
  gc_worker_idle,
  gc_cycle,
  gc_sweep_wait,
  force_gc,
  kCount
};

/// What the world is stopped for.
enum class StopReason : std::uint8_t { gc_sweep_termination, gc_mark_termination, other, kCount };

/// How knowledge of what happened before moves (runtime/race.go: raceacquire, racerelease, …). `acquire` and `release`
/// of a lock move it as well, and g_create from the creator.
enum class Sync : std::uint8_t {
  learn,     ///< g learns what the place knows
  add,       ///< the place learns what g knows
  replace,   ///< the place knows what g knows, and nothing else
  meet,      ///< learn, then replace
  exchange,  ///< g and the goroutine in `value` learn all of each other
  born       ///< g, which is new, knows what the place knows and not what its creator knows now
};

/// What a goroutine does to a shared variable or, last two, to a wait group.
enum class Access : std::uint8_t { read, write, atomic_read, atomic_write, add_from_zero, wait };

/// One transition. 32 bytes, no padding.
struct Transition {
  Time at = 0;
  Kind kind = Kind::none;
  std::uint8_t why = 0;
  std::uint16_t p = kNoP;
  std::uint32_t g = kNoG;
  std::uint32_t m = kNoM;
  std::uint32_t a = 0;
  std::int64_t value = 0;

  friend bool operator==(const Transition&, const Transition&) = default;
};
static_assert(sizeof(Transition) == 32);

/// What an object of the workload is.
enum class ObjectKind : std::uint8_t {
  chan,
  mutex,
  rwmutex,
  wait_group,
  cond,
  once,
  semaphore,
  timer,
  ticker,
  context,
  other,
  variable
};

/// The names and facts that records refer to by number. Written once before the run; labels may be added while it runs.
struct TraceInfo {
  struct Program {
    std::string name;
    std::string klass;  ///< class of the program, empty if none
  };
  struct Object {
    std::string name;  ///< as declared ("jobs", "locks[3]"), or "chan#7" for one made by a program
    ObjectKind kind = ObjectKind::other;
  };
  std::string scenario;
  std::string preset;
  std::string policy;
  std::uint64_t seed = 0;
  std::uint32_t procs = 1;
  std::uint32_t cores = 0;  ///< 0: as many as there are threads that want one
  std::vector<Program> programs;
  std::vector<Object> objects;
  std::vector<std::string> labels;
  std::vector<std::string> wait_reasons;  ///< indexed by WaitReason: the text that this version prints
};

/// Objects that a program made while running (newchan, new) have numbers with the top bit set: kind and running count.
[[nodiscard]] constexpr std::uint32_t dynamic_object(ObjectKind kind, std::uint32_t count) {
  return 0x80000000u | static_cast<std::uint32_t>(kind) << 26 | (count & 0x3ffffffu);
}

/// Name of the object with this number: "jobs" as declared, "chan#7" for the seventh channel made by a program, "" for 0.
[[nodiscard]] std::string object_name(const TraceInfo& info, std::uint32_t object);
[[nodiscard]] ObjectKind object_kind(const TraceInfo& info, std::uint32_t object);

/// Name of a kind as written in traces ("g_running").
[[nodiscard]] const char* name_of(Kind kind);
[[nodiscard]] const char* name_of(Why why);
[[nodiscard]] const char* name_of(From from);
[[nodiscard]] const char* name_of(Sync how);
[[nodiscard]] const char* name_of(Access how);

}  // namespace gmpsim
