#pragma once
// All goroutines at the end of a run, as a crashing Go program prints them: `run --format goroutines`.
//
//   fatal error: all goroutines are asleep - deadlock!
//
//   goroutine 1 [chan receive, 2 minutes, locked to thread]:
//   main.main()
//   	worker-pool.json:25
//   created by main.boss in goroutine 7
//
// The one that ended the run comes first, then all others in order of creation (traceback.go: goroutineheader,
// tracebackothers; panic.go: dopanic_m). Wait reasons are those of the preset; waits show from one minute on; who created a
// goroutine is told with its number since 1.21. Functions are programs of the scenario, and instead of a program counter
// stands the line of the document. The runtime's own goroutines are left out, as Go does.

#include <string>
#include <vector>

#include "sim/recorder.hpp"

namespace gmpsim {

class JudgedRun;
struct G;

/// The calls that a goroutine is in, as a traceback lists them.
[[nodiscard]] std::string stack_text(const JudgedRun& run, const G& g);

class GoroutineDump final : public Sink {
 public:
  void consume(std::span<const Transition> records) override;
  /// After the run.
  [[nodiscard]] std::string text(JudgedRun& run) const;

 private:
  struct Birth {
    std::uint32_t creator = kNoG;
    std::uint32_t creator_program = 0xffffffff;
    std::uint32_t program = 0xffffffff;
    Time waits_since = -1;
  };
  std::vector<Birth> births_{Birth{}};  ///< by goroutine
};

}  // namespace gmpsim
