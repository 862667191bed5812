// The seam for chance: seeded answers are keyed, recorded ones replay, and a replay says where it left its log.

#include "sim/chooser.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace gmpsim {
namespace {

constexpr std::uint64_t kSteal = stream_named("steal");
constexpr std::uint64_t kSelect = stream_named("select");

/// Answers with the largest alternative; tells how often it was asked.
struct Last final : Chooser {
  int asked = 0;
  std::uint32_t choose(const Site&, std::uint32_t n) override {
    ++asked;
    return n - 1;
  }
  std::uint64_t draw(const Site&) override {
    ++asked;
    return ~0ULL;
  }
};

/// A little workload: thieves and selects ask in turn.
std::vector<std::uint64_t> ask_all(Chooser& chooser) {
  std::vector<std::uint64_t> answers;
  for (std::uint64_t count = 0; count < 50; ++count)
    for (std::uint64_t entity = 0; entity < 3; ++entity) {
      answers.push_back(chooser.choose({kSteal, entity, count}, 7));
      answers.push_back(chooser.choose({kSelect, entity, count}, 2));
      answers.push_back(chooser.draw({kSteal + 1, entity, count}));
    }
  return answers;
}

BOOST_AUTO_TEST_SUITE(chooser_suite)

BOOST_AUTO_TEST_CASE(a_seeded_answer_depends_on_its_key_and_not_on_what_was_asked_before) {
  SeededChooser first(9), second(9), other(10);
  const std::uint64_t alone = first.draw({kSteal, 4, 17});
  (void)ask_all(second);
  BOOST_TEST(second.draw({kSteal, 4, 17}) == alone);
  BOOST_TEST(alone == random_bits(9, kSteal, 4, 17));
  BOOST_TEST(other.draw({kSteal, 4, 17}) != alone);
}

BOOST_AUTO_TEST_CASE(a_choice_is_one_of_the_alternatives) {
  SeededChooser chooser(1);
  for (std::uint64_t count = 0; count < 10'000; ++count)
    BOOST_TEST_REQUIRE(chooser.choose({kSteal, 0, count}, 1 + static_cast<std::uint32_t>(count % 9)) <= count % 9);
  BOOST_TEST(chooser.choose({kSteal, 0, 0}, ~0U) < ~0U);
}

BOOST_AUTO_TEST_CASE(what_was_recorded_replays_without_asking_anybody_else) {
  SeededChooser seeded(3);
  RecordingChooser recording(seeded);
  const std::vector<std::uint64_t> original = ask_all(recording);
  BOOST_TEST(recording.log().size() == original.size());
  BOOST_TEST(!recording.truncated());

  Last otherwise;
  ReplayChooser replay(recording.log(), otherwise);
  BOOST_TEST(ask_all(replay) == original, boost::test_tools::per_element());
  BOOST_TEST(otherwise.asked == 0);
  BOOST_TEST(!replay.departed());
  BOOST_TEST(replay.answered() == original.size());
}

BOOST_AUTO_TEST_CASE(a_replay_in_another_order_gives_the_same_answers_by_key) {
  SeededChooser seeded(3);
  RecordingChooser recording(seeded);
  const std::uint32_t a = recording.choose({kSteal, 0, 0}, 100);
  const std::uint32_t b = recording.choose({kSteal, 1, 0}, 100);
  Last otherwise;
  ReplayChooser replay(recording.log(), otherwise);
  BOOST_TEST(replay.choose({kSteal, 1, 0}, 100) == b);
  BOOST_TEST(replay.choose({kSteal, 0, 0}, 100) == a);
  BOOST_TEST(!replay.departed());
}

BOOST_AUTO_TEST_CASE(a_replay_remembers_where_it_departed_first) {
  const std::vector<Choice> log = {{{kSteal, 0, 0}, 4, 2}, {{kSelect, 0, 0}, 2, 1}};
  Last otherwise;
  ReplayChooser replay(log, otherwise);
  BOOST_TEST(replay.choose({kSteal, 0, 0}, 4) == 2u);
  BOOST_TEST(replay.choose({kSelect, 0, 0}, 3) == 2u);  // three alternatives now: not the recorded question
  BOOST_TEST(replay.choose({kSteal, 0, 1}, 4) == 3u);   // unknown
  BOOST_TEST(replay.draw({kSteal, 0, 0}) == ~0ULL);     // a draw is another question than a choice
  BOOST_TEST_REQUIRE(replay.departed());
  BOOST_TEST(replay.first_departure().site.stream == kSelect);
  BOOST_TEST(replay.first_departure().n == 3u);
  BOOST_TEST(otherwise.asked == 3);
  BOOST_TEST(replay.answered() == 1u);
}

BOOST_AUTO_TEST_CASE(a_recording_stops_at_its_limit_and_says_so) {
  SeededChooser seeded(3);
  RecordingChooser recording(seeded, 2);
  for (std::uint64_t count = 0; count < 3; ++count)
    BOOST_TEST(recording.choose({kSteal, 0, count}, 5) == seeded.choose({kSteal, 0, count}, 5));
  BOOST_TEST(recording.log().size() == 2u);
  BOOST_TEST(recording.truncated());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim
