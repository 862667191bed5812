// Calls into C (cgocall.go: cgocall, asmcgocall; 1.19 to 1.27).
//
// For the scheduler a C call of any length is a system call: the P stays until the monitor takes it. What is different is
// inside: a library that serves a limited number of calls makes the others wait in C, each with its thread, where no
// scheduler sees them. The time of a call is time in which it blocks; a C function that computes would need a core.
//
// Rejected: a semaphore in front of the call (goroutines would park and hold no thread: the remedy, not the disease).

#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

void World::cgo(G& g, Duration d, CLibrary* library) {
  g.request = Request::syscall;
  g.burn_left = d;
  g.ok = true;
  g.m->call = {};
  g.m->call.cgo = true;
  g.m->call.library = library;
}

/// A slot of the library, or a place in its queue. True: the thread has to wait for its turn (kernel_return).
bool World::library_enter(M& m, CLibrary& l) {
  if (l.used < l.slots) {
    ++l.used;
    return false;
  }
  m.call.next = nullptr;
  (l.last != nullptr ? l.last->call.next : l.first) = &m;
  l.last = &m;
  return true;
}

/// The call is over: the first thread that waits takes the slot.
void World::library_leave(CLibrary& l) {
  M* const next = l.first;
  if (next == nullptr) {
    GMPSIM_CHECK(l.used > 0, "a slot is given back once");
    --l.used;
    return;
  }
  l.first = next->call.next;
  if (l.first == nullptr) l.last = nullptr;
  kernel_return(*next, cost(Cost::wake_latency));
}

/// What a thread waits for in the kernel or in C has come; it goes on after `latency`. If it is not there yet it will not
/// wait at all.
void World::kernel_return(M& m, Duration latency) {
  if (std::exchange(m.call.inside, false))
    m.thread.start_at(now() + latency);
  else
    m.call.over = true;
}

}  // namespace gmpsim
