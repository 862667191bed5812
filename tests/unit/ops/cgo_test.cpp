// cgo: a C call is a system call for the scheduler; inside, a library may make it wait.

#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_cgo)

BOOST_AUTO_TEST_CASE(a_library_serves_so_many_calls_at_a_time_and_the_others_hold_their_threads) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w", "count": 12}, {"sleep": "5ms"}, {"log": "threads", "value": "threads.total >= 12"}, {"wg_wait": "all"},
                       {"log": "all", "value": "now() / 10ms"}])j",
       .resources = R"j({"lib": {"type": "cgo_lib", "count": 4}, "all": {"type": "waitgroup", "init": 12}})j",
       .programs = R"j("w": {"do": [{"cgo": "10ms", "on": "lib"}, {"wg_done": "all"}]})j",
       .procs = 4});
  BOOST_TEST(joined(r.logs) == "threads 1 | all 3", joined(r.logs) << r.message);
}

BOOST_AUTO_TEST_CASE(who_comes_first_is_served_first) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 5, "as": "n", "do": [{"go": "w", "args": {"n": "n"}}, {"sleep": "1ms"}]}, {"sleep": "100ms"}])j",
       .resources = R"j({"lib": {"type": "cgo_lib", "count": 1}})j",
       .programs = R"j("w": {"args": ["n"], "do": [{"cgo": "10ms", "on": "lib"}, {"log": "w", "value": "n"}]})j",
       .procs = 4});
  BOOST_TEST(joined(r.logs) == "w 0 | w 1 | w 2 | w 3 | w 4");
}

BOOST_AUTO_TEST_CASE(a_short_call_without_a_library_costs_some_30_ns) {
  const auto at = [](int n) {
    return run({.main = R"j([{"loop": true, "times": )j" + std::to_string(n) + R"j(, "do": [{"cgo": "0ns"}]}])j"}).at;
  };
  BOOST_TEST((at(1001) - at(1)) / 1000 >= 30);
  BOOST_TEST((at(1001) - at(1)) / 1000 < 40);
}

// Only the monitor takes a P from a C call; cgo_handoff gives it away at once.
BOOST_AUTO_TEST_CASE(giving_the_p_away_on_entry_lets_others_run_sooner) {
  const auto waited = [](const char* handoff) {
    const Ran r = run({.main = R"j([{"sleep": "30ms"}, {"go": "w"}, {"cgo": "20ms"}])j",
                       .programs = R"j("w": {"do": [{"log": "w"}]})j",
                       .rest = std::string(R"j("policies": {"p": {"use": "go1.26", "params": {"cgo_handoff": ")j") +
                               handoff + R"j("}}}, )j"});
    BOOST_TEST_REQUIRE(r.times.size() == 1u, r.message << joined(r.texts));
    return r.times[0] - 30'000'000;
  };
  BOOST_TEST(waited("on_entry") < waited("retake"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
