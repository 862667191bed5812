#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_reset)

BOOST_AUTO_TEST_CASE(a_timer_counts_from_now) {
  const Ran r = run(
      {.main =
           R"j([{"sleep": "3ms"}, {"let": {"n": "now()"}}, {"reset": "t", "to": "2ms"}, {"recv": "t"}, {"log": "r", "value": "now() - n >= 2ms && now() - n < 4ms"}])j",
       .resources = R"j({"t": {"type": "timer"}, "k": {"type": "ticker", "period": "10ms"}})j"});
  BOOST_TEST(joined(r.logs) == "r 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(the_last_time_holds) {
  const Ran r = run(
      {.main =
           R"j([{"reset": "t", "to": "1s", "as": "a"}, {"reset": "t", "to": "1ms", "as": "b"}, {"recv": "t"}, {"log": "r", "value": ["a", "b", "now() < 100ms"]}])j",
       .resources = R"j({"t": {"type": "timer"}, "k": {"type": "ticker", "period": "10ms"}})j"});
  BOOST_TEST(joined(r.logs) == "r 0 1 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_tickers_period_changes) {
  const Ran r = run(
      {.main = R"j([{"reset": "k", "to": "1ms"}, {"recv": "k"}, {"recv": "k"}, {"log": "r", "value": "now() < 9ms"}])j",
       .resources = R"j({"t": {"type": "timer"}, "k": {"type": "ticker", "period": "10ms"}})j"});
  BOOST_TEST(joined(r.logs) == "r 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
