#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_range)

BOOST_AUTO_TEST_CASE(ends_when_closed_and_drained) {
  const Ran r = run(
      {.main =
           R"j([{"send": "b", "value": 1}, {"send": "b", "value": 2}, {"close": "b"}, {"range": "b", "as": "x", "do": [{"log": "x", "value": "x"}]}, {"log": "end"}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "x 1 | x 2 | end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(break_and_continue) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w"}, {"range": "c", "as": "x", "label": "l", "do": [{"if": "x == 1", "then": [{"continue": true}]}, {"log": "x", "value": "x"}, {"if": "x == 2", "then": [{"break": true, "label": "l"}]}]}, {"log": "out"}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j",
       .programs = R"j("w": {"do": [{"loop": true, "times": 4, "as": "i", "do": [{"send": "c", "value": "i"}]}]})j"});
  BOOST_TEST(joined(r.logs) == "x 0 | x 2 | out");
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(its_channel_is_evaluated_once) {
  const Ran r = run(
      {.main =
           R"j([{"let": {"x": "b"}}, {"send": "b", "value": 1}, {"send": "b", "value": 2}, {"close": "b"}, {"range": "x", "as": "v", "do": [{"let": {"x": "nil"}}, {"log": "v", "value": "v"}]}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "v 1 | v 2");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
