#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_break)

BOOST_AUTO_TEST_CASE(without_a_label_leaves_the_innermost_also_a_select) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 2, "as": "i", "do": [{"select": [{"default": true, "do": [{"break": true}, {"log": "never"}]}]}, {"log": "i", "value": "i"}]}])j"});
  BOOST_TEST(joined(r.logs) == "i 0 | i 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_label_names_an_outer_one) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "forever": true, "label": "a", "do": [{"loop": true, "forever": true, "do": [{"break": true, "label": "a"}]}]}, {"log": "out"}])j"});
  BOOST_TEST(joined(r.logs) == "out");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_span_that_is_left_counts) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "forever": true, "do": [{"span": "s", "do": [{"run": "1us"}, {"break": true}]}]}, {"log": "out"}])j"});
  BOOST_TEST(joined(r.logs) == "span s | out");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
