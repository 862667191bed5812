#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_let)

BOOST_AUTO_TEST_CASE(evaluates_all_right_sides_first) {
  const Ran r = run(
      {.main = R"j([{"let": {"x": 1, "y": 2}}, {"let": {"x": "y", "y": "x"}}, {"log": "r", "value": ["x", "y"]}])j"});
  BOOST_TEST(joined(r.logs) == "r 2 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(draws_a_time) {
  const Ran r = run(
      {.main =
           R"j([{"let": {"d": {"dist": "uniform", "min": "1us", "max": "2us"}}}, {"log": "d", "value": "d >= 1us && d <= 2us"}])j"});
  BOOST_TEST(joined(r.logs) == "d 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
