#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_return)

BOOST_AUTO_TEST_CASE(one_value_or_a_tuple) {
  const Ran r = run(
      {.main =
           R"j([{"call": "one", "as": "x"}, {"call": "two", "as": ["y", "z"]}, {"call": "none", "as": "n"}, {"log": "r", "value": ["x", "y", "z", "n"]}])j",
       .programs = R"j("one": {"do": [{"return": 1}]}, "two": {"do": [{"return": [2, 3]}]}, "none": {"do": []})j"});
  BOOST_TEST(joined(r.logs) == "r 1 2 3 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(leaves_span_once_select_and_loop) {
  const Ran r = run(
      {.main = R"j([{"call": "f", "as": "x"}, {"call": "f", "as": "y"}, {"log": "r", "value": ["x", "y"]}])j",
       .resources = R"j({"o": {"type": "once"}})j",
       .programs =
           R"j("f": {"do": [{"once": "o", "do": [{"span": "s", "do": [{"loop": true, "forever": true, "do": [{"select": [{"default": true, "do": [{"return": 7}]}]}]}]}]}]})j"});
  BOOST_TEST(joined(r.logs) == "span s | r 7 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(the_number_of_names_must_match) {
  const Ran r = run({.main = R"j([{"call": "two", "as": ["x", "y", "z"]}])j",
                     .programs = R"j("two": {"do": [{"return": [2, 3]}]})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "error", r.message << joined(r.texts));
  BOOST_TEST(joined(r.texts) == "2 values for 3 names");
}

BOOST_AUTO_TEST_CASE(at_the_top_of_a_goroutine_its_value_is_dropped) {
  const Ran r = run({.main = R"j([{"return": [1, 2]}])j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
