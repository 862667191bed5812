#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_run)

BOOST_AUTO_TEST_CASE(takes_cpu_time_of_the_goroutine) {
  const Ran r = run({.main = R"j([{"run": "20us"}, {"log": "t", "value": "now() >= 20us && now() < 25us"}])j"});
  BOOST_TEST(joined(r.logs) == "t 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_time_below_zero_is_none) {
  const Ran r =
      run({.main = R"j([{"let": {"t": "now()"}}, {"run": "0ns - 5us"}, {"log": "t", "value": "now() - t"}])j"});
  BOOST_TEST(joined(r.logs) == "t 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(any_can_be_stopped_and_never_cannot) {
  // One P: the second goroutine gets it before the first is through only where the first can be stopped.
  const auto order = [](const std::string& preempt) {
    return joined(run({.main = R"j([{"go": "other"}, {"run": "60ms", "preempt": ")j" + preempt +
                               R"j("}, {"log": "main"}, {"sleep": "1ms"}])j",
                       .programs = R"j("other": {"do": [{"log": "other"}]})j"})
                      .logs);
  };
  BOOST_TEST(order("any") == "other | main");
  BOOST_TEST(order("async-only") == "other | main");
  BOOST_TEST(order("never") == "main | other");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
