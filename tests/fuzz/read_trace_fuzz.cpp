// Any bytes as a recorded trace: read it, let metrics and every oracle judge it, write it again. The reader promises
// records with dense numbers and nothing more, so whoever reads records must stand any order of them.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>

#include "analysis/metrics.hpp"
#include "analysis/oracle.hpp"
#include "analysis/trace_io.hpp"

namespace {

using namespace gmpsim;

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<OracleSpec> all_checks() {
  std::vector<OracleSpec> out;
  for (const OracleDoc& doc : list_oracles()) {
    OracleSpec s;
    s.name = s.kind = doc.kind;
    s.max = 1'000;
    s.within = 1'000;
    s.by = 1'000;
    s.mark = "m";
    s.label = "m";
    s.jain_min = 0.9;
    s.expression = "delay.p99 < 1ms && sched.steals >= 0 && goroutines.live < 100";
    if (doc.kind == "fairness") s.mark.clear();
    out.push_back(s);
    s.name += " on";
    s.on = "jobs";
    if (doc.kind == "bounded_wait") out.push_back(s);
  }
  return out;
}

/// Metrics, oracles and a writer over one trace.
struct Judge final : Sink {
  explicit Judge(const TraceInfo& info) : metrics(info), checks(metrics, {}), writer(written, info) {
    for (const OracleSpec& s : all_checks()) (void)checks.add(s);
  }
  void consume(std::span<const Transition> records) override {
    checks.consume(records);
    writer.consume(records);
  }
  Metrics metrics;
  Checks checks;
  std::ostringstream written;
  BinaryTraceWriter writer;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  std::optional<Judge> judge;
  TraceSummary summary;
  const auto begin = [&](const TraceInfo& info) -> Sink* { return &judge.emplace(info); };
  const std::optional<TraceError> error = read_trace(in, begin, summary);
  if (!judge) {
    require(error.has_value());
    return 0;
  }
  EndOfRun end;
  end.how = EndOfRun::How::time;
  end.at = summary.end;
  (void)judge->checks.finish(end);
  if (error) return 0;
  judge->writer.finish();
  std::istringstream again_in(judge->written.str());
  TraceSummary again;
  const std::optional<TraceError> again_error =
      read_trace(again_in, [](const TraceInfo&) -> Sink* { return nullptr; }, again);
  require(!again_error && again.records == summary.records && again.fingerprint == summary.fingerprint);
  return 0;
}
