#pragma once
// What a person reads after `gmpsim run`: latencies, the Ps, the queues, verdicts with their culprits, the fingerprint.

#include <string>
#include <vector>

#include "analysis/compare.hpp"
#include "analysis/metrics.hpp"
#include "analysis/oracle.hpp"
#include "analysis/table.hpp"

namespace gmpsim {

/// Everything that a report of one run tells.
struct RunReport {
  const Metrics* metrics = nullptr;
  std::vector<Verdict> verdicts;
  EndOfRun end;
  std::uint64_t events = 0;
  Fingerprint fingerprint;
  /// In millionths: 99.9 is 99 900 000.
  std::vector<std::int64_t> percentiles{50'000'000, 90'000'000, 99'000'000, 99'900'000};
  std::vector<std::string> spans;  ///< to be shown; empty: all
  std::vector<std::string> next;  ///< commands to go on with, shown after findings
};

/// 99 900 000 is "p99.9".
[[nodiscard]] std::string percentile_name(std::int64_t millionths);
[[nodiscard]] std::int64_t percentile_of(const Histogram& h, std::int64_t millionths);

/// The `run` screen.
[[nodiscard]] std::string render_run(const RunReport& report, const TextStyle& style);
/// One verdict: "FAIL fair   longest wait 1.2s > 20ms   G4812 request, P2 local queue", culprits on lines of their own.
[[nodiscard]] std::string render_verdicts(const std::vector<Verdict>& verdicts, const TextStyle& style);
/// The `compare` screen.
[[nodiscard]] std::string render_comparison(const Comparison& comparison, const TextStyle& style);

}  // namespace gmpsim
