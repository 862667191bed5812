#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_go)

BOOST_AUTO_TEST_CASE(gives_the_number_of_the_goroutine_and_passes_values) {
  const Ran r = run(
      {.main =
           R"j([{"let": {"x": 5}}, {"go": "w", "args": {"n": "x"}, "as": "g"}, {"let": {"x": 6}}, {"log": "g", "value": "g"}, {"yield": true}])j",
       .programs = R"j("w": {"args": ["n"], "do": [{"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "g 2 | w 5");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(count_starts_so_many_with_an_index) {
  const Ran r = run({.main = R"j([{"go": "w", "count": 3, "args": {"n": "index * 10"}}, {"sleep": "1ms"}])j",
                     .programs = R"j("w": {"args": ["n"], "do": [{"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "w 20 | w 0 | w 10");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(none_is_a_count_too) {
  const Ran r = run({.main = R"j([{"go": "w", "count": "1 - 1", "args": {"n": 1}}, {"sleep": "1ms"}, {"log": "end"}])j",
                     .programs = R"j("w": {"args": ["n"], "do": [{"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_negative_count_is_a_scenario_error) {
  const Ran r = run({.main = R"j([{"let": {"x": 3}}, {"go": "w", "count": "x - 5", "args": {"n": 1}}])j",
                     .programs = R"j("w": {"args": ["n"], "do": [{"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "error", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(after_starts_it_when_the_time_has_passed) {
  const Ran r =
      run({.main = R"j([{"go": "w", "after": "5ms", "args": {"n": 7}}, {"log": "armed"}, {"sleep": "20ms"}])j",
           .programs = R"j("w": {"args": ["n"], "do": [{"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "armed | w 7");
  BOOST_TEST_REQUIRE(r.times.size() == 2u);
  BOOST_TEST(r.times[1] >= 5'000'000);
  BOOST_TEST(r.times[1] < 7'000'000);
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(after_is_a_timer_that_can_be_stopped) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w", "after": "5ms", "args": {"n": 7}, "as": "t"}, {"stop": "t", "as": "was"}, {"log": "stopped", "value": "was"}, {"sleep": "20ms"}, {"stop": "t", "as": "was"}, {"log": "again", "value": "was"}])j",
       .programs = R"j("w": {"args": ["n"], "do": [{"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "stopped 1 | again 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

// Each reset of a timer that has fired starts one goroutine more; its arguments are those of the go.
BOOST_AUTO_TEST_CASE(after_starts_one_more_each_time_it_is_reset) {
  for (const char* preset : {"go1.19", "go1.26"}) {
    const Ran r = run(
        {.main =
             R"j([{"let": {"x": 7}}, {"go": "w", "after": "1ms", "args": {"n": "x"}, "as": "t"}, {"let": {"x": 8}}, {"sleep": "5ms"}, {"reset": "t", "to": "1ms", "as": "was"}, {"log": "was", "value": "was"}, {"reset": "t", "to": "2ms", "as": "was"}, {"log": "was", "value": "was"}, {"sleep": "9ms"}])j",
         .programs = R"j("w": {"args": ["n"], "do": [{"log": "w", "value": ["n", "self()"]}]})j",
         .preset = preset});
    BOOST_TEST(joined(r.logs) == "w 7 2 | was 0 | was 1 | w 7 3", preset);
    BOOST_TEST(r.end == "done", r.message << joined(r.texts));
  }
}

// A deadlock is not one while a timer may still start somebody.
BOOST_AUTO_TEST_CASE(after_hides_a_deadlock_until_it_has_fired) {
  const Ran r = run({.main = R"j([{"go": "w", "after": "5ms"}, {"recv": "c"}, {"log": "end"}, {"recv": "c"}])j",
                     .resources = R"j({"c": {"type": "chan"}})j",
                     .programs = R"j("w": {"do": [{"send": "c"}]})j"});
  BOOST_TEST(joined(r.logs) == "end");
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(after_does_not_go_with_count) {
  const Ran r = run({.main = R"j([{"go": "w", "after": "5ms", "count": 2}])j", .programs = R"j("w": {"do": []})j"});
  BOOST_TEST(joined(r.problems) == "E0506 /programs/main/do/0");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
