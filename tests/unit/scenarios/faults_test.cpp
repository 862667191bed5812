// Faults: they begin and end when they should, and hit whom they name.

#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(answers_come_later_while_io_is_delayed) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 6, "do": [{"let": {"t": "now()"}}, {"io": "a"}, {"log": "a", "value": "(now() - t) / 1ms"}]},
                       {"let": {"t": "now()"}}, {"io": "b"}, {"log": "b", "value": "(now() - t) / 1ms"}])j",
       .resources = R"j({"a": {"type": "socket", "latency": "10ms"}, "b": {"type": "socket", "latency": "1ms"}})j",
       .rest = R"j("faults": [{"at": "15ms", "for": "30ms", "inject": {"io_delay": {"on": "a", "by": "5ms"}}}], )j"});
  BOOST_TEST(joined(r.logs) == "a 10 | a 10 | a 15 | a 15 | a 10 | a 10 | b 1",
             joined(r.logs) << joined(r.texts) << joined(r.problems));
}

BOOST_AUTO_TEST_CASE(events_and_files_are_delayed_too) {
  const Ran r =
      run({.main = R"j([{"loop": true, "times": 3, "do": [{"io": "in"}, {"log": "in", "value": "now() / 1ms"}]},
                       {"let": {"t": "now()"}}, {"io": "disk"}, {"log": "disk", "value": "(now() - t) / 1ms"}])j",
           .resources = R"j({"in": {"type": "socket", "every": "10ms"}, "disk": {"type": "file", "latency": "2ms"}})j",
           .rest = R"j("faults": [{"inject": {"io_delay": {"by": "3ms"}}}], )j"});
  BOOST_TEST(joined(r.logs) == "in 13 | in 23 | in 33 | disk 5", joined(r.logs)
                                                                     << joined(r.texts) << joined(r.problems));
}

BOOST_AUTO_TEST_CASE(one_wake_up_of_the_goroutine_named_is_lost) {
  for (const char* policy : {"poller", "poller-thread"}) {
    const Ran r = run(
        {.main = R"j([{"go": "w", "count": 5}, {"sleep": "100ms"}, {"log": "served", "value": "n"}])j",
         .resources = R"j({"peer": {"type": "socket", "latency": "5ms"}, "n": {"type": "var"}})j",
         .programs = R"j("w": {"do": [{"loop": true, "times": 10, "do": [{"io": "peer"}, {"set": {"n": "n + 1"}}]}]})j",
         .rest =
             std::string(
                 R"j("faults": [{"at": "22ms", "inject": {"lose_wakeup": {"who": "goroutine:w#2"}}}], "stop": {"when_done": "main"}, "policies": {"p": {"use": "go1.26", "params": {"netpoll": ")j") +
             policy + R"j("}}}, )j"});
    BOOST_TEST(joined(r.logs) == "served 44", policy << joined(r.logs) << joined(r.texts) << joined(r.problems));
    BOOST_TEST(joined(r.blocked) == "G3 IO wait");
  }
}

BOOST_AUTO_TEST_CASE(every_begins_it_again) {
  const Ran r = run(
      {.main = R"j([{"go": "w", "count": 5}, {"sleep": "200ms"}])j",
       .resources = R"j({"peer": {"type": "socket", "latency": "5ms"}})j",
       .programs = R"j("w": {"do": [{"loop": true, "times": 10, "do": [{"io": "peer"}]}]})j",
       .rest =
           R"j("faults": [{"at": "12ms", "every": "10ms", "for": "6ms", "inject": {"lose_wakeup": true}}], "stop": {"after": "32ms"}, )j"});
  BOOST_TEST(r.blocked.size() >= 2u, joined(r.blocked) << joined(r.texts) << joined(r.problems));
}

// Go's timers go by the monotonic clock: the wall clock may jump as it likes.
BOOST_AUTO_TEST_CASE(a_step_of_the_wall_clock_moves_no_timer) {
  const auto at = [](const char* faults) {
    return run({.main = R"j([{"sleep": "20ms"}, {"log": "t", "value": "now() / 1us"}])j", .rest = faults}).times;
  };
  BOOST_TEST((at("") == at(R"j("faults": [{"at": "5ms", "inject": {"clock_step": {"by": "-1h"}}}], )j") ||
              at("") == at(R"j("faults": [{"at": "5ms", "inject": {"clock_step": {"by": "-3600s"}}}], )j")));
}

// Four goroutines of 20 ms each need 80 ms of CPU time: 20 ms on four cores, 40 ms on two.
BOOST_AUTO_TEST_CASE(a_stalled_core_leaves_the_work_to_the_others) {
  const auto at = [](const char* faults) {
    return run({.main = R"j([{"go": "w", "count": 3}, {"run": "20ms"}, {"wg_wait": "all"}])j",
                .resources = R"j({"all": {"type": "waitgroup", "init": 3}})j",
                .programs = R"j("w": {"do": [{"run": "20ms"}, {"wg_done": "all"}]})j",
                .procs = 4,
                .rest = std::string(R"j("machine": {"cores": 4}, )j") + faults})
               .at /
           1'000'000;
  };
  BOOST_TEST(at("") <= 21);
  const auto two_left =
      at(R"j("faults": [{"inject": {"stall_core": {"core": 0}}}, {"inject": {"stall_core": {"core": 1}}}], )j");
  BOOST_TEST(two_left >= 39);
  BOOST_TEST(two_left <= 45);
  const auto for_a_while = at(R"j("faults": [{"at": "5ms", "for": "10ms", "inject": {"stall_core": {"core": 0}}}], )j");
  BOOST_TEST(for_a_while > 20);
  BOOST_TEST(for_a_while <= 32);
}

BOOST_AUTO_TEST_CASE(a_cpu_quota_throttles_all_threads_together) {
  const auto at = [](const char* rest) {
    return run({.main = R"j([{"go": "w", "count": 3}, {"run": "20ms"}, {"wg_wait": "all"}])j",
                .resources = R"j({"all": {"type": "waitgroup", "init": 3}})j",
                .programs = R"j("w": {"do": [{"run": "20ms"}, {"wg_done": "all"}]})j",
                .procs = 4,
                .rest = rest})
               .at /
           1'000'000;
  };
  // 20 ms of CPU time in each 50 ms, four threads: each period is over after 5 ms of it. 80 ms take four periods.
  const auto limited = at(R"j("machine": {"cpu_quota": {"quota": "20ms", "period": "50ms"}}, )j");
  BOOST_TEST(limited >= 150);
  BOOST_TEST(limited <= 215);
  BOOST_TEST(
      at(R"j("faults": [{"at": "5ms", "for": "40ms", "inject": {"cpu_quota": {"quota": "10ms", "period": "100ms"}}}], )j") >=
      50);
  BOOST_TEST(at("") <= 21);
}

// Without a value for GOMAXPROCS: as many Ps as cores, since 1.25 no more than the quota rounded up, which counts as two at
// least; a value that is given holds.
BOOST_AUTO_TEST_CASE(a_cpu_quota_limits_the_default_number_of_ps_since_1_25) {
  const auto procs = [](const char* profile, int given, const char* machine) {
    const Ran r = run({.main = R"j([{"log": "procs", "value": "procs.total"}])j",
                       .preset = profile,
                       .procs = given,
                       .rest = std::string(R"j("machine": )j") + machine + ", "});
    return joined(r.logs);
  };
  const char* const two_and_a_half = R"j({"cores": 8, "cpu_quota": {"quota": "250ms", "period": "100ms"}})j";
  const char* const a_tenth = R"j({"cores": 8, "cpu_quota": {"quota": "10ms", "period": "100ms"}})j";
  const char* const plenty = R"j({"cores": 8, "cpu_quota": {"quota": "900ms", "period": "100ms"}})j";
  const char* const one_core = R"j({"cores": 1, "cpu_quota": {"quota": "10ms", "period": "100ms"}})j";
  BOOST_TEST(procs("go1.24", 0, two_and_a_half) == "procs 8");
  BOOST_TEST(procs("go1.25", 0, two_and_a_half) == "procs 3");
  BOOST_TEST(procs("go1.26", 0, a_tenth) == "procs 2");
  BOOST_TEST(procs("go1.26", 0, plenty) == "procs 8");
  BOOST_TEST(procs("go1.26", 0, one_core) == "procs 1");
  BOOST_TEST(procs("go1.26", 6, a_tenth) == "procs 6");
}

BOOST_AUTO_TEST_CASE(a_core_that_nobody_counts_cannot_stall) {
  const Ran r = run({.main = R"j([])j", .rest = R"j("faults": [{"inject": {"stall_core": {"core": 0}}}], )j"});
  BOOST_TEST(joined(r.problems) == "E0312 /faults/0");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_injected_yet_is_refused_at_its_place) {
  const Ran r = run(
      {.main = R"j([{"run": "1ms"}])j",
       .rest =
           R"j("faults": [{"inject": {"io_delay": {"by": "3ms"}}}, {"inject": {"slow_core": {"core": 0, "factor": 2}}}], )j"});
  BOOST_TEST(joined(r.problems) == "E0900 /faults/1/inject/slow_core");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
