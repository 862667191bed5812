// `leak` after a run that was cut off: who can still be woken, told from the programs.

#include <boost/test/unit_test.hpp>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

/// What the check says of a run of 100 ms: "PASS", "FAIL: G2 stuck, …; G3 …", "UNDECIDED".
std::string judged(const std::string& resources, const std::string& programs, const std::string& start) {
  const std::string text =
      R"-({"apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": {"name": "leaks"}, "runtime": {"gomaxprocs": 2},
          "resources": {)-" +
      resources + R"-(}, "programs": {)-" + programs + R"-(}, "start": [)-" + start +
      R"-(], "stop": {"after": "100ms"}, "checks": {"leaks": {"leak": "none"}}})-";
  return judged_scenario(text, "leaks");
}

constexpr const char* kLoop = R"-("busy": {"do": [{"loop": true, "forever": true, "do": [{"sleep": "1ms"}]}]})-";

}  // namespace

BOOST_AUTO_TEST_SUITE(leak)

BOOST_AUTO_TEST_CASE(a_receiver_is_no_leak_while_somebody_may_still_send) {
  const char* const receiver = R"-("stuck": {"do": [{"recv": "c"}]})-";
  const std::string start = R"-({"go": "stuck"}, {"go": "busy"})-";
  const std::string chan = R"-("c": {"type": "chan"})-";
  BOOST_TEST(judged(chan, std::string(receiver) + "," + kLoop, start) == "FAIL G1 stuck;");
  BOOST_TEST(
      judged(chan,
             std::string(receiver) +
                 R"-(, "busy": {"do": [{"loop": true, "times": 1000, "do": [{"sleep": "1ms"}]}, {"send": "c"}]})-",
             start) == "PASS");
  // Behind a loop without a way out nothing is sent; with one it may be.
  const auto behind = [&](const std::string& inside) {
    return judged(chan,
                  std::string(receiver) + R"-(, "busy": {"do": [{"loop": true, "forever": true, "do": [)-" + inside +
                      R"-({"sleep": "1ms"}]}, {"close": "c"}]})-",
                  start);
  };
  BOOST_TEST(behind("") == "FAIL G1 stuck;");
  BOOST_TEST(behind(R"-({"if": "now() > 1s", "then": [{"break": true}]}, )-") == "PASS");
  BOOST_TEST(behind(R"-({"select": [{"after": "1ms", "do": [{"break": true}]}]}, )-") == "FAIL G1 stuck;");
}

BOOST_AUTO_TEST_CASE(a_channel_that_its_maker_has_forgotten_is_a_leak) {
  const auto forgotten = [](const std::string& later) {
    return judged("",
                  R"-("child": {"args": ["r"], "do": [{"sleep": "5ms"}, {"send": "r", "value": 1}]},
                     "ask": {"do": [{"let": {"r": "newchan(0)"}}, {"go": "child", "args": {"r": "r"}},
                                    {"select": [{"recv": "r"}, {"after": "1ms"}]})-" +
                      later + R"-(]},
                     "main": {"do": [{"call": "ask"}, {"loop": true, "forever": true, "do": [{"sleep": "1ms"}]}]})-",
                  R"-({"go": "main"})-");
  };
  BOOST_TEST(forgotten("") == "FAIL G2 child;");
  BOOST_TEST(forgotten(R"-(, {"sleep": "1s"}, {"recv": "r"})-") == "PASS");
}

BOOST_AUTO_TEST_CASE(a_reference_on_its_way_through_a_channel_is_not_forgotten) {
  const auto sent = [](const std::string& receiver) {
    return judged(R"-("box": {"type": "chan", "cap": 1})-",
                  R"-("main": {"do": [{"let": {"r": "newchan(0)"}}, {"send": "box", "value": "r"}, {"recv": "r"}]},
                      "busy": {"do": [{"sleep": "1s"}, )-" +
                      receiver + "]}",
                  R"-({"go": "main"}, {"go": "busy"})-");
  };
  BOOST_TEST(sent(R"-({"recv": "box", "as": "r"}, {"send": "r"})-") == "PASS");
  BOOST_TEST(sent(R"-({"log": "x", "value": "len(box)"})-") == "FAIL G1 main;");
}

BOOST_AUTO_TEST_CASE(who_waits_for_somebody_that_waits_for_ever_does_so_too) {
  const std::string locks = R"-("a": {"type": "mutex"}, "b": {"type": "mutex"}, "c": {"type": "mutex"})-";
  const std::string programs = std::string(kLoop) +
                               R"-(, "ab": {"do": [{"lock": "a"}, {"sleep": "1ms"}, {"lock": "b"}, {"unlock": "a"}]},
                                  "ba": {"do": [{"lock": "b"}, {"sleep": "1ms"}, {"lock": "a"}, {"unlock": "b"}]},
                                  "third": {"do": [{"sleep": "2ms"}, {"lock": "a"}]},
                                  "slow": {"do": [{"lock": "c"}, {"sleep": "1s"}, {"unlock": "c"}]},
                                  "patient": {"do": [{"sleep": "1ms"}, {"lock": "c"}, {"unlock": "c"}]})-";
  BOOST_TEST(
      judged(locks, programs,
             R"-({"go": "busy"}, {"go": "ab"}, {"go": "ba"}, {"go": "third"}, {"go": "slow"}, {"go": "patient"})-") ==
      "FAIL G2 ab; G3 ba; G4 third;");
}

BOOST_AUTO_TEST_CASE(locks_wait_groups_conds_semaphores_and_onces_are_known) {
  const auto one = [](const std::string& resource, const std::string& waits, const std::string& wakes) {
    const std::string all = R"-("x": )-" + resource + R"-(, "m": {"type": "mutex"})-";
    const std::string start = R"-({"go": "stuck"}, {"go": "busy"})-";
    const auto with = [&](const std::string& then) {
      return judged(
          all, R"-("stuck": {"do": [)-" + waits + R"-(]}, "busy": {"do": [{"sleep": "1s"})-" + then + R"-(]})-", start);
    };
    return with("") + " / " + with(", " + wakes);
  };
  BOOST_TEST(one(R"-({"type": "waitgroup", "init": 1})-", R"-({"wg_wait": "x"})-", R"-({"wg_done": "x"})-") ==
             "FAIL G1 stuck; / PASS");
  BOOST_TEST(one(R"-({"type": "semaphore", "count": 1})-", R"-({"acquire": "x"}, {"acquire": "x"})-",
                 R"-({"release": "x"})-") == "FAIL G1 stuck; / PASS");
  BOOST_TEST(one(R"-({"type": "cond", "mutex": "m"})-", R"-({"lock": "m"}, {"wait": "x"})-",
                 R"-({"broadcast": "x"})-") == "FAIL G1 stuck; / PASS");
  BOOST_TEST(one(R"-({"type": "rwmutex"})-", R"-({"rlock": "x"}, {"lock": "x"})-", R"-({"runlock": "x"})-") ==
             "FAIL G1 stuck; / PASS");
  BOOST_TEST(one(R"-({"type": "rwmutex"})-", R"-({"lock": "x"}, {"lock": "x"})-", R"-({"unlock": "x"})-") ==
             "FAIL G1 stuck; / PASS");
  BOOST_TEST(one(R"-({"type": "chan", "cap": 1})-", R"-({"send": "x"}, {"send": "x"})-",
                 R"-({"range": "x", "do": []})-") == "FAIL G1 stuck; / PASS");
  BOOST_TEST(one(R"-({"type": "timer"})-", R"-({"recv": "x"})-", R"-({"reset": "x", "to": "1ms"})-") ==
             "FAIL G1 stuck; / PASS");
  // Inside itself a once waits for ever, whoever comes later; while its function runs others may hope.
  const std::string once = R"-("x": {"type": "once"})-";
  BOOST_TEST(judged(once,
                    R"-("stuck": {"do": [{"once": "x", "do": [{"once": "x", "do": []}]}]},
                       "busy": {"do": [{"sleep": "1s"}, {"once": "x", "do": []}]})-",
                    R"-({"go": "stuck"}, {"go": "busy"})-") == "FAIL G1 stuck;");
  BOOST_TEST(judged(once, R"-("first": {"do": [{"once": "x", "do": [{"sleep": "1s"}]}]},
                             "second": {"do": [{"sleep": "1ms"}, {"once": "x", "do": []}]})-",
                    R"-({"go": "first"}, {"go": "second"})-") == "PASS");
}

BOOST_AUTO_TEST_CASE(a_context_ends_by_its_deadline_or_by_whoever_may_cancel_it_or_an_ancestor) {
  const auto waits = [](const std::string& parent, const std::string& child, const std::string& later) {
    return judged(
        R"-("p": {"type": "context")-" + parent + R"-(}, "c": {"type": "context", "parent": "p")-" + child + "}",
        R"-("stuck": {"do": [{"recv": "c"}]}, "busy": {"do": [{"sleep": "1s"})-" + later + "]}",
        R"-({"go": "stuck"}, {"go": "busy"})-");
  };
  BOOST_TEST(waits("", "", "") == "FAIL G1 stuck;");
  BOOST_TEST(waits("", "", R"-(, {"cancel": "p"})-") == "PASS");
  BOOST_TEST(waits(R"-(, "timeout": "2s")-", "", "") == "PASS");
  BOOST_TEST(waits("", R"-(, "timeout": "2s")-", "") == "PASS");
}

BOOST_AUTO_TEST_CASE(timers_starts_and_deferred_blocks_still_act) {
  const std::string stuck = R"-("stuck": {"do": [{"recv": "c"}]})-";
  BOOST_TEST(judged(R"-("beat": {"type": "ticker", "period": "1s"})-", R"-("stuck": {"do": [{"recv": "beat"}]})-",
                    R"-({"go": "stuck"})-") == "PASS");
  BOOST_TEST(judged(R"-("c": {"type": "chan"})-", stuck + R"-(, "late": {"do": [{"send": "c"}]})-",
                    R"-({"go": "stuck"}, {"go": "late", "at": "1s"})-") == "PASS");
  BOOST_TEST(judged(R"-("c": {"type": "chan"})-",
                    stuck + R"-(, "busy": {"do": [{"defer": [{"close": "c"}]}, {"sleep": "1s"}]})-",
                    R"-({"go": "stuck"}, {"go": "busy"})-") == "PASS");
  BOOST_TEST(
      judged(R"-("c": {"type": "chan"})-",
             stuck + R"-(, "helper": {"do": [{"close": "c"}]}, "busy": {"do": [{"sleep": "1s"}, {"go": "helper"}]})-",
             R"-({"go": "stuck"}, {"go": "busy"})-") == "PASS");
  BOOST_TEST(
      judged(R"-("c": {"type": "chan"})-",
             stuck + R"-(, "busy": {"do": [{"go": "closer", "after": "1s"}]}, "closer": {"do": [{"close": "c"}]})-",
             R"-({"go": "stuck"}, {"go": "busy"})-") == "PASS");
  BOOST_TEST(judged("", R"-("stuck": {"do": [{"select": []}]}, "busy": {"do": [{"sleep": "1s"}]})-",
                    R"-({"go": "stuck"}, {"go": "busy"})-") == "FAIL G1 stuck;");
}

BOOST_AUTO_TEST_CASE(arrivals_to_come_still_act_and_users_who_wait_for_the_stuck_do_not) {
  const auto with = [](const std::string& process, const std::string& guest) {
    const std::string text =
        R"-({"apiVersion": "gmpsim/v1", "kind": "Scenario", "resources": {"c": {"type": "chan"}},
        "programs": {"stuck": {"do": [{"recv": "c"}]}, "guest": {"do": [)-" +
        guest + R"-(]},
                     "busy": {"do": [{"sleep": "1s"}]}},
        "start": [{"go": "stuck"}, {"go": "busy"}], "arrivals": {"a": {"go": "guest", "process": )-" +
        process + R"-(}}, "stop": {"after": "100ms"}, "checks": {"leaks": {"leak": {"who": "program:stuck"}}}})-";
    return gmpsim_says({"run", "-", "--ascii"}, {.input = text}).out.find("PASS leaks") != std::string::npos;
  };
  BOOST_TEST(with(R"-({"every": "1s"})-", R"-({"sleep": "1s"}, {"send": "c"})-"));
  BOOST_TEST(!with(R"-({"every": "1s"})-", R"-({"sleep": "1s"})-"));
  BOOST_TEST(with(R"-({"closed": {"users": 1, "think": "1s"}})-", R"-({"sleep": "10s"}, {"send": "c"})-"));
  BOOST_TEST(!with(R"-({"closed": {"users": 1, "think": "1s"}})-", R"-({"select": []}, {"send": "c"})-"));
}

// What go1.26.8 (GOEXPERIMENT=goroutineleakprofile) said of the same program: pprof.Lookup("goroutineleak").WriteTo with
// debug 1 and 2 gave "total 2", "2 @ … main.stuck", then goroutines 5 and 6 as "[chan send (leaked)]" and 7 as "[chan
// receive]": main still has the channel of 7, those of the others nobody has.
BOOST_AUTO_TEST_CASE(the_leak_profile_is_that_of_go_1_26) {
  const auto profile = [](const std::string& resources, const std::string& main) {
    const std::string text = R"-({"apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": {"name": "leaks"},
"resources": {)-" + resources +
                             R"-(},
"programs": {
"main": {"do": [)-" + main + R"-(]},
"stuck": {"args": ["c"], "do": [{"send": "c", "value": 1}]},
"waits": {"args": ["c"], "do": [{"recv": "c"}]}},
"start": [{"go": "main"}], "stop": {"after": "5ms"}})-";
    return gmpsim_says({"run", "-", "--format", "leak-profile"}, {.input = text}).out;
  };
  const std::string made =
      R"-({"let": {"d": "newchan(0)"}}, )-"
      R"-({"loop": true, "times": 2, "do": [{"let": {"c": "newchan(0)"}}, {"go": "stuck", "args": {"c": "c"}}]}, )-"
      R"-({"go": "waits", "args": {"c": "d"}}, {"sleep": "10ms"})-";
  BOOST_TEST(profile("", made + R"-(, {"send": "d"})-") ==
             "goroutineleak profile: total 2\n2 @\n#\tmain.stuck\t<stdin>:5\n"
             "\ngoroutine 2 [chan send (leaked)]:\nmain.stuck()\n\t<stdin>:5\n"
             "\ngoroutine 3 [chan send (leaked)]:\nmain.stuck()\n\t<stdin>:5\n");
  // Nobody uses d any more: its receiver is leaked, too.
  BOOST_TEST(contains(profile("", made), "goroutineleak profile: total 3\n2 @\n"));
  // A package variable is reachable for ever.
  BOOST_TEST(profile(R"-("p": {"type": "chan"})-", R"-({"go": "stuck", "args": {"c": "p"}}, {"sleep": "10ms"})-") ==
             "goroutineleak profile: total 0\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
