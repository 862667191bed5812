#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_exit)

BOOST_AUTO_TEST_CASE(goexit_runs_all_deferred_blocks_and_no_catch) {
  const Ran r = run(
      {.main = R"j([{"go": "w"}, {"yield": true}, {"log": "main"}])j",
       .programs =
           R"j("w": {"do": [{"defer": [{"log": "outer"}]}, {"try": [{"call": "f"}], "catch": [{"log": "caught"}]}]}, "f": {"do": [{"defer": [{"log": "inner"}]}, {"exit": true}]})j"});
  BOOST_TEST(joined(r.logs) == "inner | outer | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(after_goexit_of_main_the_others_go_on) {
  const Ran r =
      run({.main = R"j([{"go": "w"}, {"exit": "goroutine"}])j", .programs = R"j("w": {"do": [{"log": "w"}]})j"});
  BOOST_TEST(joined(r.logs) == "w");
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
  BOOST_TEST(r.message == "no goroutines (main called runtime.Goexit) - deadlock!");
}

BOOST_AUTO_TEST_CASE(exit_of_the_process_runs_nothing_more) {
  const Ran r = run({.main = R"j([{"defer": [{"log": "deferred"}]}, {"go": "w"}, {"exit": "process"}])j",
                     .programs = R"j("w": {"do": [{"log": "w"}]})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "exit", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
