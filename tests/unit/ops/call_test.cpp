#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_call)

BOOST_AUTO_TEST_CASE(passes_values_and_takes_the_result) {
  const Ran r = run(
      {.main =
           R"j([{"let": {"x": 2}}, {"call": "f", "args": {"n": "x"}, "as": "y"}, {"log": "r", "value": ["x", "y"]}])j",
       .programs = R"j("f": {"args": ["n"], "do": [{"let": {"n": "n + 1"}}, {"return": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "r 2 3");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(one_left_by_a_panic_gives_nothing) {
  const Ran r =
      run({.main = R"j([{"let": {"y": 5}}, {"try": [{"call": "f", "as": "y"}]}, {"log": "y", "value": "y"}])j",
           .programs = R"j("f": {"do": [{"panic": "x"}]})j"});
  BOOST_TEST(joined(r.logs) == "y 5");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(may_be_mutual) {
  const Ran r = run(
      {.main = R"j([{"call": "even", "args": {"n": 7}, "as": "x"}, {"log": "x", "value": "x"}])j",
       .programs =
           R"j("even": {"args": ["n"], "do": [{"if": "n == 0", "then": [{"return": 1}]}, {"call": "odd", "args": {"n": "n - 1"}, "as": "r"}, {"return": "r"}]}, "odd": {"args": ["n"], "do": [{"if": "n == 0", "then": [{"return": 0}]}, {"call": "even", "args": {"n": "n - 1"}, "as": "r"}, {"return": "r"}]})j"});
  BOOST_TEST(joined(r.logs) == "x 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
