#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_once)

BOOST_AUTO_TEST_CASE(runs_the_first_time_only_and_others_wait) {
  const Ran r =
      run({.main = R"j([{"go": "w", "count": 2}, {"sleep": "10ms"}])j",
           .resources = R"j({"o": {"type": "once"}})j",
           .programs = R"j("w": {"do": [{"once": "o", "do": [{"sleep": "2ms"}, {"log": "first"}]}, {"log": "w"}]})j"});
  BOOST_TEST(joined(r.logs) == "first | w | w");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_panic_counts_as_done) {
  const Ran r = run(
      {.main =
           R"j([{"try": [{"call": "f"}], "ok": "ok"}, {"log": "ok", "value": "ok"}, {"call": "f"}, {"log": "end"}])j",
       .resources = R"j({"o": {"type": "once"}})j",
       .programs = R"j("f": {"do": [{"once": "o", "do": [{"log": "in"}, {"panic": "x"}]}]})j"});
  BOOST_TEST(joined(r.logs) == "in | ok 0 | end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_panic_passes_through_its_completion_to_deferred_blocks) {
  const Ran r = run({.main = R"j([{"defer": [{"log": "deferred"}]}, {"once": "o", "do": [{"panic": "x"}]}])j",
                     .resources = R"j({"o": {"type": "once"}})j"});
  BOOST_TEST(joined(r.logs) == "deferred");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
}

// The hidden variables of the once are none that a block above has used.
BOOST_AUTO_TEST_CASE(what_stood_in_a_block_before_it_is_not_run_at_the_end) {
  const Ran r = run({.main = R"j([
      {"select": [{"recv": "c", "as": "got", "do": [{"let": {"a": "got", "b": "got", "d": "got"}}, {"log": "got", "value": "d"}]}]},
      {"once": "o", "do": [{"log": "once"}]}, {"log": "end"}])j",
                     .resources = R"j({"o": {"type": "once"}, "c": {"type": "chan", "cap": 1, "init": [5]}})j"});
  BOOST_TEST(joined(r.logs) == "got 5 | once | end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(inside_itself_it_deadlocks) {
  const Ran r = run({.main = R"j([{"call": "f"}])j",
                     .resources = R"j({"o": {"type": "once"}})j",
                     .programs = R"j("f": {"do": [{"once": "o", "do": [{"call": "f"}]}]})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(break_leaves_it_done) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 3, "do": [{"once": "o", "do": [{"log": "in"}, {"break": true}]}, {"log": "pass"}]}, {"log": "out"}])j",
       .resources = R"j({"o": {"type": "once"}})j"});
  BOOST_TEST(joined(r.logs) == "in | out");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
