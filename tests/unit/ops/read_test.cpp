#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_read)

BOOST_AUTO_TEST_CASE(loads_a_variable_or_an_element) {
  const Ran r = run(
      {.main =
           R"j([{"read": "v", "as": "x"}, {"let": {"i": 2}}, {"read": "a[i]", "as": "y"}, {"log": "r", "value": ["x", "y"]}])j",
       .resources = R"j({"v": {"type": "var", "init": 3}, "a": {"type": "var", "array": 3, "init": [10, 11, 12]}})j"});
  BOOST_TEST(joined(r.logs) == "r 3 12");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
