#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_write)

BOOST_AUTO_TEST_CASE(stores_a_value) {
  const Ran r = run(
      {.main =
           R"j([{"write": "v", "value": 8}, {"write": "a[1]", "value": "v"}, {"log": "r", "value": ["v", "a[1]"]}])j",
       .resources = R"j({"v": {"type": "var", "init": 3}, "a": {"type": "var", "array": 3, "init": [10, 11, 12]}})j"});
  BOOST_TEST(joined(r.logs) == "r 8 8");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(two_plain_increments_can_lose_one) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w"}, {"read": "v", "as": "x"}, {"yield": true}, {"write": "v", "value": "x + 1"}, {"log": "v", "value": "v"}])j",
       .resources = R"j({"v": {"type": "var", "init": 3}, "a": {"type": "var", "array": 3, "init": [10, 11, 12]}})j",
       .programs = R"j("w": {"do": [{"read": "v", "as": "x"}, {"write": "v", "value": "x + 1"}]})j"});
  BOOST_TEST(joined(r.logs) == "v 4");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
