#pragma once
// The objects that goroutines meet at, as plain data. What is done with them is in chan.cpp, select.cpp, sema.cpp,
// mutex.cpp, rwmutex.cpp, wait_group.cpp, cond.cpp, time.cpp. Mutual exclusion, order of waking and wait reasons are
// Go's (chan.go, sema.go, sync/*.go; versions in the .cpp files).

#include <cstdint>
#include <deque>
#include <vector>

#include "models/go/g.hpp"
#include "models/policy/timers.hpp"

namespace gmpsim {

/// A wait queue of sudogs, first in first out (chan.go: waitq).
struct WaitQueue {
  Sudog* first = nullptr;
  Sudog* last = nullptr;

  [[nodiscard]] bool empty() const { return first == nullptr; }
  void push_back(Sudog* s) {
    s->next = nullptr;
    s->prev = last;
    (last != nullptr ? last->next : first) = s;
    last = s;
  }
  void push_front(Sudog* s) {
    s->prev = nullptr;
    s->next = first;
    (first != nullptr ? first->prev : last) = s;
    first = s;
  }
  void remove(Sudog* s) {
    (s->prev != nullptr ? s->prev->next : first) = s->next;
    (s->next != nullptr ? s->next->prev : last) = s->prev;
    s->next = s->prev = nullptr;
  }
};

struct Timer;
struct BodyFactory;
struct TimerQueue;

struct Chan {
  std::uint32_t object = 0;
  bool closed = false;
  std::size_t capacity = 0;
  WaitQueue recvq;
  WaitQueue sendq;
  Timer* timer = nullptr;  ///< the channel of a timer or ticker
  // The buffer: a ring that grows up to the capacity, so that a huge capacity costs nothing until it is used.
  std::vector<Payload> ring;
  std::size_t head = 0;
  std::size_t count = 0;
  std::uint64_t taken = 0;  ///< with WorldOptions::happens_before: values that have left it, which tells Go's recvx

  void push(const Payload& v);
  Payload pop();
};

/// A semaphore of the runtime: a value and its waiters (sema.go; one address).
struct Sema {
  std::int64_t value = 0;
  std::uint32_t nwait = 0;
  WaitQueue waiters;
};

struct Mutex {
  std::uint32_t object = 0;
  std::uint32_t waits_as = 0;  ///< what a waiter is said to wait for: the same, or what this mutex is a part of
  bool locked = false;
  bool woken = false;
  bool starving = false;
  std::uint32_t waiters = 0;
  Sema sema;

  [[nodiscard]] bool free() const { return !locked && waiters == 0 && !woken && !starving; }
  /// The whole of Lock when nobody has it or wants it: CAS 0 -> locked.
  bool take() { return free() && (locked = true); }
};

struct RWMutex {
  static constexpr std::int64_t kMaxReaders = std::int64_t{1} << 30;
  std::uint32_t object = 0;
  Mutex w;
  std::int64_t reader_count = 0;
  std::int64_t reader_wait = 0;
  Sema writer_sem;
  Sema reader_sem;
};

struct WaitGroup {
  std::uint32_t object = 0;
  std::int64_t counter = 0;
  std::int64_t waiters = 0;
  Sema sema;
};

struct Cond {
  std::uint32_t object = 0;
  Mutex* m = nullptr;
  std::uint32_t wait = 0;    ///< next ticket
  std::uint32_t notify = 0;  ///< next ticket to be notified
  WaitQueue waiters;         ///< sudog.elem.bits is the ticket
};

struct Once {
  std::uint32_t object = 0;
  bool done = false;
  std::uint32_t runner = kNoG;
  Mutex m;
};

/// The runtime's own lock: threads wait for it, not goroutines (lock2.cpp).
struct RuntimeMutex {
  std::uint32_t object = 0;
  bool locked = false;
  bool sleeping = false;    ///< somebody may sleep: unlock has to look
  bool spinning = false;    ///< the one waiter that may spin does (mutexSpinning)
  std::uint64_t draws = 0;  ///< whether an unlock wakes the oldest
  std::deque<M*> sleepers;  ///< the next to wake first
};

/// golang.org/x/sync/semaphore.Weighted: first in, first out, also for requests that would fit.
struct Semaphore {
  std::uint32_t object = 0;
  std::int64_t size = 0;
  std::int64_t used = 0;
  WaitQueue waiters;     ///< sudog.elem.bits is how much it wants
  bool runtime = false;  ///< sema.go's: `own`, one at a time
  Sema own;
};

/// A timer of the runtime (time.go: timer): makes a goroutine ready, sends on a channel, starts a goroutine, or ends an
/// operation that took too long.
struct Timer : TimerNode {
  enum class Does : std::uint8_t { wake, send, start, deadline };
  std::uint32_t id = 0;
  std::uint32_t object = 0;
  Does does = Does::wake;
  bool active = false;  ///< started and neither fired for good nor stopped (for channel timers: see time.cpp)
  Duration period = 0;
  G* g = nullptr;                  ///< wake
  Chan* chan = nullptr;            ///< send
  std::uint32_t blocked = 0;       ///< goroutines blocked on the channel
  TimerQueue* queue = nullptr;     ///< in which structure
  BodyFactory* factory = nullptr;  ///< start: makes the body of each new goroutine
  struct IoWait* io = nullptr;     ///< deadline: of this operation
  std::uint32_t creator = 0;
};

}  // namespace gmpsim
