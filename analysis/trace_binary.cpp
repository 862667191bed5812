// The binary form of traces: writer and hardened reader (trace_io.hpp describes the layout).

#include <algorithm>
#include <istream>
#include <ostream>

#include "analysis/trace_io.hpp"
#include "analysis/witness.hpp"

namespace gmpsim {
namespace {

constexpr std::string_view kMagic = "gmptrace";
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kMaxText = 4096;       // bytes of a name
constexpr std::uint64_t kMaxNames = 1u << 24;  // names of one sort
constexpr std::uint64_t kMaxBlock = 1u << 20;  // bytes of a block of records

enum Tag : std::uint8_t { tag_definitions = 1, tag_records = 2, tag_end = 3 };

// The byte of the kind has two bits to spare.
constexpr std::uint8_t kKindBits = 0x3f, kMoved = 0x40, kWhy = 0x80;
// The byte of fields.
constexpr std::uint8_t kP = 1, kG = 2, kM = 4, kA = 8, kValue = 16, kFields = 31;
static_assert(static_cast<int>(Kind::kCount) <= kKindBits + 1);

/// Kinds whose value is an instant near `at`.
constexpr std::uint64_t kInstants = bit(Kind::g_waiting) | bit(Kind::m_poll) | bit(Kind::m_wake) |
                                    bit(Kind::timer_set) | bit(Kind::timer_fire) | bit(Kind::span_begin) |
                                    bit(Kind::span_end);

bool is_instant(Kind kind) { return (kInstants >> static_cast<int>(kind) & 1) != 0; }

std::uint64_t zigzag(std::int64_t v) {
  return static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63);
}
std::int64_t unzigzag(std::uint64_t v) { return static_cast<std::int64_t>(v >> 1 ^ (~(v & 1) + 1)); }
/// Differences wrap around, so that every pair of values has one.
std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

void put(std::string& out, std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) out += static_cast<char>(v | 0x80);
  out += static_cast<char>(v);
}
void put(std::string& out, std::string_view text) {
  text = text.substr(0, kMaxText);
  put(out, text.size());
  out += text;
}

void encode(std::string& out, const Transition& t, const TracePredictor& expected) {
  const std::uint32_t g = expected.g(t.kind, t.p);
  const std::uint32_t m = expected.m(t.kind, t.p);
  const std::int64_t value = is_instant(t.kind) && t.value != 0 ? difference(t.value, t.at) : t.value;
  out += static_cast<char>(static_cast<std::uint8_t>(t.kind) | (t.at != expected.at ? kMoved : 0) |
                           (t.why != 0 ? kWhy : 0));
  out += static_cast<char>((t.p != expected.p ? kP : 0) | (t.g != g ? kG : 0) | (t.m != m ? kM : 0) |
                           (t.a != 0 ? kA : 0) | (t.value != 0 ? kValue : 0));
  if (t.at != expected.at) put(out, static_cast<std::uint64_t>(t.at - expected.at));
  if (t.why != 0) out += static_cast<char>(t.why);
  if (t.p != expected.p) put(out, static_cast<std::uint16_t>(t.p + 1u));  // kNoP becomes 0
  if (t.g != g) put(out, zigzag(static_cast<std::int64_t>(t.g) - g));
  if (t.m != m) put(out, static_cast<std::uint32_t>(t.m + 1u));
  if (t.a != 0) put(out, t.a);
  if (t.value != 0) put(out, zigzag(value));
}

}  // namespace

void TracePredictor::learn(const Transition& t) {
  const std::uint64_t kind = std::uint64_t{1} << static_cast<int>(t.kind);
  at = t.at;
  p = t.p;
  if (t.g != kNoG) {
    g_of_p[t.p & 255] = t.g;
    uses_g |= kind;
  } else {
    uses_g &= ~kind;
  }
  if (t.m != kNoM) {
    m_of_p[t.p & 255] = t.m;
    uses_m |= kind;
  } else {
    uses_m &= ~kind;
  }
}

// --- writing

BinaryTraceWriter::BinaryTraceWriter(std::ostream& out, const TraceInfo& info) : out_(&out), info_(&info) {
  std::string head(kMagic);
  put(head, kVersion);
  put(head, info.scenario);
  put(head, info.preset);
  put(head, info.policy);
  put(head, info.seed);
  put(head, std::uint64_t{info.procs});
  put(head, std::uint64_t{info.cores});
  put(head, std::uint64_t{info.wait_reasons.size()});
  for (const std::string& reason : info.wait_reasons) put(head, reason);
  out_->write(head.data(), static_cast<std::streamsize>(head.size()));
}

void BinaryTraceWriter::define() {
  if (programs_ == info_->programs.size() && labels_ == info_->labels.size() && objects_ == info_->objects.size())
    return;
  std::string block(1, static_cast<char>(tag_definitions));
  put(block, std::uint64_t{info_->programs.size() - programs_});
  for (; programs_ < info_->programs.size(); ++programs_) {
    put(block, info_->programs[programs_].name);
    put(block, info_->programs[programs_].klass);
  }
  put(block, std::uint64_t{info_->objects.size() - objects_});
  for (; objects_ < info_->objects.size(); ++objects_) {
    put(block, info_->objects[objects_].name);
    block += static_cast<char>(info_->objects[objects_].kind);
  }
  put(block, std::uint64_t{info_->labels.size() - labels_});
  for (; labels_ < info_->labels.size(); ++labels_) put(block, info_->labels[labels_]);
  out_->write(block.data(), static_cast<std::streamsize>(block.size()));
}

void BinaryTraceWriter::consume(std::span<const Transition> records) {
  define();
  constexpr std::size_t kAtOnce = 4096;  // keeps a block far below kMaxBlock
  while (!records.empty()) {
    const std::span<const Transition> part = records.first(std::min(records.size(), kAtOnce));
    records = records.subspan(part.size());
    block_.clear();
    for (const Transition& t : part) {
      encode(block_, t, predictor_);
      predictor_.learn(t);
      hasher_.add(t);
    }
    std::string head(1, static_cast<char>(tag_records));
    put(head, std::uint64_t{part.size()});
    put(head, std::uint64_t{block_.size()});
    out_->write(head.data(), static_cast<std::streamsize>(head.size()));
    out_->write(block_.data(), static_cast<std::streamsize>(block_.size()));
  }
}

void BinaryTraceWriter::finish() {
  define();
  std::string end(1, static_cast<char>(tag_end));
  put(end, hasher_.count());
  const Fingerprint f = hasher_.value();
  for (const std::uint64_t half : {f.hi, f.lo}) {
    for (int i = 0; i < 8; ++i) end += static_cast<char>(half >> (8 * i));
  }
  out_->write(end.data(), static_cast<std::streamsize>(end.size()));
  out_->flush();
}

// --- reading

namespace {

/// Bytes with a place; after the first problem everything reads as 0 and the problem stays.
class Bytes {
 public:
  explicit Bytes(std::istream& in) : in_(&in) {}

  std::uint8_t byte(const char* what) {
    if (error_) return 0;
    const int c = in_->get();
    if (c == std::istream::traits_type::eof()) {
      fail(std::string("the file ends within ") + what);
      return 0;
    }
    ++offset_;
    return static_cast<std::uint8_t>(c);
  }
  std::uint64_t number(const char* what) {
    std::uint64_t v = 0;
    for (int shift = 0; shift < 70 && !error_; shift += 7) {
      const std::uint8_t b = byte(what);
      if (shift == 63 && b > 1) break;
      v |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return v;
    }
    fail(std::string("a number that does not fit in 64 bits, in ") + what);
    return 0;
  }
  std::uint64_t bounded(const char* what, std::uint64_t max) {
    const std::uint64_t v = number(what);
    if (v <= max) return v;
    fail(std::to_string(v) + " is too large for " + what + " (at most " + std::to_string(max) + ")");
    return 0;
  }
  std::string text(const char* what) {
    std::string s;
    const std::uint64_t length = bounded(what, kMaxText);
    for (std::uint64_t i = 0; i < length && !error_; ++i) s += static_cast<char>(byte(what));
    return s;
  }
  void fail(std::string message) {
    if (!error_) error_ = TraceError{offset_, std::move(message)};
  }
  [[nodiscard]] bool ok() const { return !error_; }
  [[nodiscard]] const std::optional<TraceError>& error() const { return error_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

 private:
  std::istream* in_;
  std::uint64_t offset_ = 0;
  std::optional<TraceError> error_;
};

void read_facts(Bytes& in, TraceInfo& info) {
  for (const char c : kMagic) {
    if (in.byte("the head") != static_cast<std::uint8_t>(c)) return in.fail("this is no gmpsim trace");
  }
  const std::uint64_t version = in.number("the version");
  if (in.ok() && version != kVersion)
    return in.fail("version " + std::to_string(version) + " of the format is not known here, only 1");
  info.scenario = in.text("the name of the scenario");
  info.preset = in.text("the preset");
  info.policy = in.text("the policy");
  info.seed = in.number("the seed");
  info.procs = static_cast<std::uint32_t>(in.bounded("the number of Ps", Witness::kMaxProc));
  info.cores = static_cast<std::uint32_t>(in.bounded("the number of cores", 1u << 20));
  const std::uint64_t reasons = in.bounded("the number of wait reasons", 255);
  for (std::uint64_t i = 0; i < reasons && in.ok(); ++i) info.wait_reasons.push_back(in.text("a wait reason"));
}

void read_definitions(Bytes& in, TraceInfo& info) {
  const std::uint64_t programs = in.bounded("the number of programs", (1u << 16) - info.programs.size());
  for (std::uint64_t i = 0; i < programs && in.ok(); ++i) {
    std::string name = in.text("the name of a program");
    std::string klass = in.text("the class of a program");
    info.programs.push_back({std::move(name), std::move(klass)});
  }
  const std::uint64_t objects = in.bounded("the number of objects", kMaxNames - info.objects.size());
  for (std::uint64_t i = 0; i < objects && in.ok(); ++i) {
    std::string name = in.text("the name of an object");
    const std::uint8_t kind = in.byte("the kind of an object");
    if (kind > static_cast<std::uint8_t>(ObjectKind::variable))
      return in.fail("there is no kind of object " + std::to_string(kind));
    info.objects.push_back({std::move(name), static_cast<ObjectKind>(kind)});
  }
  const std::uint64_t labels = in.bounded("the number of labels", kMaxNames - info.labels.size());
  for (std::uint64_t i = 0; i < labels && in.ok(); ++i) info.labels.push_back(in.text("a label"));
}

Transition decode(Bytes& in, const TracePredictor& expected) {
  constexpr const char* what = "a record";
  Transition t;
  const std::uint8_t head = in.byte(what);
  const std::uint8_t fields = in.byte(what);
  t.kind = static_cast<Kind>(head & kKindBits);
  if (in.ok() && (t.kind == Kind::none || t.kind >= Kind::kCount || (fields & ~kFields) != 0))
    in.fail("there is no such kind of record");
  if (!in.ok()) return t;
  t.at = expected.at;
  if ((head & kMoved) != 0)
    t.at = expected.at +
           static_cast<Time>(in.bounded("the time of a record", static_cast<std::uint64_t>(kNever - expected.at)));
  if ((head & kWhy) != 0) t.why = in.byte(what);
  t.p = (fields & kP) != 0 ? static_cast<std::uint16_t>(in.bounded("a P", 0xffff) - 1) : expected.p;
  const std::int64_t g = expected.g(t.kind, t.p);
  const std::int64_t named = (fields & kG) != 0 ? sum(g, unzigzag(in.number("a goroutine"))) : g;
  t.m =
      (fields & kM) != 0 ? static_cast<std::uint32_t>(in.bounded("a thread", 0xffffffff) - 1) : expected.m(t.kind, t.p);
  if ((fields & kA) != 0) t.a = static_cast<std::uint32_t>(in.bounded("a field", 0xffffffff));
  if ((fields & kValue) != 0) t.value = unzigzag(in.number("a value"));
  if (is_instant(t.kind) && (fields & kValue) != 0) t.value = sum(t.value, t.at);
  if (in.ok() && (named < 0 || named > 0xffffffff)) in.fail("there can be no goroutine " + std::to_string(named));
  t.g = static_cast<std::uint32_t>(named);
  return t;
}

/// Numbers must have been introduced; see the invariants in trace_io.hpp.
void check(Bytes& in, const Transition& t, const TraceInfo& info, std::uint32_t& highest) {
  // The runtime's own goroutines are numbered apart, and nobody keeps anything by their numbers.
  const bool own = t.g >= Witness::kMaxGoroutine;
  if (!own && t.g > highest + 1)
    return in.fail("goroutine " + std::to_string(t.g) + " is named before goroutine " + std::to_string(highest + 1) +
                   " was");
  if (!own) highest = std::max(highest, t.g);
  if (t.kind != Kind::log && t.p != kNoP && t.p >= Witness::kMaxProc)
    return in.fail("there can be no P " + std::to_string(t.p));
  switch (t.kind) {
    case Kind::g_waiting:
    case Kind::acquire:
    case Kind::release:
    case Kind::thread_waits:
      if (t.a > info.objects.size() && t.a < dynamic_object(ObjectKind::chan, 0))
        in.fail("object " + std::to_string(t.a) + " is not defined");
      break;
    case Kind::panic:
    case Kind::mark:
    case Kind::span_begin:
    case Kind::span_end:
    case Kind::log:
    case Kind::assert_fail:
    case Kind::phase:
      if (t.a >= info.labels.size()) in.fail("label " + std::to_string(t.a) + " is not defined");
      break;
    default: break;
  }
}

}  // namespace

std::optional<TraceError> read_trace(std::istream& stream, const std::function<Sink*(const TraceInfo&)>& begin,
                                     TraceSummary& summary) {
  Bytes in(stream);
  summary = TraceSummary{};
  read_facts(in, summary.info);
  if (!in.ok()) return in.error();
  Sink* const sink = begin ? begin(summary.info) : nullptr;

  Hasher hasher;
  TracePredictor predictor;
  std::uint32_t highest = 0;
  std::vector<Transition> part;
  while (in.ok()) {
    const std::uint8_t tag = in.byte("the trace: its last block is missing");
    if (tag == tag_definitions) {
      read_definitions(in, summary.info);
    } else if (tag == tag_records) {
      const std::uint64_t count = in.bounded("a block of records", kMaxBlock);
      const std::uint64_t bytes = in.bounded("a block of records", kMaxBlock);
      const std::uint64_t until = in.offset() + bytes;
      part.clear();
      for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
        part.push_back(decode(in, predictor));
        if (!in.ok()) break;
        predictor.learn(part.back());
        check(in, part.back(), summary.info, highest);
        hasher.add(part.back());
      }
      if (in.ok() && in.offset() != until) in.fail("a block of records has another length than it says");
      if (!in.ok()) break;
      if (sink != nullptr && !part.empty()) sink->consume(part);
    } else if (tag == tag_end && in.ok()) {
      const std::uint64_t count = in.number("the end");
      Fingerprint stored;
      for (std::uint64_t* half : {&stored.hi, &stored.lo}) {
        for (int i = 0; i < 8; ++i) *half |= static_cast<std::uint64_t>(in.byte("the fingerprint")) << (8 * i);
      }
      summary.records = hasher.count();
      summary.fingerprint = hasher.value();
      summary.end = predictor.at;
      if (in.ok() && count != hasher.count())
        in.fail("the trace says " + std::to_string(count) + " records and has " + std::to_string(hasher.count()));
      if (in.ok() && stored != summary.fingerprint)
        in.fail("the fingerprint is " + summary.fingerprint.hex() + ", not " + stored.hex() +
                " as stored: the file was damaged");
      return in.error();
    } else {
      in.fail("there is no block of kind " + std::to_string(tag));
    }
  }
  return in.error();
}

}  // namespace gmpsim
