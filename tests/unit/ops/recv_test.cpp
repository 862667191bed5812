#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_recv)

BOOST_AUTO_TEST_CASE(a_tuple_fills_its_names) {
  const Ran r = run(
      {.main =
           R"j([{"send": "b", "value": [1, 2, 3]}, {"recv": "b", "as": ["x", "y", "z"], "ok": "ok"}, {"log": "r", "value": ["x", "y", "z", "ok"]}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "r 1 2 3 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(closed_and_drained_gives_zeros_and_not_ok) {
  const Ran r = run(
      {.main =
           R"j([{"send": "b", "value": 4}, {"close": "b"}, {"recv": "b", "as": "x", "ok": "p"}, {"recv": "b", "as": ["y", "z"], "ok": "q"}, {"log": "r", "value": ["x", "p", "y", "z", "q"]}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "r 4 1 0 0 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(the_number_of_names_must_match) {
  const Ran r = run({.main = R"j([{"send": "b", "value": [1, 2]}, {"recv": "b", "as": "x"}])j",
                     .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "error", r.message << joined(r.texts));
  BOOST_TEST(joined(r.texts) == "2 values for 1 name");
}

BOOST_AUTO_TEST_CASE(a_ticker_can_be_received) {
  const Ran r =
      run({.main = R"j([{"recv": "k"}, {"recv": "k"}, {"log": "t", "value": "now() >= 2ms && now() < 4ms"}])j",
           .resources = R"j({"k": {"type": "ticker", "period": "1ms"}})j"});
  BOOST_TEST(joined(r.logs) == "t 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(into_an_element_of_a_shared_array) {
  const Ran r = run(
      {.main =
           R"j([{"send": "b", "value": 9}, {"let": {"i": 1}}, {"recv": "b", "as": "a[i]"}, {"log": "a", "value": ["a[0]", "a[1]"]}])j",
       .resources = R"j({"b": {"type": "chan", "cap": 1}, "a": {"type": "var", "array": 2}})j"});
  BOOST_TEST(joined(r.logs) == "a 0 9");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
