#pragma once
// Traces on disk: JSON lines for people and scripts, and a compact binary form for us.
//
// Binary form: magic and version; the facts of TraceInfo; then blocks: records, and definitions of programs, objects
// and labels before the first record that may name them; at the end the number of records and their fingerprint. A
// record is a byte for its kind, a byte that says which fields differ from what is expected (the P of the record
// before, the goroutine and the thread last seen on that P), and those fields as variable-length integers, times as
// differences.
//
// Rejected: raw 32-byte records (five times the size; padding and byte order would be part of the format); a schema
// library (none in the house). Invariants: the reader accepts any bytes: it returns an error with the offset, allocates
// in proportion to what it has read, and delivers only records whose numbers are dense (a goroutine is at most one
// above the highest so far, objects and labels are defined), so that no reader of records can be made to allocate
// without bound.

#include <array>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/recorder.hpp"
#include "sim/transition.hpp"

namespace gmpsim {

/// {"at":1200,"kind":"g_running","g":7,"program":"worker","p":2,"m":3,"from":"local"} and so on, one record a line,
/// after one line of facts.
class JsonLinesWriter final : public Sink {
 public:
  JsonLinesWriter(std::ostream& out, const TraceInfo& info);
  void consume(std::span<const Transition> records) override;

 private:
  void line(const Transition& t, std::string& text);
  std::ostream* out_;
  const TraceInfo* info_;
  std::vector<std::uint32_t> program_of_;  // by goroutine
};

/// What writer and reader expect of the next record; both learn from every record alike.
struct TracePredictor {
  Time at = 0;
  std::uint16_t p = kNoP;
  std::array<std::uint32_t, 256> g_of_p{};  // by the low byte of p
  std::array<std::uint32_t, 256> m_of_p{};
  std::uint64_t uses_g = 0;  // bit k: the last record of kind k had a goroutine
  std::uint64_t uses_m = 0;

  [[nodiscard]] std::uint32_t g(Kind kind, std::uint16_t on) const {
    return (uses_g >> static_cast<int>(kind) & 1) != 0 ? g_of_p[on & 255] : kNoG;
  }
  [[nodiscard]] std::uint32_t m(Kind kind, std::uint16_t on) const {
    return (uses_m >> static_cast<int>(kind) & 1) != 0 ? m_of_p[on & 255] : kNoM;
  }
  void learn(const Transition& t);
};

class BinaryTraceWriter final : public Sink {
 public:
  BinaryTraceWriter(std::ostream& out, const TraceInfo& info);
  void consume(std::span<const Transition> records) override;
  /// Writes the end: number of records, fingerprint. Nothing may be consumed after it.
  void finish();

 private:
  void define();
  std::ostream* out_;
  const TraceInfo* info_;
  Hasher hasher_;
  TracePredictor predictor_;
  std::size_t programs_ = 0;
  std::size_t labels_ = 0;
  std::size_t objects_ = 0;
  std::string block_;
};

/// Why a trace could not be read, for people.
struct TraceError {
  std::uint64_t offset = 0;
  std::string message;
};

struct TraceSummary {
  TraceInfo info;
  std::uint64_t records = 0;
  Time end = 0;
  Fingerprint fingerprint;
};

/// Reads a binary trace into `summary`. `begin(info)` is called once the facts are known and gives the sink for the
/// records (null: only verify); the info that it gets is `summary.info`, which grows as names are defined.
[[nodiscard]] std::optional<TraceError> read_trace(std::istream& in,
                                                   const std::function<Sink*(const TraceInfo&)>& begin,
                                                   TraceSummary& summary);

}  // namespace gmpsim
