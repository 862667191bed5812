#include "tools/schedule_file.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "sim/random.hpp"

namespace gmpsim {
namespace {

Schedule some_schedule() {
  Schedule s;
  s.key = {"a \"quoted\" name.json", 0xfeedfacecafebeef,      2,     "async",
           0x8000000000000001,       {{"params.procs", "1"}}, ms(5), false};
  s.records = 1234;
  s.fingerprint = "00112233445566778899aabbccddeeff";
  s.choices = {{{1, 2, 0}, 3, 1},
               {{1, 2, 1}, 0, 0xffffffffffffffff},
               {{9, 0, 5}, 61, 60},
               {{1, 2, 7}, 2, 0},
               {{9, 0, 6}, 61, 0}};
  s.checkpoints = {{512, 100, 0x1}, {1024, 100, 0xffffffffffffffff}};
  return s;
}

std::string written(const Schedule& s) {
  std::ostringstream out;
  write_schedule(out, s);
  return out.str();
}

/// The n-th answer of somebody, whatever the order of the groups.
const Choice* find(const Schedule& s, const Site& site) {
  for (const Choice& c : s.choices) {
    if (c.site.stream == site.stream && c.site.entity == site.entity && c.site.count == site.count) return &c;
  }
  return nullptr;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedule_file)

BOOST_AUTO_TEST_CASE(says_the_same_after_a_round_trip) {
  const Schedule before = some_schedule();
  Diagnostics problems;
  const auto after = read_schedule(written(before), "x.json", problems);
  BOOST_TEST_REQUIRE(after.has_value(), problems.render(false));
  BOOST_TEST(after->key.scenario == before.key.scenario);
  BOOST_TEST(after->key.scenario_hash == before.key.scenario_hash);
  BOOST_TEST(after->key.behaviour == before.key.behaviour);
  BOOST_TEST(after->key.policy == before.key.policy);
  BOOST_TEST(after->key.seed == before.key.seed);
  BOOST_TEST(after->key.schedtrace == before.key.schedtrace);
  BOOST_TEST_REQUIRE(after->key.overrides.size() == 1u);
  BOOST_TEST(after->key.overrides[0].path == "params.procs");
  BOOST_TEST(after->key.overrides[0].value == "1");
  BOOST_TEST(after->records == before.records);
  BOOST_TEST(after->fingerprint == before.fingerprint);
  BOOST_TEST_REQUIRE(after->choices.size() == before.choices.size());
  for (const Choice& c : before.choices) {
    const Choice* const same = find(*after, c.site);
    BOOST_TEST_REQUIRE(same != nullptr);
    BOOST_TEST(same->n == c.n);
    BOOST_TEST(same->answer == c.answer);
  }
  BOOST_TEST_REQUIRE(after->checkpoints.size() == 2u);
  BOOST_TEST(after->checkpoints[1].count == 1024u);
  BOOST_TEST(after->checkpoints[1].hash == 0xffffffffffffffffu);
}

BOOST_AUTO_TEST_CASE(a_truncation_at_any_length_is_refused) {
  const std::string text = written(some_schedule());
  for (std::size_t n = 0; n + 2 < text.size(); ++n) {
    Diagnostics problems;
    BOOST_TEST(!read_schedule(text.substr(0, n), "x.json", problems).has_value());
    BOOST_TEST(problems.has_errors());
  }
}

BOOST_AUTO_TEST_CASE(changed_bytes_are_read_or_refused_never_worse) {
  const std::string text = written(some_schedule());
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    std::string changed = text;
    for (std::uint64_t i = 0; i < 1 + seed % 3; ++i)
      changed[random_bits(seed, 1, 0, i) % changed.size()] = static_cast<char>(random_bits(seed, 2, 0, i));
    Diagnostics problems;
    const auto read = read_schedule(changed, "x.json", problems);
    BOOST_TEST(read.has_value() != problems.has_errors());
  }
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_with_their_place) {
  const auto refused = [](std::string text, const std::string& part) {
    Diagnostics problems;
    BOOST_TEST(!read_schedule(std::move(text), "x.json", problems).has_value());
    const std::string said = problems.render(false);
    BOOST_TEST(said.find(part) != std::string::npos, said);
  };
  refused(R"({"apiVersion":"gmpsim/v1","kind":"Scenario"})", "no schedule");
  refused(R"({"apiVersion":"gmpsim/v9","kind":"Schedule"})", "another version");
  refused(R"({"apiVersion":"gmpsim/v1","kind":"Schedule"})", "needs \"scenario\"");
  std::string text = written(some_schedule());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return changed;
  };
  refused(with("1/3", "3/3"), "no answer");
  refused(with("1/3", "1/0"), "no answer");
  refused(with("60/61", "60/99999999999"), "no answer");
  refused(with("\"512 100", "\"2000 100"), "in order");
  refused(with("\"0x8000000000000001\"", "\"0x18000000000000001\""), "hexadecimal");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
