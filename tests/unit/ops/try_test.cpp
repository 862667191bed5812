#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_try)

BOOST_AUTO_TEST_CASE(ok_tells_whether_there_was_a_panic) {
  const Ran r = run(
      {.main =
           R"j([{"try": [{"log": "a"}], "ok": "ok"}, {"log": "ok", "value": "ok"}, {"try": [{"panic": "x"}, {"log": "b"}], "ok": "ok"}, {"log": "ok", "value": "ok"}])j"});
  BOOST_TEST(joined(r.logs) == "a | ok 1 | ok 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_new_name_under_as_starts_as_0) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 2, "as": "i", "do": [{"try": [{"if": "i == 0", "then": [{"panic": "x", "value": 9}]}], "as": "v"}, {"log": "v", "value": "v"}]}])j"});
  BOOST_TEST(joined(r.logs) == "v 9 | v 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(return_break_and_continue_pass_through) {
  const Ran r = run(
      {.main =
           R"j([{"call": "f", "as": "x"}, {"log": "x", "value": "x"}, {"loop": true, "forever": true, "do": [{"try": [{"break": true}]}]}, {"log": "out"}])j",
       .programs = R"j("f": {"do": [{"try": [{"return": 4}]}, {"return": 5}]})j"});
  BOOST_TEST(joined(r.logs) == "x 4 | out");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_fatal_error_is_not_held) {
  const Ran r = run({.main = R"j([{"try": [{"unlock": "m"}], "ok": "ok"}, {"log": "ok"}])j",
                     .resources = R"j({"m": {"type": "mutex"}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "fatal", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(the_inner_one_holds) {
  const Ran r = run(
      {.main =
           R"j([{"try": [{"try": [{"panic": "x", "value": 1}], "as": "v", "catch": [{"log": "inner", "value": "v"}]}, {"log": "on"}], "catch": [{"log": "outer"}]}])j"});
  BOOST_TEST(joined(r.logs) == "inner 1 | on");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_panic_in_the_catch_goes_outwards) {
  const Ran r = run(
      {.main =
           R"j([{"try": [{"try": [{"panic": "x"}], "catch": [{"panic": "y", "value": 2}]}], "as": "v", "catch": [{"log": "outer", "value": "v"}]}])j"});
  BOOST_TEST(joined(r.logs) == "outer 2");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
