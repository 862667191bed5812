#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analysis/trace_io.hpp"
#include "trace_builder.hpp"

using namespace gmpsim;
using fixtures::Story;

namespace {

struct Keep final : Sink {
  std::vector<Transition> records;
  void consume(std::span<const Transition> r) override { records.insert(records.end(), r.begin(), r.end()); }
};

std::string written(const Story& s, std::size_t piece = 512) {
  std::ostringstream out;
  BinaryTraceWriter writer(out, s.info);
  s.tell_in_pieces(writer, piece);
  writer.finish();
  return out.str();
}

struct Read {
  std::optional<TraceError> error;
  TraceSummary summary;
  Keep sink;
  explicit Read(const std::string& bytes) {
    std::istringstream in(bytes);
    error = read_trace(in, [&](const TraceInfo&) { return &sink; }, summary);
  }
};

/// A run of `n` goroutines on 4 Ps that pass a channel around, in the proportions a model writes.
Story busy(std::uint32_t n, std::uint32_t rounds) {
  Story s(4);
  s.info.wait_reasons = {"", "chan receive", "chan send"};
  for (std::uint16_t p = 0; p < 4; ++p) s.proc(0, p);
  for (std::uint32_t g = 1; g <= n; ++g) s.starts(g, g, g % 2, static_cast<std::uint16_t>(g % 4));
  Time at = n + 1;
  std::uint64_t x = 7;
  for (std::uint32_t i = 0; i < rounds; ++i) {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    const std::uint32_t g = 1 + static_cast<std::uint32_t>(x % n);
    const std::uint16_t p = static_cast<std::uint16_t>(g % 4);
    at += static_cast<Time>(x % 700);
    s.waiting(at, g, p, WaitReason::chan_receive, 1).runnable(at + 200, g, p).running(at + 400, g, p);
    if (i % 8 == 0) s.label(at + 410, Kind::span_begin, g, 1, at + 410).label(at + 900, Kind::span_end, g, 1, at + 410);
    at += 1000;
  }
  return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trace_io)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
  Story s = busy(40, 3000);
  for (int k = 1; k < static_cast<int>(Kind::kCount); ++k) {  // every kind, with extreme fields
    const bool labelled = static_cast<Kind>(k) >= Kind::mark || static_cast<Kind>(k) == Kind::panic;
    const std::uint32_t a = labelled ? 2
                            : static_cast<Kind>(k) >= Kind::acquire || static_cast<Kind>(k) == Kind::g_waiting
                                ? dynamic_object(ObjectKind::mutex, 77)
                                : 0xffffffffu;
    s.add(s.records.back().at + 1, static_cast<Kind>(k), 255, k % 2 ? kNoP : 3, k % 3 ? 0xf0000001u : kNoG,
          k % 5 ? 0xfffffffeu : 0u, a, k % 2 ? INT64_MIN : INT64_MAX);
  }
  s.add(kNever, Kind::sched_sample);
  for (const std::size_t piece : {1u, 512u, 100'000u}) {
    const Read r(written(s, piece));
    BOOST_TEST_REQUIRE(!r.error.has_value(), r.error->message);
    BOOST_TEST((r.sink.records == s.records));
    BOOST_TEST(r.summary.records == s.records.size());
    BOOST_TEST(r.summary.info.scenario == "story");
    BOOST_TEST(r.summary.info.seed == 7u);
    BOOST_TEST(r.summary.info.procs == 4u);
    BOOST_TEST(r.summary.info.programs[1].klass == "latency");
    BOOST_TEST(r.summary.info.objects[3].name == "R");
    BOOST_TEST((r.summary.info.objects[3].kind == ObjectKind::rwmutex));
    BOOST_TEST(r.summary.info.labels[2] == "boom");
    BOOST_TEST(r.summary.info.wait_reasons[2] == "chan send");
    Hasher h;
    for (const Transition& t : s.records) h.add(t);
    BOOST_TEST((r.summary.fingerprint == h.value()));
  }
}

BOOST_AUTO_TEST_CASE(names_made_during_the_run_come_before_their_first_use) {
  Story s;
  s.starts(0, 1, 0);
  std::ostringstream out;
  BinaryTraceWriter writer(out, s.info);
  s.tell(writer);
  s.info.labels.push_back("late");
  s.info.objects.push_back({"new", ObjectKind::cond});
  s.info.programs.push_back({"runtime", ""});
  Story more;
  more.label(10, Kind::mark, 1, 4).waiting(20, 1, 0, WaitReason::cond_wait, 5);
  more.tell(writer);
  writer.finish();
  const Read r(out.str());
  BOOST_TEST(!r.error.has_value());
  BOOST_TEST(r.summary.info.labels.back() == "late");
  BOOST_TEST(r.summary.info.objects.back().name == "new");
  BOOST_TEST(r.summary.info.programs.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_record_takes_less_than_eight_bytes) {
  const Story s = busy(1000, 50'000);
  const double each = static_cast<double>(written(s).size()) / static_cast<double>(s.records.size());
  BOOST_TEST_MESSAGE("bytes a record: " << each);
  BOOST_TEST(each < 8.0);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_an_error_with_a_place) {
  const std::string bytes = written(busy(3, 20));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const Read r(bytes.substr(0, n));
    BOOST_TEST_REQUIRE(r.error.has_value(), "cut to " << n);
    BOOST_TEST_REQUIRE(r.error->offset <= n);
    BOOST_TEST_REQUIRE(!r.error->message.empty());
  }
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_noticed_or_harmless_to_the_records) {
  const Story s = busy(3, 20);
  const std::string bytes = written(s);
  std::size_t noticed = 0;
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    std::string damaged = bytes;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ 1 << i % 8);
    const Read r(damaged);
    noticed += r.error.has_value();
    if (!r.error) BOOST_TEST_REQUIRE((r.sink.records == s.records));  // only a name or a fact of the head changed
  }
  BOOST_TEST(noticed > bytes.size() * 4);
}

BOOST_AUTO_TEST_CASE(no_bytes_crash_the_reader_or_what_reads_behind_it) {
  const std::string good = written(busy(5, 50));
  std::uint64_t x = 99;
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = good;
    for (int k = 0; k < 1 + round % 20; ++k) {
      x ^= x << 13, x ^= x >> 7, x ^= x << 17;
      bytes[x % bytes.size()] = static_cast<char>(x >> 32);
    }
    std::istringstream in(bytes);
    TraceSummary summary;
    std::optional<Metrics> metrics;
    const auto error = read_trace(in, [&](const TraceInfo& info) { return &metrics.emplace(info); }, summary);
    if (metrics) {
      metrics->finish(summary.end);
      for (const MetricDoc& doc : list_metrics()) (void)metrics->value_of(doc.name);
    }
    (void)error;
  }
}

BOOST_AUTO_TEST_CASE(hostile_lengths_allocate_nothing) {
  const std::string head = written(Story()).substr(0, 8 + 1);                // magic and version
  Read huge(head + std::string("\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 9));  // a name of 2^62 bytes
  BOOST_TEST_REQUIRE(huge.error.has_value());
  BOOST_TEST(huge.error->message.find("too large") != std::string::npos);
  BOOST_TEST(Read("gmptrace\x02").error->message.find("version 2") != std::string::npos);
  BOOST_TEST(Read("PK\x03\x04").error->message == "this is no gmpsim trace");
  Story gap;
  gap.starts(0, 1, 0).create(5, 90'000'000, 0);
  BOOST_TEST(Read(written(gap)).error->message == "goroutine 90000000 is named before goroutine 2 was");
  Story label;
  label.starts(0, 1, 0).label(5, Kind::mark, 1, 9);
  BOOST_TEST(Read(written(label)).error->message == "label 9 is not defined");
}

BOOST_AUTO_TEST_CASE(json_lines_resolve_names) {
  Story s;
  s.info.programs[0].name = "wor\"ker";
  s.starts(0, 1, 0)
      .waiting(50, 1, 0, WaitReason::chan_receive, 1)
      .add(60, Kind::log, 0, 1, 1, kNoM, 1, -4)
      .acquire(70, 1, 4, true);
  std::ostringstream out;
  JsonLinesWriter writer(out, s.info);
  s.tell(writer);
  std::istringstream in(out.str());
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
  BOOST_TEST_REQUIRE(lines.size() == s.records.size() + 1);
  BOOST_TEST(lines[0]["kind"] == "Trace");
  BOOST_TEST(lines[2]["kind"] == "g_runnable");
  BOOST_TEST(lines[2]["why"] == "created");
  BOOST_TEST(lines[2]["program"] == "wor\"ker");
  BOOST_TEST(lines[3]["from"] == "local");
  BOOST_TEST(lines[4]["object"] == "jobs");
  BOOST_TEST(lines[4]["reason"] == "chan_receive");
  BOOST_TEST(lines[5]["label"] == "work");
  BOOST_TEST(lines[5]["value"] == -4);
  BOOST_TEST(lines[6]["shared"] == true);
}

BOOST_AUTO_TEST_SUITE_END()
