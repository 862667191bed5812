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

BOOST_AUTO_TEST_CASE(by_a_timer_comes_later) {
  const Ran r = run({.main = R"j([{"go": "w", "after": "5ms", "args": {"n": 1}, "as": "t"}])j",
                     .programs = R"j("w": {"args": ["n"], "do": [{"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.problems) == "E0900 /programs/main/do/0");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
