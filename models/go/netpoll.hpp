#pragma once
// Descriptors, sockets and files: what goroutines read from the world outside.
//
// A PollDesc is one direction of a descriptor (netpoll.go: pollDesc, the word rg). The kernel keeps a list of descriptors
// that have become ready since somebody looked (edge-triggered); whoever polls takes them from there. What happens in the
// kernel and on the wire (an answer arrives, an event occurs) is a NetEvent of the world: it needs no thread.
//
// Invariants: a descriptor has at most one waiter; it is on the kernel's list at most once; an operation that is over has
// no event pending and is on no list.

#include <cstdint>
#include <map>
#include <utility>

#include "models/go/sync.hpp"
#include "sim/distribution.hpp"

namespace gmpsim {

struct IoWait;

/// One direction of a descriptor.
struct PollDesc {
  std::uint32_t object = 0;
  bool ready = false;   ///< pdReady: the poller saw it ready while nobody waited
  bool listed = false;  ///< on the kernel's list
  G* waiter = nullptr;  ///< parked on it
  PollDesc* prev = nullptr;
  PollDesc* next = nullptr;
};

/// The kernel's list of descriptors that became ready, in order.
class ReadyList {
 public:
  [[nodiscard]] bool empty() const { return first_ == nullptr; }
  void push_back(PollDesc& d) {
    if (std::exchange(d.listed, true)) return;
    d.next = nullptr;
    d.prev = last_;
    (last_ != nullptr ? last_->next : first_) = &d;
    last_ = &d;
  }
  void remove(PollDesc& d) {
    if (!std::exchange(d.listed, false)) return;
    (d.prev != nullptr ? d.prev->next : first_) = d.next;
    (d.next != nullptr ? d.next->prev : last_) = d.prev;
    d.prev = d.next = nullptr;
  }
  [[nodiscard]] PollDesc* pop() {
    PollDesc* d = first_;
    if (d != nullptr) remove(*d);
    return d;
  }

 private:
  PollDesc* first_ = nullptr;
  PollDesc* last_ = nullptr;
};

/// A socket or a file of the workload.
struct Device {
  enum class Type : std::uint8_t {
    answers,  ///< a socket: each request is answered after a while, on a connection of its own
    events,   ///< a socket: events come on their own and wait until somebody reads them
    file      ///< blocks the thread
  };
  std::uint32_t object = 0;
  Type type = Type::answers;
  Sampler timing;            ///< time from a request to its answer, or from one event to the next
  std::uint64_t stream = 0;  ///< random stream of `timing`; answers: 0 when whoever asks has one of its own
  std::uint64_t entity = 0;
  std::uint64_t drawn = 0;
  std::uint64_t pending = 0;  ///< events that came and have not been read
  PollDesc desc;
  bool reading = false;          ///< fd.readLock is held
  IoWait* lock_first = nullptr;  ///< who waits for it, first in, first out
  IoWait* lock_last = nullptr;
  IoWait* blocked_first = nullptr;  ///< threads blocked in a read (no poller), first in, first out
  IoWait* blocked_last = nullptr;
};

/// Orders the events of the outside world: time, then creation.
using NetKey = std::pair<Time, std::uint64_t>;

/// One read in progress. It lives in the frame of its task.
struct IoWait {
  G* g = nullptr;
  Device* device = nullptr;
  PollDesc own;              ///< the connection of a request
  PollDesc* desc = nullptr;  ///< `own`, or that of the device
  bool arrived = false;      ///< the answer, or an event handed to a blocked thread
  bool expired = false;      ///< the deadline came
  bool scheduled = false;    ///< `key` is an event to come
  bool locking = false;      ///< in the queue for the read lock
  bool granted = false;      ///< got it from whoever had it
  bool blocked = false;      ///< in the queue of blocked threads
  NetKey key{};
  IoWait* prev = nullptr;
  IoWait* next = nullptr;
};

/// Something that happens outside: an answer for `wait`, or the next event of `device`.
struct NetEvent {
  IoWait* wait = nullptr;
  Device* device = nullptr;
  bool late = false;  ///< it comes after the delay of a fault
};

/// A C library that serves a limited number of calls at a time; the others wait inside C, with their threads.
struct CLibrary {
  std::uint32_t object = 0;
  std::uint32_t slots = 1;
  std::uint32_t used = 0;
  M* first = nullptr;  ///< threads that wait for a slot, first in, first out (through M::call.next)
  M* last = nullptr;
};

}  // namespace gmpsim
