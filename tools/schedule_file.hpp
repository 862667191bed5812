#pragma once
// A stored schedule: what a token says, and beside it every choice that was made and all checkpoints. JSON, so that
// people can look at it and tools can change it.
//
//   { "apiVersion": "gmpsim/v1", "kind": "Schedule",
//     "scenario": { "name": "tight-loop", "hash": "0x…", "overrides": { "params.procs": "1" } },
//     "model": { "version": "0.1.0", "behaviour": 1 }, "policy": "cooperative", "seed": "0x7",
//     "result": { "transitions": 1204, "fingerprint": "…" },
//     "choices": [ { "stream": "0x…", "entity": "0x…", "answers": "1/3 0/3 xd41f…" } ],
//     "checkpoints": [ "512 10401 9f3c52d0c1b7e884" ] }
//
// Choices are grouped by who asked; an answer is alternative/alternatives, or "x" and the 64 bits of a draw; the
// how-manyeth question it answers is its position ("#12" before one moves on to the 12th).
// Invariants: the reader takes any text and answers a schedule or diagnostics; it uses memory in proportion to the
// text.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/diagnostics.hpp"
#include "sim/chooser.hpp"
#include "tools/token.hpp"

namespace gmpsim {

struct Schedule {
  RunKey key;
  std::uint64_t records = 0;
  std::string fingerprint;  ///< 32 hexadecimal digits
  std::vector<Choice> choices;
  bool choices_complete = true;
  std::vector<Checkpoint> checkpoints;
};

void write_schedule(std::ostream& out, const Schedule& schedule);

/// Nothing, and diagnostics, when it is not one.
[[nodiscard]] std::optional<Schedule> read_schedule(std::string text, std::string file, Diagnostics& out);

}  // namespace gmpsim
