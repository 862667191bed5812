#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_set)

BOOST_AUTO_TEST_CASE(fetch_and_add_and_compare_and_swap) {
  const Ran r = run(
      {.main =
           R"j([{"set": {"old": "v", "v": "v + 1"}}, {"set": {"won": "v == 4", "v": "v == 4 ? 100 : v"}}, {"set": {"a[old - 2]": 5}}, {"log": "r", "value": ["old", "won", "v", "a[0]", "a[1]"]}])j",
       .resources = R"j({"v": {"type": "var", "init": 3}, "a": {"type": "var", "array": 3, "init": [10, 11, 12]}})j"});
  BOOST_TEST(joined(r.logs) == "r 3 1 100 10 5");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(an_index_out_of_range_is_a_scenario_error) {
  const Ran r = run(
      {.main = R"j([{"set": {"a[v]": 5}}])j",
       .resources = R"j({"v": {"type": "var", "init": 3}, "a": {"type": "var", "array": 3, "init": [10, 11, 12]}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "error", r.message << joined(r.texts));
  BOOST_TEST(joined(r.texts) == "the index is out of range");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
