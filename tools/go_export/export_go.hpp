#pragma once
// `gmpsim export --to go`: a scenario as one Go program, so that anyone can hold it against the real runtime.
//
// Operations become the Go statements that they stand for, times of computing become calibrated loops, random numbers
// the same Philox streams as in the model. The program logs to memory and prints at its end what `gmpsim run --format
// log` prints of the model (tools/run_log.hpp), so that the two can be compared line by line. The fixed part of it (two
// processes, the log, random numbers, …) stands in support/*.go, of which a program gets what it needs.
//
// The way: walk the programs again and again until nothing more is learned of the types of variables (types.hpp) and of
// who reads them, then once more, keeping the text. What only a model can do (a policy that is no version of Go, a loop
// that no signal interrupts, faults) is refused at its place (E0910).
// Rejected: translating compiled code (jumps and slots: unreadable); dynamic values in Go (`any` everywhere).

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/compile.hpp"

namespace gmpsim {

struct GoExport {
  std::string policy;  ///< of the scenario
  std::uint64_t seed = 1;
  std::string command;  ///< that made the file, for its first line
};

/// The Go program. What cannot be exported goes to `out`, and nothing is returned.
[[nodiscard]] std::optional<std::string> export_to_go(const CompiledScenario& code, const GoExport& wishes,
                                                      Diagnostics& out);

}  // namespace gmpsim
