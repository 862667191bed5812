// The recorder and its fingerprint: every field and the order matter, how the stream is cut does not.

#include "sim/recorder.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

#include "sim/random.hpp"

namespace gmpsim {
namespace {

/// Stream number i of a thousand records that use every field.
Transition record(std::int64_t i) {
  return {.at = i * 10,
          .kind = Kind::g_running,
          .why = static_cast<std::uint8_t>(i % 7),
          .p = static_cast<std::uint16_t>(i % 3),
          .g = static_cast<std::uint32_t>(i),
          .m = 1,
          .a = 2,
          .value = -i};
}

Fingerprint fingerprint_of(const std::vector<Transition>& records) {
  Recorder recorder;
  for (const Transition& t : records) recorder.write(t);
  return recorder.fingerprint();
}

struct Keeper final : Sink {
  std::vector<Transition> kept;
  int calls = 0;
  void consume(std::span<const Transition> records) override {
    kept.insert(kept.end(), records.begin(), records.end());
    ++calls;
  }
};

BOOST_AUTO_TEST_SUITE(recorder_suite)

BOOST_AUTO_TEST_CASE(fingerprints_are_pinned) {
  // Changing the hash makes every stored fingerprint and every replay token look departed: never without a reason.
  Recorder recorder;
  BOOST_TEST(recorder.fingerprint().hex() == "c61617ee9dab895481e3b49295467093");
  for (int i = 0; i < 1'000; ++i) recorder.write(record(i));
  BOOST_TEST(recorder.fingerprint().hex() == "c09d8d7c5ddad56dca900cfaad5d24ed");
  BOOST_TEST(recorder.fingerprint().short_hex() == "c09d8d7c5ddad56d");
  BOOST_TEST(recorder.count() == 1'000u);
}

BOOST_AUTO_TEST_CASE(every_bit_of_every_field_matters) {
  std::vector<Transition> records;
  for (int i = 0; i < 20; ++i) records.push_back(record(i));
  std::set<std::string> seen{fingerprint_of(records).hex()};
  std::size_t changes = 0;
  const auto changed = [&](auto flip, int bits) {
    for (int bit = 0; bit < bits; ++bit) {
      std::vector<Transition> other = records;
      flip(other[7], bit);
      seen.insert(fingerprint_of(other).hex());
      ++changes;
    }
  };
  changed([](Transition& t, int bit) { t.at ^= Time{1} << bit; }, 63);
  changed([](Transition& t, int bit) { t.kind = static_cast<Kind>(static_cast<int>(t.kind) ^ 1 << bit); }, 8);
  changed([](Transition& t, int bit) { t.why = static_cast<std::uint8_t>(t.why ^ 1 << bit); }, 8);
  changed([](Transition& t, int bit) { t.p = static_cast<std::uint16_t>(t.p ^ 1 << bit); }, 16);
  changed([](Transition& t, int bit) { t.g ^= 1u << bit; }, 32);
  changed([](Transition& t, int bit) { t.m ^= 1u << bit; }, 32);
  changed([](Transition& t, int bit) { t.a ^= 1u << bit; }, 32);
  changed([](Transition& t, int bit) { t.value ^= std::int64_t{1} << bit; }, 63);
  BOOST_TEST(seen.size() == changes + 1);
}

BOOST_AUTO_TEST_CASE(order_and_number_matter) {
  std::vector<Transition> records;
  for (int i = 0; i < 6; ++i) records.push_back(record(i));
  std::set<std::string> seen{fingerprint_of(records).hex()};
  for (std::size_t i = 0; i + 1 < records.size(); ++i) {
    std::vector<Transition> swapped = records;
    std::swap(swapped[i], swapped[i + 1]);
    seen.insert(fingerprint_of(swapped).hex());
  }
  std::vector<Transition> longer = records;
  longer.push_back(Transition{});
  seen.insert(fingerprint_of(longer).hex());
  longer.push_back(Transition{});  // records of nothing but default values count, too
  seen.insert(fingerprint_of(longer).hex());
  BOOST_TEST(seen.size() == records.size() - 1 + 3);
}

BOOST_AUTO_TEST_CASE(no_two_of_many_short_streams_share_a_half_of_the_fingerprint) {
  std::set<std::uint64_t> high, low;
  constexpr std::uint64_t kStreams = 100'000;
  for (std::uint64_t i = 0; i < kStreams; ++i) {
    Hasher hasher;  // neighbours in one small field: the hardest case for a weak hash
    hasher.add({.at = static_cast<Time>(i % 100), .g = static_cast<std::uint32_t>(i / 100)});
    high.insert(hasher.value().hi);
    low.insert(hasher.value().lo);
  }
  BOOST_TEST(high.size() == kStreams);
  BOOST_TEST(low.size() == kStreams);
}

BOOST_AUTO_TEST_CASE(how_the_stream_is_cut_does_not_matter) {
  constexpr int kRecords = 2 * static_cast<int>(Recorder::kBuffer) + 17;
  Recorder whole;
  for (int i = 0; i < kRecords; ++i) whole.write(record(i));
  for (const std::uint64_t seed : {1, 2, 3}) {
    Recorder cut;
    for (int i = 0; i < kRecords; ++i) {
      cut.write(record(i));
      if (bounded(random_bits(seed, 0, 0, static_cast<std::uint64_t>(i)), 5) == 0) cut.flush();
    }
    BOOST_TEST((cut.fingerprint() == whole.fingerprint()));
  }
}

BOOST_AUTO_TEST_CASE(sinks_see_every_record_once_and_in_order) {
  constexpr int kRecords = 3 * static_cast<int>(Recorder::kBuffer) + 1;
  Recorder recorder;
  Keeper keeper;
  recorder.add_sink(keeper);
  std::vector<Transition> written;
  for (int i = 0; i < kRecords; ++i) {
    written.push_back(record(i));
    recorder.write(written.back());
  }
  BOOST_TEST(keeper.kept.size() == 3 * Recorder::kBuffer);  // the rest waits for a full buffer or a flush
  BOOST_TEST(recorder.count() == static_cast<std::uint64_t>(kRecords));
  recorder.flush();
  recorder.flush();  // nothing new: sinks are not called with nothing
  BOOST_TEST((keeper.kept == written));
  BOOST_TEST(keeper.calls == 4);
}

BOOST_AUTO_TEST_CASE(a_recorder_that_is_off_writes_nothing) {
  Recorder recorder;
  Keeper keeper;
  recorder.add_sink(keeper);
  recorder.set_level(Recorder::Level::off);
  recorder.write(record(1));
  BOOST_TEST(recorder.count() == 0u);
  BOOST_TEST((recorder.fingerprint() == Recorder().fingerprint()));
  BOOST_TEST(keeper.calls == 0);
  recorder.set_level(Recorder::Level::on);
  recorder.write(record(1));
  BOOST_TEST((recorder.fingerprint() == fingerprint_of({record(1)})));
}

BOOST_AUTO_TEST_CASE(checkpoints_are_the_fingerprint_of_what_was_written_so_far) {
  Recorder recorder;
  recorder.keep_checkpoints(true);
  std::vector<Transition> written;
  for (int i = 0; i < 2 * static_cast<int>(Recorder::kBuffer); ++i) {
    written.push_back(record(i));
    recorder.write(written.back());
  }
  BOOST_TEST_REQUIRE(recorder.checkpoints().size() == 2u);
  const std::vector<Transition> half(written.begin(), written.begin() + Recorder::kBuffer);
  BOOST_TEST(recorder.checkpoints()[0].count == Recorder::kBuffer);
  BOOST_TEST(recorder.checkpoints()[0].at == half.back().at);
  BOOST_TEST(recorder.checkpoints()[0].hash == fingerprint_of(half).hi);
  BOOST_TEST(recorder.checkpoints()[1].hash == fingerprint_of(written).hi);
}

BOOST_AUTO_TEST_CASE(every_kind_has_a_name_of_its_own) {
  std::set<std::string> names;
  for (int k = 0; k < static_cast<int>(Kind::kCount); ++k) names.insert(name_of(static_cast<Kind>(k)));
  for (int w = 0; w < static_cast<int>(Why::kCount); ++w)
    names.insert(std::string("why ") + name_of(static_cast<Why>(w)));
  for (int f = 0; f < static_cast<int>(From::kCount); ++f)
    names.insert(std::string("from ") + name_of(static_cast<From>(f)));
  BOOST_TEST(names.size() == static_cast<std::size_t>(Kind::kCount) + static_cast<std::size_t>(Why::kCount) +
                                 static_cast<std::size_t>(From::kCount));
  BOOST_TEST(std::string(name_of(Kind::g_running)) == "g_running");
  BOOST_TEST(std::string(name_of(Kind::sched_sample)) == "sched_sample");
  BOOST_TEST(std::string(name_of(Kind::kCount)) == "?");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim
