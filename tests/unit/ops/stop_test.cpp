#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_stop)

BOOST_AUTO_TEST_CASE(a_stopped_timer_does_not_fire) {
  const Ran r = run(
      {.main =
           R"j([{"reset": "t", "to": "1ms", "as": "was"}, {"stop": "t", "as": "pending"}, {"stop": "t", "as": "again"}, {"log": "s", "value": ["was", "pending", "again"]}, {"select": [{"recv": "t", "do": [{"log": "fired"}]}, {"after": "5ms", "do": [{"log": "quiet"}]}]}])j",
       .resources = R"j({"t": {"type": "timer"}, "k": {"type": "ticker", "period": "10ms"}})j"});
  BOOST_TEST(joined(r.logs) == "s 0 1 0 | quiet");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(nil_panics) {
  const Ran r = run({.main = R"j([{"let": {"x": "nil"}}, {"stop": "x"}])j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
