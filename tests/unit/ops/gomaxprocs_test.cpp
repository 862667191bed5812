#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_gomaxprocs)

constexpr const char* kShow = R"j({"log": "procs", "value": "procs.total"})j";

BOOST_AUTO_TEST_CASE(the_number_of_ps_changes_and_work_spreads_over_them) {
  // Four workers of 5 ms each: one after the other on one P, side by side on four.
  for (const char* preset : {"go1.19", "go1.22", "go1.26"}) {
    const auto took = [&](const std::string& before, int procs) {
      const Ran r = run({.main = "[" + before + std::string(kShow) + R"j(,
          {"wg_add": "w", "n": 4}, {"go": "worker", "count": 4}, {"wg_wait": "w"},
          {"log": "ms", "value": "now() / 1ms"}])j",
                         .resources = R"j({"w": {"type": "waitgroup"}})j",
                         .programs = R"j("worker": {"do": [{"run": "5ms"}, {"wg_done": "w"}]})j",
                         .preset = preset,
                         .procs = procs});
      BOOST_TEST(r.end == "done", preset << ": " << r.end << " " << r.message);
      return joined(r.logs);
    };
    BOOST_TEST(took("", 1) == "procs 1 | ms 20", preset);
    BOOST_TEST(took(R"j({"gomaxprocs": 4}, )j", 1) == "procs 4 | ms 5", preset);
    BOOST_TEST(took(R"j({"gomaxprocs": 1}, )j", 4) == "procs 1 | ms 20", preset);
    BOOST_TEST(took(R"j({"gomaxprocs": 1}, {"gomaxprocs": 8}, {"gomaxprocs": 4}, )j", 2) == "procs 4 | ms 5", preset);
    BOOST_TEST(took(R"j({"gomaxprocs": 0}, )j", 1) == "procs 1 | ms 20", preset);
  }
}

BOOST_AUTO_TEST_CASE(goroutines_and_timers_of_ps_that_go_are_kept) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Ran r = run({.main = R"j([{"wg_add": "w", "n": 60},
        {"go": "sleeper", "count": 20}, {"go": "worker", "count": 20}, {"go": "maker", "count": 4}, {"sleep": "2ms"},
        {"gomaxprocs": 2}, {"sleep": "1ms"}, {"gomaxprocs": 6}, {"sleep": "1ms"}, {"gomaxprocs": 1},
        {"wg_wait": "w"}, {"log": "all"}])j",
                       .resources = R"j({"w": {"type": "waitgroup"}})j",
                       .programs = R"j(
        "sleeper": {"do": [{"sleep": {"dist": "uniform", "min": "1ms", "max": "9ms"}}, {"wg_done": "w"}]},
        "maker": {"do": [{"go": "worker", "count": 5}, {"run": "1ms"}]},
        "worker": {"do": [{"run": {"dist": "exp", "mean": "300us"}}, {"wg_done": "w"}]})j",
                       .procs = 8,
                       .seed = seed});
    BOOST_TEST(joined(r.logs) == "all", "seed " << seed << ": " << r.end << " " << r.message);
  }
}

BOOST_AUTO_TEST_CASE(a_negative_or_absurd_number_is_an_error_of_the_scenario) {
  BOOST_TEST(run({.main = R"j([{"let": {"n": "0 - 1"}}, {"gomaxprocs": "n"}])j"}).end == "error");
  BOOST_TEST(run({.main = R"j([{"gomaxprocs": "1000 * 1000"}])j"}).end == "error");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
