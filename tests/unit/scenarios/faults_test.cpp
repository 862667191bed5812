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

namespace {
/// How long 20 ms of work take on one P and one core under these faults [ms]; the monitor wants a little of the core, too.
std::int64_t length_of_20ms(const std::string& faults) {
  const Ran r = run({.main = R"j([{"run": "20ms"}, {"log": "t", "value": "now() / 1ms"}])j",
                     .rest = R"j("machine": {"cores": 1}, "faults": [)j" + faults + "], "});
  BOOST_TEST_REQUIRE(r.logs.size() == 1u, joined(r.problems) << joined(r.texts));
  return std::stoll(r.logs[0].substr(2));
}
}  // namespace

BOOST_AUTO_TEST_CASE(on_a_slow_core_everything_takes_longer_while_it_is_slow) {
  BOOST_TEST(length_of_20ms("") == 20);
  BOOST_TEST(length_of_20ms(R"j({"inject": {"slow_core": {"core": 0, "factor": 2}}})j") == 40);
  BOOST_TEST(length_of_20ms(R"j({"inject": {"slow_core": {"core": 0, "factor": 1.5}}})j") == 30);
  // 5 ms of work, then 10 ms in which 5 ms are done, then the last 10 ms.
  BOOST_TEST(length_of_20ms(R"j({"at": "5ms", "for": "10ms", "inject": {"slow_core": {"core": 0, "factor": 2}}})j") == 25);
  BOOST_TEST(length_of_20ms(R"j({"at": "5ms", "for": "2ms", "every": "4ms", "inject": {"slow_core": {"core": 0, "factor": 2}}})j") == 25);
}

BOOST_AUTO_TEST_CASE(what_slows_a_core_multiplies) {
  BOOST_TEST(length_of_20ms(R"j({"inject": {"slow_core": {"core": 0, "factor": 2}}}, {"inject": {"slow_core": {"core": 0, "factor": 3}}})j") == 120);
  BOOST_TEST(length_of_20ms(R"j({"for": "30ms", "inject": {"slow_core": {"core": 0, "factor": 2}}}, {"for": "30ms", "inject": {"slow_core": {"core": 0, "factor": 3}}})j") == 45);
}

BOOST_AUTO_TEST_CASE(a_preempted_goroutine_loses_no_work_on_a_slow_core) {
  const Ran r = run({.main = R"j([{"go": "w", "count": 3}, {"run": "30ms"}, {"wg_wait": "all"}, {"log": "t", "value": "now() / 1ms"}])j",
                     .resources = R"j({"all": {"type": "waitgroup", "init": 3}})j",
                     .programs = R"j("w": {"do": [{"run": "30ms"}, {"wg_done": "all"}]})j",
                     .rest = R"j("machine": {"cores": 1}, "faults": [{"inject": {"slow_core": {"core": 0, "factor": 2}}}], )j"});
  BOOST_TEST(joined(r.logs) == "t 240", joined(r.logs) << joined(r.problems));
}

BOOST_AUTO_TEST_CASE(only_the_core_that_is_named_is_slow) {
  const auto ends = [](const char* core) {
    const Ran r = run({.main = R"j([{"go": "w", "count": 3}, {"run": "20ms"}, {"log": "t", "value": "now() / 10ms"}, {"wg_wait": "all"}])j",
                       .resources = R"j({"all": {"type": "waitgroup", "init": 3}})j",
                       .programs = R"j("w": {"do": [{"run": "20ms"}, {"log": "t", "value": "now() / 10ms"}, {"wg_done": "all"}]})j",
                       .procs = 4,
                       .rest = std::string(R"j("machine": {"cores": 5}, "faults": [{"inject": {"slow_core": {"core": )j") + core + R"j(, "factor": 3}}}], )j"});
    return joined(r.logs) + joined(r.problems);
  };
  BOOST_TEST(ends("0") == "t 2 | t 2 | t 2 | t 6");
  BOOST_TEST(ends("3") == "t 2 | t 2 | t 2 | t 6");
  BOOST_TEST(ends("4") == "t 2 | t 2 | t 2 | t 2");  // nobody needs that one
}

BOOST_AUTO_TEST_CASE(a_stalled_core_is_that_core_and_its_thread_goes_elsewhere) {
  const auto length = [](const char* faults) {
    const Ran r = run({.main = R"j([{"run": "20ms"}, {"log": "t", "value": "now() / 1ms"}])j",
                       .rest = std::string(R"j("machine": {"cores": 2}, "faults": [)j") + faults + "], "});
    return joined(r.logs) + joined(r.problems);
  };
  // Core 1 is slow, core 0 stands still for 10 ms: the thread moves, and stays.
  BOOST_TEST(length(R"j({"inject": {"slow_core": {"core": 1, "factor": 2}}})j") == "t 20");
  BOOST_TEST(length(R"j({"inject": {"slow_core": {"core": 1, "factor": 2}}}, {"at": "10ms", "for": "10ms", "inject": {"stall_core": {"core": 0}}})j") == "t 30");
}

BOOST_AUTO_TEST_CASE(timers_of_every_kind_come_due_late) {
  for (const char* timers : {"heap", "heap-1.14", "heaps-64", "one-heap", "hashed-wheel", "wheel"}) {
    const auto slept = [&](const char* faults) {
      const Ran r = run({.main = R"j([{"sleep": "10ms"}, {"log": "t", "value": "now() / 2ms"}])j",
                         .rest = std::string(R"j("policies": {"p": {"use": "go1.26", "params": {"timers": ")j") + timers + R"j("}}}, "faults": [)j" + faults + "], "});
      return joined(r.logs) + joined(r.problems);
    };
    BOOST_TEST_CONTEXT(timers) {
      BOOST_TEST(slept("") == "t 5");
      BOOST_TEST(slept(R"j({"inject": {"timer_delay": {"by": "8ms"}}})j") == "t 9");
      BOOST_TEST(slept(R"j({"at": "5ms", "inject": {"timer_delay": {"by": "8ms"}}})j") == "t 9");   // while it sleeps
      BOOST_TEST(slept(R"j({"at": "13ms", "inject": {"timer_delay": {"by": "8ms"}}})j") == "t 5");  // too late
      BOOST_TEST(slept(R"j({"for": "14ms", "inject": {"timer_delay": {"by": "1s"}}})j") == "t 7");  // held up until it ends
      BOOST_TEST(slept(R"j({"inject": {"timer_delay": {"by": "8ms"}}}, {"inject": {"timer_delay": {"by": "4ms"}}})j") == "t 11");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_timer_that_nobody_waits_for_is_late_too) {
  const Ran r = run({.main = R"j([{"run": "12ms"}, {"select": [{"recv": "t", "do": [{"log": "early"}]}, {"default": true}]},
                       {"run": "6ms"}, {"select": [{"recv": "t", "do": [{"log": "due"}]}, {"default": true, "do": [{"log": "not due"}]}]}])j",
                     .resources = R"j({"t": {"type": "timer", "after": "10ms"}})j",
                     .rest = R"j("faults": [{"inject": {"timer_delay": {"by": "5ms"}}}], )j"});
  BOOST_TEST(joined(r.logs) == "due", joined(r.logs) << joined(r.problems));
}

// As in Go a tick that is late for its successor takes its place.
BOOST_AUTO_TEST_CASE(a_ticker_that_is_late_by_more_than_its_period_loses_ticks) {
  const auto ticks = [](const char* faults) {
    const Ran r = run({.main = R"j([{"go": "w"}, {"sleep": "100ms"}])j",
                       .resources = R"j({"t": {"type": "ticker", "period": "4ms"}})j",
                       .programs = R"j("w": {"do": [{"loop": true, "forever": true, "do": [{"recv": "t"}, {"log": "t"}]}]})j",
                       .rest = std::string(R"j("stop": {"when_done": "main"}, "faults": [)j") + faults + "], "});
    return r.logs.size();
  };
  BOOST_TEST(ticks("") >= 24u);
  const std::size_t late = ticks(R"j({"inject": {"timer_delay": {"by": "5ms"}}})j");
  BOOST_TEST(late <= 14u);
  BOOST_TEST(late >= 10u);
}

BOOST_AUTO_TEST_CASE(a_collection_is_started_from_outside) {
  // Nothing else starts one: the collector is off.
  const auto live = [](const char* faults) {
    const Ran r = run({.main = R"j([{"alloc": "8MiB"}, {"sleep": "20ms"}, {"log": "MiB", "value": "heap.live / 1MiB"}])j",
                       .resources = R"j({"h": {"type": "heap", "gogc": "off"}})j",
                       .rest = std::string(R"j("faults": [)j") + faults + "], "});
    return joined(r.logs) + joined(r.problems) + " " + r.end;
  };
  BOOST_TEST(live("") == "MiB 8 done");
  BOOST_TEST(live(R"j({"at": "5ms", "inject": {"gc": true}})j") == "MiB 0 done");
  BOOST_TEST(live(R"j({"at": "5ms", "inject": {"gc": false}})j") == "MiB 8 done");
  BOOST_TEST(live(R"j({"at": "50ms", "inject": {"gc": true}})j") == "MiB 8 done");
  BOOST_TEST(live(R"j({"at": "5ms", "every": "10us", "inject": {"gc": true}})j") == "MiB 0 done");  // faster than it can
}

// The stop of the world that a collection needs waits for a loop without calls like that of any other collection.
BOOST_AUTO_TEST_CASE(a_collection_from_outside_stops_the_world) {
  const Ran r = run({.main = R"j([{"go": "spinner"}, {"sleep": "1ms"}, {"let": {"before": "now()"}}, {"sleep": "10ms"}, {"log": "late", "value": "now() - before > 40ms"}])j",
                     .programs = R"j("spinner": {"do": [{"spin": "50ms"}]})j",
                     .preset = "go1.13",
                     .procs = 2,
                     .rest = R"j("stop": {"when_done": "main"}, "faults": [{"at": "5ms", "inject": {"gc": true}}], )j"});
  BOOST_TEST(joined(r.logs) == "late 1", joined(r.logs) << joined(r.problems));
}

BOOST_AUTO_TEST_CASE(faults_that_make_no_sense_are_refused_at_their_place) {
  const auto problems = [](const char* machine, const char* fault) {
    const Ran r = run({.main = R"j([{"run": "1ms"}])j", .rest = std::string(R"j("machine": {)j") + machine + R"j(}, "faults": [{"inject": {)j" + fault + "}}], "});
    return joined(r.problems);
  };
  BOOST_TEST(problems("", R"j("stall_core": {"core": 0})j") == "E0314 /faults/0/inject/stall_core/core");
  BOOST_TEST(problems("", R"j("slow_core": {"core": 0, "factor": 2})j") == "E0314 /faults/0/inject/slow_core/core");
  BOOST_TEST(problems(R"j("cores": 2)j", R"j("slow_core": {"core": 2, "factor": 2})j") == "E0314 /faults/0/inject/slow_core/core");
  BOOST_TEST(problems(R"j("cores": 2)j", R"j("slow_core": {"core": 1, "factor": 0.5})j") == "E0211 /faults/0/inject/slow_core/factor");
  BOOST_TEST(problems(R"j("cores": 2)j", R"j("slow_core": {"core": 1, "factor": 0})j") == "E0211 /faults/0/inject/slow_core/factor");
  BOOST_TEST(problems(R"j("cores": 2)j", R"j("slow_core": {"core": -1, "factor": 2})j") == "E0211 /faults/0/inject/slow_core/core");
  BOOST_TEST(problems("", R"j("timer_delay": {"by": "0ns"})j") == "E0211 /faults/0/inject/timer_delay/by");
  BOOST_TEST(problems("", R"j("timer_delay": {"by": 5})j") == "E0212 /faults/0/inject/timer_delay/by");
}

BOOST_AUTO_TEST_CASE(settings_of_faults_may_be_parameters) {
  const Ran r = run({.main = R"j([{"sleep": "10ms"}, {"log": "t", "value": "now() / 1ms"}])j",
                     .rest = R"j("params": {"lag": {"default": "2ms"}}, "faults": [{"inject": {"timer_delay": {"by": "3 * lag"}}}], )j"});
  BOOST_TEST(joined(r.logs) == "t 16", joined(r.logs) << joined(r.problems));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
