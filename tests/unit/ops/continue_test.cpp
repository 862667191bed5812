#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_continue)

BOOST_AUTO_TEST_CASE(goes_to_the_next_pass) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 3, "as": "i", "do": [{"if": "i == 1", "then": [{"continue": true}]}, {"log": "i", "value": "i"}]}])j"});
  BOOST_TEST(joined(r.logs) == "i 0 | i 2");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(passes_through_a_select_to_the_loop) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 2, "as": "i", "do": [{"select": [{"default": true, "do": [{"continue": true}]}]}, {"log": "never"}]}, {"log": "end"}])j"});
  BOOST_TEST(joined(r.logs) == "end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_label_names_an_outer_one) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 2, "as": "i", "label": "a", "do": [{"log": "i", "value": "i"}, {"loop": true, "forever": true, "do": [{"continue": true, "label": "a"}]}]}])j"});
  BOOST_TEST(joined(r.logs) == "i 0 | i 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
