#pragma once
// Which kinds of oracle there are: one file in this folder for each, found by its name (tools/cmake/Gmpsim.cmake).

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/oracle.hpp"

namespace gmpsim {

/// What `make` gives: the oracle, or in `error` what is wrong with the spec, for people.
struct OracleMade {
  OracleMade(std::string e) : error(std::move(e)) {}
  OracleMade(const char* e) : error(e) {}
  template <class T>
  OracleMade(std::unique_ptr<T> o) : oracle(std::move(o)) {}
  std::unique_ptr<Oracle> oracle;
  std::string error;
};

struct OracleKind {
  std::string kind;
  std::string doc;  ///< one line: "deadlock: none" and what it means
  OracleMade (*make)(const OracleSpec&, const TraceInfo&, const OracleHooks&);
};

class Registry_oracles {
 public:
  void add(OracleKind kind) { kinds_.push_back(std::move(kind)); }
  [[nodiscard]] const std::vector<OracleKind>& kinds() const { return kinds_; }

 private:
  std::vector<OracleKind> kinds_;
};

void register_all_oracles(Registry_oracles& registry);

// --- what several oracles say in the same words

/// A blocked goroutine as a culprit: "chan receive on jobs since 1.2ms".
[[nodiscard]] Culprit blocked_culprit(const EndOfRun::Blocked& blocked, const Metrics& metrics);
/// Whoever ran on the queue's P while `wait` lasted, if the stream tells.
[[nodiscard]] std::optional<Culprit> ran_meanwhile(const WaitRecord& wait, const Metrics& metrics);
/// "3 goroutines", "1 goroutine".
[[nodiscard]] std::string counted(std::uint64_t n, const char* noun);

}  // namespace gmpsim
