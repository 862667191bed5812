#pragma once
// What a scenario says, as text that any program with the same behaviour prints alike: `run --format log`, and what an
// exported Go program prints (tools/go_export).
//
//   G2 worker: log squared = 3 9      in the order in which it happened; mark, span (its end), assert (that was false) alike
//   outcome: done                     or time, exit, deadlock: …, panic: …, fatal: …, limit: …
//   count: log squared: 3             how often each label was met, sorted
//   blocked: G2 worker: chan receive  goroutines that wait at the end, with the wait reason of that version of Go
//
// No times and no addresses: two runs with the same order are the same text. References show as the name of the declared
// resource, else as their kind.

#include <map>
#include <string>
#include <vector>

#include "analysis/oracle.hpp"
#include "sim/recorder.hpp"

namespace gmpsim {

class RunLog final : public Sink {
 public:
  /// `info` must outlive this.
  explicit RunLog(const TraceInfo& info) : info_(info) {}
  void consume(std::span<const Transition> records) override;
  /// All of it, after the run.
  [[nodiscard]] std::string text(const EndOfRun& end) const;

 private:
  void event(const Transition& t, const char* kind);
  [[nodiscard]] std::string who(std::uint32_t g) const;

  const TraceInfo& info_;
  std::vector<std::uint32_t> programs_{0};  ///< by goroutine
  std::string lines_;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace gmpsim
