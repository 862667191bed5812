#pragma once
// What goes into a World and what comes out of it: bodies of goroutines, what an operation did, how a run ended.

#include <cstdint>
#include <string>

#include "models/go/g.hpp"
#include "sim/time.hpp"
#include "sim/transition.hpp"

namespace gmpsim {

/// How a run ended.
enum class End : std::uint8_t {
  none,      ///< still running
  done,      ///< all goroutines ended, or what the workload waits for has happened
  deadlock,  ///< the runtime reported that all goroutines are asleep
  panic,     ///< an uncaught panic
  fatal,     ///< a fatal error of the runtime
  exit,      ///< os.Exit
  time,      ///< the time limit of the workload
  limit      ///< a limit on events, memory, goroutines
};

struct Outcome {
  End end = End::none;
  Time at = 0;
  std::string message;  ///< of a panic, fatal error, or which limit
  std::uint32_t goroutine = kNoG;
  std::uint64_t events = 0;
};

/// What an operation did when it returned.
enum class Step : std::uint8_t {
  done,  ///< complete
  wait   ///< the goroutine must return to its thread; it is continued with GPhase::woken
};

/// A goroutine that is to be born: its body and how to continue it.
struct Body {
  G::Resume resume = nullptr;
  G::Resume drop = nullptr;  ///< frees the body's state; called once, when the goroutine ends or the world is destroyed
  void* state = nullptr;
  std::uint32_t program = 0;
};

/// Makes the bodies of the goroutines that an AfterFunc timer starts: one each time it fires.
struct BodyFactory {
  Body (*make)(World&, void* state) = nullptr;
  void (*drop)(World&, void* state) = nullptr;  ///< frees the state; called once
  void* state = nullptr;
};

}  // namespace gmpsim
