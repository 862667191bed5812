#pragma once
// What goes wrong on purpose: faults that a workload plans for certain times.

#include <cstdint>
#include <string>
#include <vector>

#include "models/os/cores.hpp"
#include "sim/time.hpp"

namespace gmpsim {

struct FaultPlan {
  enum class Kind : std::uint8_t {
    lose_wakeup,  ///< the poller takes a ready descriptor and forgets whom to wake: one goroutine each time it begins
    io_delay,     ///< answers and events of devices come `by` later
    stall_core,   ///< one core does nothing
    cpu_quota,    ///< all threads together get `quota` of CPU time in each `period`
    clock_step,   ///< the wall clock jumps; no timer of Go goes by it
    slow_core,    ///< everything takes `factor` times as long on one core
    timer_delay,  ///< all timers come due `by` later than they should
    gc            ///< somebody outside asks for a collection
  };
  Kind kind = Kind::lose_wakeup;
  std::string label;         ///< for the trace
  Time at = 0;               ///< when it begins
  Duration length = kNever;  ///< how long it lasts
  Duration every = 0;        ///< begins again so often; 0: once
  Duration by = 0;
  std::uint32_t core = 0;               ///< stall_core, slow_core
  std::int64_t factor = Memory::kNear;  ///< slow_core [ppm]
  Duration quota = 0;
  Duration period = 0;
  std::vector<std::uint32_t> objects;  ///< io_delay: of these; empty: all
  std::vector<bool> programs;          ///< lose_wakeup: goroutines of these; empty: all
  std::uint32_t ordinal = 0;           ///< lose_wakeup: the how-manyeth of its program; 0: any
  std::uint32_t goroutine = 0;         ///< lose_wakeup: with this number; 0: any
};

/// A plan under way.
struct FaultState {
  FaultPlan plan;
  std::uint32_t label = 0;
  Time begins = 0;  ///< next
  Time ends = kNever;
  bool active = false;
  bool spent = false;  ///< lose_wakeup: this time's wake-up has been lost
};

}  // namespace gmpsim
