#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_spin)

BOOST_AUTO_TEST_CASE(only_a_signal_stops_it) {
  const auto order = [](const std::string& preempt) {
    return joined(
        run({.main = R"j([{"go": "other"}, {"spin": "60ms"}, {"log": "main"}, {"sleep": "1ms"}])j",
             .programs = R"j("other": {"do": [{"log": "other"}]})j",
             .rest = R"j("policies": {"p": {"use": "go1.26", "params": {"preempt": ")j" + preempt + R"j("}}}, )j"})
            .logs);
  };
  BOOST_TEST(order("async") == "other | main");
  BOOST_TEST(order("cooperative") == "main | other");
}

BOOST_AUTO_TEST_CASE(forever_ends_with_the_run) {
  const Ran r = run({.main = R"j([{"spin": "forever"}, {"log": "never"}])j", .rest = R"j("stop": {"after": "1s"}, )j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "time", r.message << joined(r.texts));
  BOOST_TEST(r.at == 1'000'000'000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
