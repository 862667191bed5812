#pragma once
// Traces on disk: JSON lines for people and scripts, and a compact binary form for us.
//
// Binary form: magic and version; the facts of TraceInfo; blocks of records, each record a byte for its kind, a byte
// that says which fields differ from what is expected of the kind and the P, and those fields as variable-length
// integers (times as differences); definitions of labels and objects made during the run, before the first record that
// may name them; at the end the number of records and their fingerprint. About 6 bytes a record before compression.
//
// Rejected: raw 32-byte records (five times the size, and padding or byte order would be part of the format);
// a schema library (none in the house). Invariants: the reader accepts any bytes: it returns an error with the offset,
// allocates in proportion to what it has read, and delivers only records that keep the vocabulary's invariants.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>

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

class BinaryTraceWriter final : public Sink {
 public:
  BinaryTraceWriter(std::ostream& out, const TraceInfo& info);
  void consume(std::span<const Transition> records) override;
  /// Writes the end: number of records, fingerprint. Nothing may be consumed after it.
  void finish();

 private:
  friend class BinaryTraceReader;
  struct Predictor;
  void define();
  std::ostream* out_;
  const TraceInfo* info_;
  Hasher hasher_;
  std::size_t labels_ = 0;
  std::size_t objects_ = 0;
  Time at_ = 0;
  std::uint16_t p_ = kNoP;
  std::vector<std::uint32_t> g_of_p_, m_of_p_;
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

/// Reads a binary trace. `begin(info)` is called once the facts are known and returns the sink for the records (null:
/// only verify); the info it gets grows while labels are defined, and stays valid until `read_trace` returns.
[[nodiscard]] std::optional<TraceError> read_trace(std::istream& in, const std::function<Sink*(const TraceInfo&)>& begin, TraceSummary& summary);

}  // namespace gmpsim
