#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_send)

BOOST_AUTO_TEST_CASE(without_a_value_sends_0) {
  const Ran r = run(
      {.main =
           R"j([{"send": "b"}, {"send": "b", "value": 7}, {"recv": "b", "as": "x"}, {"recv": "b", "as": "y"}, {"log": "r", "value": ["x", "y"]}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "r 0 7");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(on_a_closed_channel_panics) {
  const Ran r = run({.main = R"j([{"close": "c"}, {"send": "c"}])j",
                     .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
  BOOST_TEST(r.message == "send on closed channel");
}

BOOST_AUTO_TEST_CASE(on_nil_blocks_for_ever) {
  const Ran r = run({.main = R"j([{"let": {"x": "nil"}}, {"send": "x"}])j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
  BOOST_TEST(joined(r.blocked) == "G1 chan send (nil chan)");
}

BOOST_AUTO_TEST_CASE(a_blocked_sender_panics_when_the_channel_is_closed) {
  const Ran r = run(
      {.main = R"j([{"go": "w"}, {"yield": true}, {"close": "c"}, {"yield": true}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j",
       .programs = R"j("w": {"do": [{"try": [{"send": "c", "value": [1, 2]}], "catch": [{"log": "panicked"}]}]})j"});
  BOOST_TEST(joined(r.logs) == "panicked");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
