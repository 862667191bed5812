#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_choose)

BOOST_AUTO_TEST_CASE(follows_the_weights) {
  const Ran r = run({.main = R"j([{"loop": true, "times": 1000, "do": [{"choose": [
      {"weight": 9, "do": [{"mark": "often"}]}, {"do": [{"mark": "rare"}]}, {"weight": 0, "do": [{"mark": "never"}]}]}]}])j"});
  int often = 0, rare = 0;
  for (const std::string& l : r.logs) (l == "mark often" ? often : rare) += 1;
  BOOST_TEST(often + rare == 1000);
  BOOST_TEST(often > 850);
  BOOST_TEST(rare > 50);
  for (const std::string& l : r.logs) BOOST_TEST_REQUIRE(l != "mark never");
}

BOOST_AUTO_TEST_CASE(weights_that_are_all_0_are_a_scenario_error) {
  const Ran r = run({.main = R"j([{"let": {"w": 0}}, {"choose": [{"weight": "w", "do": []}]}])j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "error", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
