// io: sockets park in the poller, files block a thread, deadlines give up.

#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_io)

BOOST_AUTO_TEST_CASE(a_socket_answers_after_its_latency_and_others_run_meanwhile) {
  const Ran r =
      run({.main = R"j([{"go": "w"}, {"io": "db"}, {"log": "main", "value": "now() >= 5ms && now() < 5200us"}])j",
           .resources = R"j({"db": {"type": "socket", "latency": "5ms"}})j",
           .programs = R"j("w": {"do": [{"log": "w", "value": "threads.total"}]})j"});
  BOOST_TEST(joined(r.logs) == "w 2 | main 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(many_goroutines_wait_with_two_threads) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w", "count": 1000}, {"wg_wait": "all"}, {"log": "all", "value": ["threads.total <= 3", "now() < 20ms"]}])j",
       .resources = R"j({"db": {"type": "socket", "latency": "10ms"}, "all": {"type": "waitgroup", "init": 1000}})j",
       .programs = R"j("w": {"do": [{"io": "db"}, {"wg_done": "all"}]})j"});
  BOOST_TEST(joined(r.logs) == "all 1 1", joined(r.logs) << r.message);
}

BOOST_AUTO_TEST_CASE(a_file_blocks_its_thread) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w", "count": 20}, {"wg_wait": "all"}, {"log": "all", "value": ["threads.total >= 20", "now() < 90ms"]}])j",
       .resources = R"j({"disk": {"type": "file", "latency": "50ms"}, "all": {"type": "waitgroup", "init": 20}})j",
       .programs = R"j("w": {"do": [{"io": "disk"}, {"wg_done": "all"}]})j"});
  BOOST_TEST(joined(r.logs) == "all 1 1", joined(r.logs) << r.message);
}

BOOST_AUTO_TEST_CASE(the_deadline_gives_up_and_a_quick_answer_beats_it) {
  const Ran r = run(
      {.main =
           R"j([{"io": "slow", "timeout": "2ms", "ok": "ok"}, {"log": "slow", "value": ["ok", "now() >= 2ms && now() < 4ms"]},
                       {"io": "quick", "timeout": "50ms", "ok": "ok"}, {"log": "quick", "value": ["ok", "now() < 6ms", "timers.pending"]},
                       {"io": "quick", "timeout": "0ns", "ok": "ok"}, {"log": "over", "value": "ok"}])j",
       .resources =
           R"j({"slow": {"type": "socket", "latency": "1s"}, "quick": {"type": "socket", "latency": "1ms"}})j"});
  BOOST_TEST(joined(r.logs) == "slow 0 1 | quick 1 1 0 | over 0");
  BOOST_TEST(r.end == "done", r.message);
  BOOST_TEST(r.at < 10'000'000);  // the late answer keeps nobody waiting
}

BOOST_AUTO_TEST_CASE(a_deadline_on_a_file_means_nothing) {
  const Ran r = run(
      {.main = R"j([{"io": "disk", "timeout": "1ms", "ok": "ok"}, {"log": "ok", "value": ["ok", "now() >= 5ms"]}])j",
       .resources = R"j({"disk": {"type": "file", "latency": "5ms"}})j"});
  BOOST_TEST(joined(r.logs) == "ok 1 1");
}

BOOST_AUTO_TEST_CASE(events_wait_until_somebody_reads_them) {
  const Ran r = run(
      {.main =
           R"j([{"run": "3500us"}, {"loop": true, "times": 5, "do": [{"io": "in"}, {"log": "t", "value": "now() / 1ms"}]}])j",
       .resources = R"j({"in": {"type": "socket", "every": "1ms"}})j"});
  BOOST_TEST(joined(r.logs) == "t 3 | t 3 | t 3 | t 4 | t 5");
}

BOOST_AUTO_TEST_CASE(readers_of_one_socket_get_events_in_the_order_in_which_they_came) {
  const Ran r =
      run({.main = R"j([{"loop": true, "times": 4, "as": "n", "do": [{"go": "w", "args": {"n": "n"}}, {"yield": true}]},
                       {"sleep": "20ms"}])j",
           .resources = R"j({"in": {"type": "socket", "every": "2ms"}})j",
           .programs = R"j("w": {"args": ["n"], "do": [{"io": "in"}, {"log": "w", "value": ["n", "now() / 2ms"]}]})j"});
  BOOST_TEST(joined(r.logs) == "w 0 1 | w 1 2 | w 2 3 | w 3 4");
}

BOOST_AUTO_TEST_CASE(a_reader_that_gives_up_leaves_the_queue) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w", "args": {"n": 0, "t": "20ms"}}, {"yield": true}, {"go": "w", "args": {"n": 1, "t": "2ms"}},
                       {"yield": true}, {"go": "w", "args": {"n": 2, "t": "40ms"}}, {"wg_wait": "all"}])j",
       .resources = R"j({"in": {"type": "socket", "every": "10ms"}, "all": {"type": "waitgroup", "init": 3}})j",
       .programs = R"j("w": {"args": ["n", "t"], "do": [{"io": "in", "timeout": "t", "ok": "ok"},
                       {"log": "w", "value": ["n", "ok", "now() / 10ms"]}, {"wg_done": "all"}]})j"});
  BOOST_TEST(joined(r.logs) == "w 1 0 0 | w 0 1 1 | w 2 1 2");
}

BOOST_AUTO_TEST_CASE(who_waits_shows_as_io_wait_and_is_no_deadlock) {
  const Ran r = run({.main = R"j([{"io": "never"}])j",
                     .resources = R"j({"never": {"type": "socket", "latency": "3600s"}})j",
                     .rest = R"j("stop": {"after": "1s"}, )j"});
  BOOST_TEST(r.end == "time", r.message);
  BOOST_TEST(joined(r.blocked) == "G1 IO wait");
}

// Until 1.21 the count of waiters stayed up: a process that has once read from the network polls for ever.
BOOST_AUTO_TEST_CASE(until_1_21_a_read_hides_a_later_deadlock) {
  const auto end = [](const char* preset) {
    return run({.main = R"j([{"io": "db"}, {"recv": "c"}])j",
                .resources = R"j({"db": {"type": "socket", "latency": "1ms"}, "c": {"type": "chan"}})j",
                .preset = preset,
                .rest = R"j("stop": {"after": "1s"}, )j"})
        .end;
  };
  BOOST_TEST(end("go1.19") == "time");
  BOOST_TEST(end("go1.21") == "time");
  BOOST_TEST(end("go1.22") == "deadlock");
  BOOST_TEST(end("go1.27") == "deadlock");
}

BOOST_AUTO_TEST_CASE(a_drawn_latency_is_the_same_under_every_policy) {
  const auto times = [](const char* policy, int procs) {
    const Ran r = run(
        {.main =
             R"j([{"loop": true, "times": 20, "do": [{"let": {"t": "now()"}}, {"io": "db"}, {"let": {"total": "now() - t"}}]},
                         {"log": "sum", "value": "now() / 1ms"}])j",
         .resources = R"j({"db": {"type": "socket", "latency": {"dist": "exp", "mean": "5ms"}}})j",
         .procs = procs,
         .seed = 3,
         .rest =
             std::string(R"j("policies": {"p": {"use": "go1.26", "params": {"netpoll": ")j") + policy + R"j("}}}, )j"});
    BOOST_TEST(r.logs.size() == 1u, r.message << joined(r.texts));
    return joined(r.logs);
  };
  const std::string first = times("poller", 1);
  BOOST_TEST(times("poller", 1) == first);
  BOOST_TEST(times("poller-thread", 1) == first);
  BOOST_TEST(times("thread-per-op", 1) == first);
}

BOOST_AUTO_TEST_CASE(every_policy_serves_events_and_deadlines) {
  for (const char* policy : {"poller", "poller-thread", "thread-per-op"}) {
    for (const int procs : {1, 2, 4}) {
      const Ran r = run(
          {.main =
               R"j([{"go": "w", "count": 10}, {"go": "hog", "count": 2}, {"wg_wait": "all"}, {"log": "all", "value": ["got > 60", "got < 100", "missed > 20"]}])j",
           .resources =
               R"j({"in": {"type": "socket", "every": {"dist": "exp", "mean": "1ms"}}, "db": {"type": "socket", "latency": {"dist": "exp", "mean": "1ms"}},
                           "all": {"type": "waitgroup", "init": 10}, "got": {"type": "var"}, "missed": {"type": "var"}})j",
           .programs = R"j("hog": {"do": [{"run": "20ms"}]}, "w": {"do": [{"loop": true, "times": 10, "do": [
                           {"io": "in", "timeout": "200ms", "ok": "ok"}, {"if": "ok", "then": [{"set": {"got": "got + 1"}}]},
                           {"io": "db", "timeout": "1ms", "ok": "ok"}, {"if": "!ok", "then": [{"set": {"missed": "missed + 1"}}]}]},
                           {"wg_done": "all"}]})j",
           .procs = procs,
           .rest = std::string(R"j("policies": {"p": {"use": "go1.26", "params": {"netpoll": ")j") + policy +
                   R"j("}}}, )j"});
      BOOST_TEST(r.end == "done", policy << procs << r.message << joined(r.texts));
      BOOST_TEST(joined(r.logs).substr(0, 3) == "all", policy << procs << joined(r.logs));
    }
  }
}

BOOST_AUTO_TEST_CASE(io_takes_a_socket_or_file) {
  BOOST_TEST(joined(run({.main = R"j([{"io": "m"}])j", .resources = R"j({"m": {"type": "mutex"}})j"}).problems) ==
             "E0507 /programs/main/do/0/io");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
