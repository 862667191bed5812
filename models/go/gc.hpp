#pragma once
// The heap and its collector, as far as the scheduler notices them. The story is in gc.cpp.

#include <cstdint>
#include <memory>
#include <vector>

#include "models/go/g.hpp"
#include "models/go/pacer.hpp"
#include "models/go/sync.hpp"

namespace gmpsim {

struct P;

/// Why a collection begins (mgc.go: gcTriggerKind).
enum class GcTrigger : std::uint8_t {
  heap,  ///< heapLive has reached the trigger
  time,  ///< two minutes without one (sysmon)
  cycle  ///< runtime.GC
};

/// How a mark worker runs (mgc.go: gcMarkWorkerMode).
enum class GcMode : std::uint8_t {
  none,
  dedicated,   ///< takes its P for the whole mark phase
  fractional,  ///< takes its share and gives way
  idle         ///< on a P that has nothing else to do
};

/// What the collector knows of a goroutine; made when it first allocates or its stack first grows.
struct GMem {
  std::int64_t keep = 0;      ///< bytes that it holds until it ends
  std::int64_t assist = 0;    ///< gcAssistBytes: below zero it is in debt
  std::int64_t stack = 2048;  ///< allocated [bytes]
  bool assists = false;       ///< it marks on the system stack now: its own may be scanned
};

struct GcWorker {
  G* g = nullptr;
  GcWorker* next = nullptr;  ///< pool of idle workers, last in first out
  GcMode mode = GcMode::none;
};

/// A piece of marking.
struct MarkPiece {
  std::int64_t work = 0;  ///< bytes to scan
  G* stack = nullptr;     ///< or the stack of this goroutine
  bool can_stop = false;  ///< the preemption flag is looked at within
  [[nodiscard]] bool none() const { return work == 0 && stack == nullptr; }  ///< nothing is left
};

/// Somebody who waits for a running goroutine to stop, so that its stack can be scanned.
struct StackWait {
  G* g = nullptr;
  M* by = nullptr;
};

struct Gc {
  HeapOptions options;
  Pacer pacer;
  // --- the heap
  std::int64_t kept = 0;            ///< reachable now [bytes]
  std::int64_t live = 0;            ///< heapLive: what survived the last cycle and all that was allocated since
  std::int64_t marked = 0;          ///< what survived the last cycle
  std::int64_t stack_start = 2048;  ///< of a new goroutine: startingStackSize
  std::int64_t scanned_stacks = 0, scanned_stack_bytes = 0;
  std::int64_t stacks_extra = 0;        ///< stack bytes beyond 2 KiB a goroutine
  std::vector<std::int64_t> span_left;  ///< by P: bytes left in its span
  // --- the cycle
  bool marking = false;  ///< gcBlackenEnabled
  std::uint32_t started = 0;
  std::uint32_t marks_done = 0;
  std::int64_t live_at_start = 0;
  std::int64_t kept_at_start = 0;
  std::int64_t scanned = 0;
  std::vector<G*> stacks;  ///< that this cycle has to scan, in order; some may end before
  std::vector<StackWait> stack_waits;
  std::int64_t roots_left = 0, root_bytes = 0, large_left = 0, heap_left = 0;
  std::uint32_t active = 0;  ///< workers and assists that hold work
  Pacer::Workers need;
  std::int64_t idle_running = 0;
  Time cycle_begin = 0, mark_begin = 0, last_end = 0;
  Duration assist_time = 0, idle_time = 0;
  std::vector<Duration> fractional_time;  ///< by P
  std::int64_t credit = 0;                ///< bgScanCredit
  GQueue assist_queue;
  GQueue cycle_waiters;
  // --- a round of safe points
  std::uint32_t flush_wait = 0;  ///< Ps that have not passed one yet
  M* flusher = nullptr;          ///< sleeps until they have
  // --- sweeping
  std::int64_t sweep_left = 0;  ///< spans
  std::int64_t sweep_batch = 1;
  std::int64_t sweep_steps = 0;     ///< of this cycle in all
  std::int64_t sweep_basis = 0;     ///< heapLive when they began
  std::int64_t sweep_distance = 1;  ///< bytes to allocate until they have to be done
  std::int64_t full_left = 0;
  // --- goroutines of the collector
  std::vector<std::unique_ptr<GcWorker>> workers;
  GcWorker* pool = nullptr;
  std::vector<GcWorker*> assigned;  ///< by P: taken from the pool for it when the world started
  G* sweeper = nullptr;
  bool sweeper_parked = false;
  G* forced = nullptr;
  bool forced_parked = false;
  G* asked = nullptr;  ///< runs runtime.GC for somebody outside
  bool asked_parked = false;
  bool asked_again = false;  ///< while it did
  Sema start_sema{1, 0, {}}, done_sema{1, 0, {}};

  [[nodiscard]] bool work_left() const { return roots_left > 0 || large_left > 0 || heap_left > 0; }
  /// The next piece, at most `most` bytes of ordinary heap; `oblets`: large objects come in 128 KiB.
  MarkPiece take(std::int64_t most, bool oblets);
};

}  // namespace gmpsim
