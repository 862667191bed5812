#pragma once
// When a run was cut off: which of its blocked goroutines may still be woken?
//
// A goroutine that waits for a channel or a lock is woken by another one that acts on it. So what can still happen
// follows from who can still act: goroutines that are not blocked, those that wait for time or the outside, timers that
// are pending, starts and arrivals to come. Each of them can act on what the variables refer to that it may still use,
// on what it can reach from there through channels, and on the declared resources that it names, with an operation that
// ends such a wait, in code that it may still execute (conditions are ignored, endless loops are not). A blocked
// goroutine that one of these may wake can act in its turn, and so on. What is never reached waits for ever.
//
// It is the question that Go's leak profile (1.26) asks of the heap, sharpened by knowing the program. Rejected for the
// check: memory reachability alone (a declared channel is reachable for everybody); asking only what a goroutine executes
// next (a server loop wakes everybody sooner or later). `Reach::memory` asks exactly what Go's profile does: declared
// resources are package variables, so whatever waits for one of them may be woken (runtime/mgc.go: gcStart for
// goroutineLeakGC; mgcmark.go: markrootPrepare, findGoroutineLeaks; 1.26).
// Invariants: an answer "for ever" is true whatever chance decides, up to variables that are stored between goroutines
// through shared variables of other goroutines; the work is linear in goroutines and references.

#include <cstdint>
#include <memory>
#include <optional>

namespace gmpsim {

class Interpreter;

class Wakes {
 public:
  enum class Reach : std::uint8_t {
    program,  ///< who may still act, by what its program says
    memory    ///< who can be reached from a goroutine that is not blocked, or from a declared resource
  };
  /// Looks at the world of `interpreter` as it stands, at the first question. Both must be over by then.
  explicit Wakes(const Interpreter& interpreter, Reach reach = Reach::program);
  ~Wakes();
  Wakes(const Wakes&) = delete;
  Wakes& operator=(const Wakes&) = delete;

  /// Can anything still wake the blocked goroutine number `g`? None: its kind of wait is unknown here.
  [[nodiscard]] std::optional<bool> may_be_woken(std::uint32_t g) const;

 private:
  struct Search;
  const Interpreter& interpreter_;
  Reach reach_;
  mutable std::unique_ptr<Search> search_;
};

}  // namespace gmpsim
