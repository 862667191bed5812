#pragma once
// What a World is built with.

#include <cstdint>

#include "models/go/costs.hpp"
#include "models/go/settings.hpp"
#include "models/os/cores.hpp"
#include "sim/time.hpp"

namespace gmpsim {

/// Limits of a run; reaching one is a reported outcome.
struct Limits {
  Time until = kNever;                    ///< `stop.after`
  std::uint64_t events = 200'000'000;     ///< steps of simulated time
  std::uint64_t goroutines = 20'000'000;  ///< alive at once
  std::uint64_t bytes = std::uint64_t{8} << 30;
  std::uint32_t threads = 10'000;  ///< maxmcount; exceeding it is Go's own fatal error
};

struct WorldOptions {
  Settings settings;
  CostTable costs;
  std::uint32_t procs = 1;  ///< GOMAXPROCS
  std::uint32_t cores = 0;  ///< 0: one for every thread that wants one
  std::uint32_t system_goroutines =
      0;                             ///< runtime goroutines still runnable when main starts (go-scheduler: bootstrap)
  std::uint32_t boot_schedtick = 4;  ///< P0's schedtick when main begins
  std::uint32_t ring = 256;          ///< room in a local run queue; 256 in Go, less for exhaustive tests
  Memory memory;  ///< more than one node needs a number of cores
  Limits limits;
  Duration schedtrace = 0;  ///< print interval, 0 off
  bool scheddetail = false;
  bool happens_before = false;  ///< write `sync` and `access` records too (Kind::sync): for oracles of memory order
};

}  // namespace gmpsim
