// What the compiler refuses, where, and with which advice.

#include "scenarios/compile.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

namespace {

const char* const kResources =
    R"({"jobs": {"type": "chan", "cap": 2}, "m": {"type": "mutex"}, "v": {"type": "var"}, "a": {"type": "var", "array": 3},
  "wg": {"type": "waitgroup"}, "tick": {"type": "ticker", "period": "1ms"}})";

Ran refused(const std::string& ops) {
  return run({.main = ops, .resources = kResources, .programs = R"("worker": {"args": ["id"], "do": []})"});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compile_programs)

BOOST_AUTO_TEST_CASE(each_mistake_has_its_code_its_place_and_advice) {
  struct Case {
    const char* ops;
    const char* problem;
    const char* text;
  };
  const Case cases[] = {
      {R"([{"rnu": "5us"}])", "E0501 /programs/main/do/0/rnu", R"(there is no operation "rnu" [did you mean "run"?])"},
      {R"([{}])", "E0502 /programs/main/do/0", "an operation without a verb"},
      {R"(["run"])", "E0501 /programs/main/do/0",
       R"(an operation is an object with one verb [such as {"run": "20us"}])"},
      {R"([{"lock": "m", "unlock": "m"}])", "E0503 /programs/main/do/0/unlock",
       R"(two operations in one object: "lock" and "unlock" [write two objects: their order matters])"},
      {R"([{"send": "jobs", "valu": 1}])", "E0107 /programs/main/do/0/valu",
       R"(unknown key "valu" [did you mean "value"?])"},
      {R"([{"lock": "jobs"}])", "E0507 /programs/main/do/0/lock",
       R"("jobs" is a channel; "lock" takes a mutex, a rwmutex or a mutex of the runtime)"},
      {R"([{"recv": "jbos"}])", "E0403 /programs/main/do/0/recv", R"("jbos" is not known here [did you mean "jobs"?])"},
      {R"([{"run": 5}])", "E0212 /programs/main/do/0/run",
       R"(5 is not a time [times are strings with a unit: "5s", "5ms", "5us", "5ns"])"},
      {R"([{"run": "5"}])", "E0212 /programs/main/do/0/run",
       R"(5 is not a time [times have a unit: "5s", "5ms", "5us", "5ns"])"},
      {R"([{"go": "wroker"}])", "E0511 /programs/main/do/0/go",
       R"(there is no program "wroker" [did you mean "worker"?])"},
      {R"([{"go": "worker", "args": {"id": 1, "x": 2}}])", "E0510 /programs/main/do/0/args/x",
       R"("worker" has no argument "x")"},
      {R"([{"go": "worker"}])", "E0510 /programs/main/do/0",
       R"(the argument "id" of "worker" is missing [add "args": { "id": … }])"},
      {R"([{"go": "worker", "count": 2, "args": {"id": 1}, "as": "g"}])", "E0506 /programs/main/do/0",
       R"("as" cannot name the numbers of several goroutines [leave out "as" or "count"])"},
      {R"([{"let": {"v": 1}}])", "E0508 /programs/main/do/0/let/v",
       "let stores into variables of the goroutine [use set for a shared variable]"},
      {R"([{"set": {"x": 1}}])", "E0508 /programs/main/do/0",
       R"(set stores into at least one shared variable [use let for variables of the goroutine; shared ones are resources of type "var"])"},
      {R"([{"let": {"jobs": 1}}])", "E0508 /programs/main/do/0/let/jobs",
       R"("jobs" is a channel, not a variable [nothing shadows: choose another name])"},
      {R"([{"let": {"index": 1}}])", "E0508 /programs/main/do/0/let/index",
       R"("index" is reserved [choose another name])"},
      {R"([{"let": {"len": 1}}])", "E0508 /programs/main/do/0/let/len", R"("len" is reserved [choose another name])"},
      {R"([{"let": {"2x": 1}}])", "E0508 /programs/main/do/0/let/2x",
       R"("2x" is no name [names are letters, digits and _, and begin with a letter])"},
      {R"([{"let": {"x": "x + 1"}}])", "E0403 /programs/main/do/0/let/x",
       R"("x" is not known here [variables are made by let and as, and seen to the end of their block])"},
      {R"([{"read": "y", "as": "x"}])", "E0403 /programs/main/do/0/read", R"("y" is not known here)"},
      {R"([{"let": {"y": 1}}, {"read": "y", "as": "x"}])", "E0508 /programs/main/do/1/read",
       R"("read" needs a shared variable [shared variables are resources of type "var"])"},
      {R"([{"log": "x", "value": "a"}])", "E0404 /programs/main/do/0/value",
       R"("a" is an array [name one of its elements: a[0]])"},
      {R"([{"break": true}])", "E0509 /programs/main/do/0", R"("break" stands in no loop, range or select)"},
      {R"([{"select": [{"default": true, "do": [{"continue": true}]}]}])", "E0509 /programs/main/do/0/select/0/do/0",
       R"("continue" stands in no loop or range)"},
      {R"([{"loop": true, "forever": true, "label": "outer", "do": [{"break": true, "label": "outr"}]}])",
       "E0509 /programs/main/do/0/do/0",
       R"(no loop, range or select around this has the label "outr" [did you mean "outer"?])"},
      {R"([{"loop": true, "do": []}])", "E0505 /programs/main/do/0",
       R"(a loop needs one of times, while, forever [such as "times": 10])"},
      {R"([{"loop": true, "times": -1, "do": []}])", "E0506 /programs/main/do/0/times", "a count cannot be negative"},
      {R"([{"try": [{"if": "1", "then": [{"defer": []}]}]}])", "E0512 /programs/main/do/0/try/0/then/0",
       "a defer cannot stand in a try [try is a block, no call: put the defer into a program that the try calls]"},
      {R"([{"send": "tick"}])", "E0507 /programs/main/do/0/send",
       R"("tick" is a timer or ticker; "send" takes a channel)"},
      {R"([{"close": "tick"}])", "E0507 /programs/main/do/0/close",
       R"("tick" is a timer or ticker; "close" takes a channel)"},
      {R"([{"yield": false}])", "E0506 /programs/main/do/0/yield",
       R"(an operation that is not wanted is left out [write "yield": true])"},
      {R"([{"run": "5us", "preempt": "evr"}])", "E0514 /programs/main/do/0/preempt",
       R"("preempt" is one of any, async-only, never [did you mean "never"?])"},
      {R"([{"run": {"dist": "exp", "maen": "5us"}}])", "E0107 /programs/main/do/0/run/maen",
       R"(unknown key "maen" [did you mean "mean"?])"},
      {R"([{"log": "x", "value": {"dist": "exp", "mean": "5us"}}])", "E0506 /programs/main/do/0/value",
       R"(a distribution stands only where a time does [draw it into a variable first: {"let": {"d": {"dist": …}}}])"},
      {R"([{"select": [{"recv": "jobs", "send": "jobs"}]}])", "E0503 /programs/main/do/0/select/0/send",
       R"("send" is an operation of its own [write two objects: their order matters])"},
      {R"([{"note": "nothing"}])", "E0502 /programs/main/do/0", "an operation without a verb"},
      {R"([{"run": "4KiB"}])", "E0212 /programs/main/do/0/run",
       R"(4KiB is not a time [times have a unit: "5s", "5ms", "5us", "5ns"])"},
      {R"([{"alloc": "4ms"}])", "E0213 /programs/main/do/0/alloc", R"(4ms is not a size [such as "64KiB"])"},
      {R"([{"run": "1ms + 2 * 1KiB"}])", "E0402 /programs/main/do/0/run", "a time and a size do not go together"},
      {R"([{"log": "x", "value": "goroutines.alive"}])", "E0403 /programs/main/do/0/value",
       R"("goroutines.alive" is not known here [did you mean "goroutines.live"?])"},
      {R"([{"log": "x", "value": "sched.steals"}])", "E0403 /programs/main/do/0/value",
       R"("sched.steals" is not known here [a program can read these gauges: goroutines.live, goroutines.runnable, procs.total, procs.idle, threads.total, timers.pending, heap.live, heap.stacks])"},
      {R"([{"log": "x", "value": "index"}])", "E0405 /programs/main/do/0/value",
       R"("index" stands only in arguments beside "count" or under arrivals)"},
      {R"([{"log": "x", "value": "1 +"}])", "E0401 /programs/main/do/0/value",
       "a value is missing at the end of the expression"},
  };
  for (const Case& c : cases) {
    const Ran r = refused(c.ops);
    BOOST_TEST_CONTEXT(c.ops) {
      BOOST_TEST(r.end == "refused");
      BOOST_TEST_REQUIRE(!r.problems.empty());
      BOOST_TEST(r.problems[0] == c.problem);
      BOOST_TEST(r.texts[0] == c.text);
    }
  }
}

BOOST_AUTO_TEST_CASE(all_problems_are_told_at_once) {
  const Ran r = refused(
      R"([{"run": 5}, {"lock": "jobs"}, {"recv": "nope", "bogus": 1}, {"if": "nil +", "then": [{"break": true}]}])");
  BOOST_TEST(r.problems.size() >= 6u);
}

BOOST_AUTO_TEST_CASE(a_variable_lives_to_the_end_of_its_block) {
  BOOST_TEST(joined(refused(R"([{"if": "1", "then": [{"let": {"x": 1}}]}, {"log": "x", "value": "x"}])").problems) ==
             "E0403 /programs/main/do/1/value");
  BOOST_TEST(
      joined(
          refused(
              R"([{"select": [{"recv": "jobs", "as": "x", "do": []}, {"default": true, "do": [{"log": "x", "value": "x"}]}]}])")
              .problems) == "E0403 /programs/main/do/0/select/1/do/0/value");
  BOOST_TEST(joined(refused(R"([{"try": [{"let": {"x": 1}}], "catch": [{"log": "x", "value": "x"}]}])").problems) ==
             "E0403 /programs/main/do/0/catch/0/value");
  const Ran seen =
      run({.main = R"([{"let": {"x": 1}}, {"if": "1", "then": [{"let": {"x": 2}}]}, {"log": "x", "value": "x"}])"});
  BOOST_TEST(joined(seen.logs) == "x 2");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_an_operation_is_said_at_its_place) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([{"alloc": 5, "kep": "1KiB"}])", "E0107 /programs/main/do/0/kep"},
      {R"([{"stop_world": 5}])", "E0212 /programs/main/do/0/stop_world"},
  };
  for (const auto& [ops, problem] : cases) {
    const Ran r = refused(ops);
    BOOST_TEST_CONTEXT(ops) {
      BOOST_TEST(r.end == "refused");
      BOOST_TEST_REQUIRE(!r.problems.empty());
      BOOST_TEST(r.problems[0] == problem);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_verb_of_the_format_is_there_with_schema_and_documentation) {
  const char* const verbs[] = {"run",
                               "spin",
                               "yield",
                               "sleep",
                               "stop",
                               "reset",
                               "go",
                               "return",
                               "exit",
                               "panic",
                               "defer",
                               "try",
                               "lock_os_thread",
                               "unlock_os_thread",
                               "send",
                               "recv",
                               "range",
                               "close",
                               "select",
                               "context",
                               "cancel",
                               "lock",
                               "unlock",
                               "rlock",
                               "runlock",
                               "trylock",
                               "tryrlock",
                               "wait",
                               "signal",
                               "broadcast",
                               "wg_add",
                               "wg_done",
                               "wg_wait",
                               "once",
                               "acquire",
                               "release",
                               "tryacquire",
                               "get",
                               "put",
                               "syscall",
                               "cgo",
                               "io",
                               "alloc",
                               "gc",
                               "stop_world",
                               "profile",
                               "gomaxprocs",
                               "loop",
                               "if",
                               "choose",
                               "call",
                               "break",
                               "continue",
                               "let",
                               "set",
                               "read",
                               "write",
                               "span",
                               "mark",
                               "log",
                               "assert"};
  for (const char* verb : verbs) {
    const OpSpec* const spec = all_ops().find(verb);
    BOOST_TEST_CONTEXT(verb) {
      BOOST_TEST_REQUIRE(spec != nullptr);
      BOOST_TEST(!spec->verb.doc.empty());
      BOOST_TEST(!spec->group.empty());
      Diagnostics problems;
      BOOST_TEST(parse_json(spec->schema(), verb, problems).has_value(), problems.render(false));
      BOOST_TEST((spec->compile != nullptr) != !spec->why_not.empty());
    }
  }
  BOOST_TEST(all_ops().all().size() == std::size(verbs));
}

BOOST_AUTO_TEST_CASE(resources_named_in_new_only_are_patterns) {
  // A ticker that is a pattern does not tick, so nothing keeps this process from its deadlock.
  const Ran r = run({.main = R"j([{"let": {"c": "new(t)"}}, {"log": "cap", "value": "cap(c)"}, {"recv": "d"}])j",
                     .resources = R"({"t": {"type": "chan", "cap": 4}, "d": {"type": "chan"}})"});
  BOOST_TEST(joined(r.logs) == "cap 4");
  BOOST_TEST(r.end == "deadlock");
}

BOOST_AUTO_TEST_CASE(deeply_nested_blocks_are_compiled_without_harm) {
  std::string ops = R"([{"mark": "deep"}])";
  for (int i = 0; i < 60; ++i) ops = R"([{"if": "1", "then": )" + ops + "}]";
  BOOST_TEST(joined(run({.main = ops}).logs) == "mark deep");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
