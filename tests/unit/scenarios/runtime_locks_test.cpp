// Locks of kind "runtime": the thread waits, not the goroutine, and who holds one must go on to the end.

#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(runtime_locks)

namespace {
constexpr const char* kRuntime =
    R"j({"l": {"type": "mutex", "kind": "runtime"}, "in": {"type": "var"}, "n": {"type": "var"}, "left": {"type": "waitgroup"}})j";
constexpr const char* kSync = R"j({"l": {"type": "mutex"}})j";

/// One policy: this version with this switch.
std::string policy(const char* version, const char* params) {
  return std::string(R"j("policies": {"p": {"use": ")j") + version + R"j(", "params": {)j" + params + "}}}, ";
}
}  // namespace

// Two Ps: one runs the holder, the other one belongs to the thread that waits. A goroutine behind it has to wait as well.
BOOST_AUTO_TEST_CASE(the_p_of_a_thread_that_waits_stays_with_it) {
  const auto when = [](const char* resources) {
    const Ran r = run(
        {.main =
             R"j([{"go": "holder"}, {"run": "1ms"}, {"go": "other"}, {"lock": "l"}, {"unlock": "l"}, {"run": "1ms"}])j",
         .resources = resources,
         .programs =
             R"j("holder": {"do": [{"lock": "l"}, {"run": "5ms"}, {"unlock": "l"}, {"run": "5ms"}]}, "other": {"do": [{"log": "ms", "value": "now() / 1ms"}]})j",
         .procs = 2});
    return joined(r.logs) + joined(r.problems);
  };
  BOOST_TEST(when(kSync) == "ms 1");
  BOOST_TEST(when(kRuntime) == "ms 6");
}

BOOST_AUTO_TEST_CASE(nobody_preempts_who_holds_one) {
  const auto when = [](const char* resources, const char* work) {
    const Ran r = run({.main = std::string(R"j([{"go": "other"}, {"lock": "l"}, )j") + work +
                               R"j(, {"unlock": "l"}, {"run": "1us"}, {"run": "30ms"}])j",
                       .resources = resources,
                       .programs = R"j("other": {"do": [{"log": "ms", "value": "now() / 1ms"}]})j"});
    return joined(r.logs) + joined(r.problems);
  };
  BOOST_TEST(when(kSync, R"j({"run": "50ms"})j") == "ms 10");
  BOOST_TEST(when(kRuntime, R"j({"run": "50ms"})j") == "ms 50");
  BOOST_TEST(when(kRuntime, R"j({"spin": "50ms"})j") == "ms 50");
  BOOST_TEST(when(kRuntime, R"j({"loop": true, "times": 50, "do": [{"run": "1ms"}]})j") == "ms 50");
}

BOOST_AUTO_TEST_CASE(to_block_while_holding_one_is_fatal) {
  for (const char* what :
       {R"j({"sleep": "1ms"})j", R"j({"yield": true})j", R"j({"recv": "nil"})j", R"j({"exit": true})j"}) {
    const Ran r = run({.main = std::string(R"j([{"lock": "l"}, )j") + what + "]", .resources = kRuntime});
    BOOST_TEST(r.end == "fatal", what << joined(r.problems) << r.end);
    BOOST_TEST(r.message == "schedule: holding locks");
  }
}

BOOST_AUTO_TEST_CASE(wrong_unlocks_are_fatal) {
  BOOST_TEST(run({.main = R"j([{"unlock": "l"}])j", .resources = kRuntime}).message == "unlock of unlocked lock");
  const Ran r = run({.main = R"j([{"go": "holder"}, {"run": "1ms"}, {"unlock": "l"}])j",
                     .resources = kRuntime,
                     .programs = R"j("holder": {"do": [{"lock": "l"}, {"run": "5ms"}]})j",
                     .procs = 2});
  BOOST_TEST(r.message == "runtime\xC2\xB7unlock: lock count");
  BOOST_TEST(r.end == "fatal");
}

BOOST_AUTO_TEST_CASE(trylock_waits_for_nobody) {
  const Ran r = run(
      {.main =
           R"j([{"trylock": "l", "as": "a"}, {"trylock": "l", "as": "b"}, {"log": "got", "value": ["a", "b"]}, {"unlock": "l"}, {"trylock": "l", "as": "c"}, {"log": "then", "value": "c"}, {"unlock": "l"}])j",
       .resources = kRuntime});
  BOOST_TEST(joined(r.logs) == "got 1 0 | then 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(one_at_a_time_is_inside_and_nobody_is_forgotten) {
  for (const char* version : {"go1.19", "go1.23", "go1.24", "go1.26"}) {
    for (const char* cores : {R"j("machine": {"cores": 1}, )j", R"j("machine": {"cores": 3}, )j", ""}) {
      const Ran r = run(
          {.main =
               R"j([{"wg_add": "left", "n": 8}, {"go": "w", "count": 8}, {"wg_wait": "left"}, {"log": "n", "value": "n"}])j",
           .resources = kRuntime,
           .programs =
               R"j("w": {"do": [{"loop": true, "times": 300, "do": [{"lock": "l"}, {"set": {"in": "in + 1"}}, {"run": "200ns"}, {"assert": "in == 1"},
                              {"set": {"n": "n + 1", "in": "in - 1"}}, {"unlock": "l"}, {"run": "300ns"}]}, {"wg_done": "left"}]})j",
           .preset = version,
           .procs = 6,
           .rest = cores});
      BOOST_TEST(joined(r.logs) == "n 2400", version << cores << joined(r.problems));
      BOOST_TEST(r.end == "done");
    }
  }
}

// The holder lets go when all three sleep.
BOOST_AUTO_TEST_CASE(until_1_23_sleepers_are_woken_in_order_then_the_last_one_first) {
  const auto order = [](const std::string& rest) {
    const Ran r = run(
        {.main =
             R"j([{"go": "w", "args": {"at": "1ms"}}, {"go": "w", "args": {"at": "2ms"}}, {"go": "w", "args": {"at": "3ms"}}, {"lock": "l"}, {"run": "6ms"}, {"unlock": "l"}, {"run": "3ms"}])j",
         .resources = kRuntime,
         .programs =
             R"j("w": {"args": ["at"], "do": [{"run": "at"}, {"lock": "l"}, {"log": "w", "value": "at / 1ms"}, {"run": "100us"}, {"unlock": "l"}]})j",
         .procs = 4,
         .rest = rest});
    return joined(r.logs) + joined(r.problems);
  };
  BOOST_TEST(order(policy("go1.23", "")) == "w 1 | w 2 | w 3");
  BOOST_TEST(order(policy("go1.24", R"j("lock2.wake_oldest_every": 0)j")) == "w 3 | w 2 | w 1");
  BOOST_TEST(order(policy("go1.24", R"j("lock2.wake_oldest_every": 1)j")) == "w 1 | w 2 | w 3");
}

// Issue 68578: twenty threads in a tight loop. What the rule that wakes the oldest is there for.
BOOST_AUTO_TEST_CASE(without_waking_the_oldest_the_bottom_of_the_stack_waits_much_longer) {
  const auto longest = [](const std::string& rest) {
    const Ran r = run(
        {.main =
             R"j([{"wg_add": "left", "n": 20}, {"go": "w", "count": 20}, {"wg_wait": "left"}, {"log": "us", "value": "in / 1us"}])j",
         .resources = kRuntime,
         .programs =
             R"j("w": {"do": [{"loop": true, "times": 2000, "do": [{"let": {"t": "now()"}}, {"lock": "l"}, {"set": {"in": "max(in, now() - t)"}}, {"run": "10ns"}, {"unlock": "l"}]},
                            {"wg_done": "left"}]})j",
         .procs = 20,
         .rest = rest});
    BOOST_TEST_REQUIRE(r.logs.size() == 1u, joined(r.problems) << joined(r.texts));
    return std::stoll(r.logs[0].substr(3));
  };
  const auto stack = longest(policy("go1.24", R"j("lock2.wake_oldest_every": 0)j"));
  const auto fair = longest(policy("go1.24", ""));
  BOOST_TEST(stack > 2 * fair, stack << " and " << fair);
}

BOOST_AUTO_TEST_CASE(a_running_goroutine_takes_a_semaphore_of_the_runtime_before_one_that_waits) {
  const auto order = [](const char* kind, const char* params) {
    const Ran r = run(
        {.main =
             R"j([{"acquire": "s"}, {"go": "w"}, {"yield": true}, {"release": "s"}, {"acquire": "s"}, {"log": "main"}, {"release": "s"}, {"yield": true}, {"yield": true}])j",
         .resources = std::string(R"j({"s": {"type": "semaphore")j") + kind + "}}",
         .programs = R"j("w": {"do": [{"acquire": "s"}, {"log": "w"}, {"release": "s"}]})j",
         .rest = policy("go1.26", params)});
    return joined(r.logs) + joined(r.problems);
  };
  BOOST_TEST(order("", "") == "w | main");
  BOOST_TEST(order(R"j(, "kind": "runtime")j", "") == "main | w");
  BOOST_TEST(order(R"j(, "kind": "runtime")j", R"j("semaphore.handoff": true)j") == "w | main");
}

BOOST_AUTO_TEST_CASE(a_semaphore_of_the_runtime_counts) {
  const Ran r = run(
      {.main =
           R"j([{"acquire": "s"}, {"tryacquire": "s", "as": "a"}, {"tryacquire": "s", "as": "b"}, {"log": "got", "value": ["a", "b"]}, {"release": "s"}, {"release": "s"}, {"release": "s"},
                         {"acquire": "s"}, {"acquire": "s"}, {"acquire": "s"}, {"log": "three"}, {"acquire": "s"}])j",
       .resources = R"j({"s": {"type": "semaphore", "kind": "runtime", "count": 2}})j"});
  BOOST_TEST(joined(r.logs) == "got 1 0 | three");
  BOOST_TEST(r.end == "deadlock");
  BOOST_TEST(joined(r.blocked) == "G1 semacquire");
  for (const char* op : {R"j({"acquire": "s", "n": 2})j", R"j({"release": "s", "n": 2})j",
                         R"j({"tryacquire": "s", "n": 2, "as": "a"})j"})
    BOOST_TEST(joined(run({.main = std::string("[") + op + "]",
                           .resources = R"j({"s": {"type": "semaphore", "kind": "runtime", "count": 2}})j"})
                          .problems) == "E0600 /programs/main/do/0");
}

BOOST_AUTO_TEST_CASE(a_cond_needs_a_mutex_that_goroutines_wait_for) {
  BOOST_TEST(
      joined(run({.main = "[]",
                  .resources = R"j({"l": {"type": "mutex", "kind": "runtime"}, "c": {"type": "cond", "mutex": "l"}})j"})
                 .problems) == "E0306 /resources/c/mutex");
}

// Issue 40459. Two want to stop the world, one of them again and again.
BOOST_AUTO_TEST_CASE(the_right_to_stop_the_world_is_handed_over_since_1_16) {
  const auto got_in = [](const std::string& rest) {
    const Ran r = run(
        {.main =
             R"j([{"go": "hog"}, {"loop": true, "while": "began == 0", "do": [{"run": "50ns"}]}, {"let": {"t": "now()"}}, {"stop_world": "10us"}, {"log": "us", "value": "(now() - t) / 1us"}])j",
         .resources = R"j({"began": {"type": "var"}})j",
         .programs =
             R"j("hog": {"do": [{"set": {"began": 1}}, {"loop": true, "forever": true, "do": [{"stop_world": "30us"}]}]})j",
         .procs = 4,
         .rest = R"j("stop": {"after": "100ms", "when_done": "main"}, )j" + rest});
    return r.logs.size() == 1 ? std::stoll(r.logs[0].substr(3)) : 100'000;
  };
  BOOST_TEST(got_in(policy("go1.15", "")) > 2'000);
  BOOST_TEST(got_in(policy("go1.16", "")) < 100);
  BOOST_TEST(got_in(policy("go1.26", "")) < 100);
  BOOST_TEST(got_in(policy("go1.26", R"j("stw.sema_handoff": false)j")) > 2'000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
