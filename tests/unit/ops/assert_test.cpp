#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_assert)

BOOST_AUTO_TEST_CASE(a_false_one_is_a_finding_and_the_run_goes_on) {
  const Ran r = run(
      {.main = R"j([{"assert": "1 == 1"}, {"assert": "1 == 2"}, {"assert": "0", "label": "named"}, {"log": "end"}])j"});
  BOOST_TEST(joined(r.logs) == "assert 1 == 2 | assert named | end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
