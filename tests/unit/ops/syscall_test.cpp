#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_syscall)

BOOST_AUTO_TEST_CASE(others_run_meanwhile) {
  const Ran r = run({.main = R"j([{"go": "w"}, {"syscall": "50ms"}, {"log": "main"}])j",
                     .programs = R"j("w": {"do": [{"log": "w"}]})j"});
  BOOST_TEST(joined(r.logs) == "w | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

// A P in a call stays with it until the monitor looks a second time; work in its queue is then reason enough.
BOOST_AUTO_TEST_CASE(the_monitor_takes_the_p_of_a_long_call) {
  const Ran r =
      run({.main = R"j([{"go": "w"}, {"syscall": "50ms"}])j", .programs = R"j("w": {"do": [{"log": "w"}]})j"});
  BOOST_TEST_REQUIRE(r.times.size() == 1u);
  BOOST_TEST(r.times[0] > 100'000);
  BOOST_TEST(r.times[0] < 1'000'000);
}

BOOST_AUTO_TEST_CASE(back_from_a_call_whose_p_is_busy_it_queues_globally) {
  const Ran r =
      run({.main = R"j([{"go": "w"}, {"syscall": "5ms"}, {"log": "main", "value": "now() > 10ms && now() < 35ms"}])j",
           .programs = R"j("w": {"do": [{"run": "100ms"}]})j"});
  BOOST_TEST(joined(r.logs) == "main 1", joined(r.logs));  // a slice of the hog, not the 5 ms of the call
}

BOOST_AUTO_TEST_CASE(too_many_threads_are_fatal) {
  const auto run_with = [](int limit) {
    return run({.main = R"j([{"go": "w", "count": 40}, {"sleep": "1s"}])j",
                .programs = R"j("w": {"do": [{"syscall": "500ms"}]})j",
                .procs = 2,
                .runtime = ", \"max_threads\": " + std::to_string(limit)});
  };
  BOOST_TEST(run_with(50).end == "done");
  const Ran r = run_with(20);
  BOOST_TEST(r.end == "fatal");
  BOOST_TEST(r.message == "thread exhaustion");
}

// A preemption request that is under way when the goroutine enters a call that signals interrupt: EINTR. Calls that are
// restarted (SA_RESTART) do not notice.
BOOST_AUTO_TEST_CASE(a_late_preemption_signal_cuts_an_interruptible_call_short) {
  const auto cut = [](const char* how) {
    const Ran r = run({.main = std::string(R"j([{"let": {"n": 0}}, {"loop": true, "while": "now() < 400ms", "do": [
                         {"run": "500us", "preempt": "never"}, {"syscall": "500us", "ok": "ok")j") +
                               how + R"j(}, {"let": {"n": "n + (ok ? 0 : 1)"}}]}, {"log": "cut", "value": "n > 0"}])j",
                       .runtime = R"j(, "overrides": {"signal_latency": "300us"})j"});
    return joined(r.logs) + r.message + joined(r.texts);
  };
  BOOST_TEST(cut("") == "cut 0");
  BOOST_TEST(cut(R"j(, "interruptible": true)j") == "cut 1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
