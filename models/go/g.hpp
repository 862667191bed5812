#pragma once
// G: a goroutine.
//
// The states and who owns what in them follow runtime2.go and proc.go (Go 1.19 to 1.27). A G's body is anything that can
// be continued: a C++ coroutine (goroutine.hpp) or an interpreted program with plain data. The body runs on the thread
// that executes the G until it needs something that its thread must do for it (spend time, park, yield, end, enter a
// system call); it then leaves a Request and returns.
//
// Invariant: a G is on at most one list, linked through `schedlink` (queues) or its sudogs (wait lists).

#include <array>
#include <cstdint>

#include "models/os/cores.hpp"
#include "sim/check.hpp"
#include "sim/task.hpp"
#include "sim/time.hpp"
#include "sim/transition.hpp"

namespace gmpsim {

class World;
struct Chan;
struct G;
struct GMem;
struct M;
struct Timer;

enum class GStatus : std::uint8_t {
  idle,      ///< allocated, not yet initialised; owned by its creator
  runnable,  ///< on exactly one run queue, or in the hands of the M about to execute it
  running,   ///< owned by one M; on no queue
  syscall,   ///< in a system call on its M; on no queue; its P may be taken away
  waiting,   ///< recorded in a wait list, a timer or the poller; whoever readies it takes it off
  dead,      ///< finished, or on the free list
  kCount
};

/// Which changes of state Go makes (the callers of casgstatus in proc.go).
struct GTransitions {
  static constexpr bool allows(GStatus from, GStatus to) {
    constexpr auto bit = [](GStatus s) { return static_cast<std::uint8_t>(1u << static_cast<unsigned>(s)); };
    using S = GStatus;
    constexpr std::uint8_t allowed[] = {
        bit(S::dead),                                                         // newproc1 publishes a fresh G as dead
        bit(S::running),                                                      // execute
        bit(S::runnable) | bit(S::waiting) | bit(S::syscall) | bit(S::dead),  // gosched, park, entersyscall, goexit
        bit(S::running) | bit(S::runnable),                                   // exitsyscall with and without a P
        bit(S::runnable),                                                     // ready: through a queue, never directly
        bit(S::runnable),                                                     // newproc1 takes a dead G
    };
    return (allowed[static_cast<std::size_t>(from)] & bit(to)) != 0;
  }
};
static_assert(!GTransitions::allows(GStatus::waiting, GStatus::running), "a waiter passes through a run queue first");
static_assert(GTransitions::allows(GStatus::syscall, GStatus::running),
              "the fast return from a system call keeps running");

/// A value in transit through a channel: what it means is the business of the workload's language.
struct Payload {
  std::int64_t bits = 0;
  std::int64_t tag = 0;
  friend bool operator==(const Payload&, const Payload&) = default;
};

/// One G in one wait list (runtime2.go: sudog). A G blocked in a select has one for each case.
struct Sudog {
  G* g = nullptr;
  Sudog* next = nullptr;
  Sudog* prev = nullptr;
  Chan* c = nullptr;
  Payload elem;
  std::uint16_t index = 0;  ///< of the select case
  bool is_select = false;
  bool sends = false;    ///< a send case of a select
  bool success = false;  ///< woken by a partner, not by close
};

/// May a stretch of CPU time be interrupted?
enum class Preemptible : std::uint8_t {
  never,       ///< runtime code, or a stretch without safe points
  async_only,  ///< a loop without calls: only a signal stops it
  noticed,     ///< a mark worker looks at the request itself: it is continued with what is left in burn_left
  any          ///< ordinary code: calls come along all the time
};

/// What a body wants from its thread when it returns.
enum class Request : std::uint8_t {
  none,
  burn,       ///< spend `burn_left` of CPU time, then continue (GPhase::paid)
  park,       ///< it is in a wait list now (status is still running): gopark
  yield,      ///< Gosched, or preempted at a safe point (`preempted_here`)
  goyield,    ///< to the local tail (semaphore hand-off)
  syscall,    ///< `burn_left` in a blocking system call
  notesleep,  ///< `burn_left` in a sleep of the runtime's own that gives the P away at once (notetsleepg)
  system,     ///< run M::system_work on the thread's own stack, then continue (GPhase::woken): systemstack
  exit        ///< the goroutine has ended
};

/// Why a body is continued.
enum class GPhase : std::uint8_t {
  fresh,  ///< start, or after a yield: try the current operation
  paid,   ///< the time asked for has been spent
  woken   ///< the operation that waited is over
};

/// A runtime operation of several steps, run on behalf of a goroutine (mutex slow path, a wake-up that takes time).
struct Nested : RunCursor {
  G* g = nullptr;
  Task<> task;
};

struct G {
  using Resume = void (*)(World&, G&);

  std::uint32_t id = 0;  ///< as reports show it; 1, 2, … in order of creation
  GStatus status = GStatus::idle;
  WaitReason wait_reason = WaitReason::none;
  Request request = Request::none;
  GPhase phase = GPhase::fresh;
  GPhase after_burn = GPhase::paid;  ///< the phase in which the body is continued when the burn is over
  Preemptible burn_how = Preemptible::never;
  bool preempt = false;            ///< asked to stop (stackguard0 poisoned)
  bool preempted_here = false;     ///< the yield requested is a preemption
  bool select_done = false;        ///< somebody won the race to wake this select
  bool goexit : 1 = false;         ///< ended by Goexit
  bool stop_for_scan : 1 = false;  ///< preemptStop: whoever asked wants to scan its stack
  bool system = false;             ///< the runtime's own
  bool ticket = false;             ///< a semaphore was handed over directly
  bool ok = true;                  ///< the operation outside went well: no deadline, no EINTR
  bool case_is_send = false;       ///< of the select case taken
  std::uint16_t case_count = 0;
  std::uint16_t last_p = kNoP;
  std::uint16_t data_node = kNoNode;  ///< memory node of what it computes on now
  Duration burn_left = 0;             ///< of a notesleep: until when
  G* schedlink = nullptr;             ///< next on a run queue or free list
  M* m = nullptr;                     ///< running on
  M* lockedm = nullptr;               ///< LockOSThread: the only thread that may run it
  Resume resume = nullptr;            ///< continues the body
  Resume drop = nullptr;              ///< frees the body's state
  void* body = nullptr;               ///< the body's own state
  Nested* nested = nullptr;
  Sudog* param = nullptr;        ///< which sudog woke me
  Sudog* cases = nullptr;        ///< sudogs of a select in progress
  Timer* timer = nullptr;        ///< cached, for Sleep
  Sudog sudog;                   ///< for everything but select
  std::uint32_t waiting_on = 0;  ///< object it waits for (TraceInfo::objects index + 1)
  std::int32_t case_taken = -1;
  std::uint32_t program = 0;  ///< index into TraceInfo::programs
  std::uint32_t ordinal = 0;  ///< the how-manyeth of its program, from 1
  G* allnext = nullptr;       ///< all goroutines, in order of creation
  G* allprev = nullptr;
  GMem* mem = nullptr;  ///< what the collector knows of it; most goroutines have none
};

inline void set_status(G& g, GStatus to) {
  GMPSIM_CHECK(GTransitions::allows(g.status, to), "a goroutine changes state as Go's table allows");
  g.status = to;
}

/// A queue of Gs through schedlink (runtime: gQueue).
class GQueue {
 public:
  [[nodiscard]] bool empty() const { return head_ == nullptr; }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  void push_back(G* g) {
    g->schedlink = nullptr;
    if (tail_ != nullptr)
      tail_->schedlink = g;
    else
      head_ = g;
    tail_ = g;
    ++size_;
  }
  void push_front(G* g) {
    g->schedlink = head_;
    head_ = g;
    if (tail_ == nullptr) tail_ = g;
    ++size_;
  }
  G* pop() {
    G* g = head_;
    if (g != nullptr) {
      head_ = g->schedlink;
      if (head_ == nullptr) tail_ = nullptr;
      --size_;
      g->schedlink = nullptr;
    }
    return g;
  }

 private:
  G* head_ = nullptr;
  G* tail_ = nullptr;
  std::uint32_t size_ = 0;
};

}  // namespace gmpsim
