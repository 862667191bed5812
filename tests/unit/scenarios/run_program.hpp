#pragma once
// Runs a few operations as a scenario and says what happened, in words that tests compare.

#include <cstdint>
#include <string>
#include <vector>

namespace gmpsim::fixtures {

struct Ran {
  std::vector<std::string>
      logs;  ///< "label", "label 1 2"; marks as "mark x", spans as "span x", failed assertions as "assert x"
  std::string
      end;  ///< "done", "deadlock", "panic", "fatal", "exit", "time", "limit"; "error": a scenario error; "refused"
  std::string message;  ///< of the end
  std::vector<std::string>
      problems;                     ///< "E0507 /programs/main/do/0/lock" of what was refused, or of the scenario error
  std::vector<std::string> texts;   ///< the problems' messages
  std::int64_t at = 0;              ///< [ns] when it ended
  std::vector<std::int64_t> times;  ///< of the logs
  std::vector<std::uint32_t> goroutines;  ///< who logged
  std::vector<std::string> blocked;       ///< "G2 chan receive" of each goroutine that waits at the end
  std::string fingerprint;
};

struct Setup {
  std::string main;  ///< operations of main: "[{…}, …]"
  std::string resources = "{}";
  std::string programs = "";  ///< further programs: "\"worker\": {…}, …"
  std::string preset = "go1.26";
  int procs = 1;  ///< 0: GOMAXPROCS has no value
  std::uint64_t seed = 1;
  std::string runtime = "";  ///< further settings of the runtime: ", \"max_threads\": 5"
  std::string rest = "";  ///< further sections: "\"stop\": {…}, "
};

[[nodiscard]] Ran run(const Setup& setup);

/// The logs as one line each would need five: "a 1 | b | c 2 3".
[[nodiscard]] std::string joined(const std::vector<std::string>& lines);

}  // namespace gmpsim::fixtures
