#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_loop)

BOOST_AUTO_TEST_CASE(times_is_evaluated_once_and_assigning_to_the_count_changes_nothing) {
  const Ran r = run(
      {.main =
           R"j([{"let": {"n": 3}}, {"loop": true, "times": "n", "as": "i", "do": [{"let": {"n": 100}}, {"log": "i", "value": "i"}, {"let": {"i": 7}}]}])j"});
  BOOST_TEST(joined(r.logs) == "i 0 | i 1 | i 2");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(while_is_evaluated_before_every_pass) {
  const Ran r = run(
      {.main =
           R"j([{"let": {"x": 3}}, {"loop": true, "while": "x > 0", "do": [{"let": {"x": "x - 1"}}]}, {"log": "x", "value": "x"}, {"loop": true, "while": "x > 0", "do": [{"log": "never"}]}])j"});
  BOOST_TEST(joined(r.logs) == "x 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(zero_times_is_no_pass) {
  const Ran r = run({.main = R"j([{"loop": true, "times": 0, "do": [{"log": "never"}]}, {"log": "end"}])j"});
  BOOST_TEST(joined(r.logs) == "end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(for_ever_ends_with_a_limit) {
  const Ran r =
      run({.main = R"j([{"loop": true, "forever": true, "do": []}])j", .rest = R"j("stop": {"max_events": 10000}, )j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "limit", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(inlined_loops_have_no_safe_points) {
  const Ran r = run(
      {.main = R"j([{"go": "other"}, {"loop": true, "forever": true, "preempt": "never", "do": [{"run": "1ms"}]}])j",
       .programs = R"j("other": {"do": [{"log": "other"}]})j",
       .rest = R"j("stop": {"after": "60ms"}, )j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "time");
  const Ran s = run(
      {.main =
           R"j([{"go": "other"}, {"loop": true, "forever": true, "preempt": "async-only", "do": [{"run": "1ms"}]}])j",
       .programs = R"j("other": {"do": [{"log": "other"}]})j",
       .rest = R"j("stop": {"after": "60ms"}, )j"});
  BOOST_TEST(joined(s.logs) == "other");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
