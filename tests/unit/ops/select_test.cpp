#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_select)

BOOST_AUTO_TEST_CASE(default_only_when_nothing_is_ready) {
  const Ran r = run(
      {.main =
           R"j([{"select": [{"recv": "b", "do": [{"log": "recv"}]}, {"default": true, "do": [{"log": "default"}]}]}, {"send": "b"}, {"select": [{"recv": "b", "do": [{"log": "recv"}]}, {"default": true, "do": [{"log": "default"}]}]}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "default | recv");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(as_and_ok_are_set_in_their_case) {
  const Ran r = run(
      {.main =
           R"j([{"close": "b"}, {"select": [{"recv": "b", "as": "x", "ok": "ok", "do": [{"log": "r", "value": ["x", "ok"]}]}, {"recv": "c", "do": []}]}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "r 0 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(after_wins_when_nothing_comes_again_and_again) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 3, "do": [{"select": [{"recv": "c", "do": []}, {"after": "2ms", "do": [{"log": "late"}]}]}]}, {"log": "t", "value": "now() >= 6ms && now() < 12ms"}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "late | late | late | t 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(without_cases_it_blocks_for_ever) {
  const Ran r = run({.main = R"j([{"select": []}])j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
  BOOST_TEST(joined(r.blocked) == "G1 select (no cases)");
}

BOOST_AUTO_TEST_CASE(one_case_alone_is_the_plain_operation) {
  const Ran r = run({.main = R"j([{"select": [{"recv": "c", "do": []}]}])j",
                     .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
  BOOST_TEST(joined(r.blocked) == "G1 chan receive");
}

BOOST_AUTO_TEST_CASE(a_tuple_of_a_case_that_lost_is_given_back) {
  const Ran r = run(
      {.main =
           R"j([{"send": "b", "value": 1}, {"select": [{"send": "c", "value": [1, 2], "do": []}, {"recv": "b", "as": "x", "do": [{"log": "x", "value": "x"}]}]}, {"select": [{"send": "b", "value": [3, 4], "do": []}]}, {"recv": "b", "as": ["y", "z"]}, {"log": "yz", "value": ["y", "z"]}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "x 1 | yz 3 4");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(ready_cases_win_by_chance_and_by_seed) {
  const auto winners = [](std::uint64_t seed) {
    return joined(run({.main = R"j([{"close": "c"}, {"close": "b"}, {"loop": true, "times": 20, "do": [{"select": [
        {"recv": "c", "do": [{"log": "c"}]}, {"recv": "b", "do": [{"log": "b"}]}]}]}])j",
                       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j",
                       .seed = seed})
                      .logs);
  };
  BOOST_TEST(winners(1) == winners(1));
  BOOST_TEST(winners(1) != winners(2));
  BOOST_TEST(winners(1).find('c') != std::string::npos);
  BOOST_TEST(winners(1).find('b') != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sending_on_a_closed_channel_panics) {
  const Ran r = run({.main = R"j([{"close": "c"}, {"select": [{"send": "c", "do": []}, {"recv": "b", "do": []}]}])j",
                     .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
