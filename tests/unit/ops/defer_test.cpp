#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_defer)

BOOST_AUTO_TEST_CASE(runs_at_the_end_of_the_call_not_of_the_block) {
  const Ran r = run({.main = R"j([{"if": "1", "then": [{"defer": [{"log": "deferred"}]}]}, {"log": "body"}])j"});
  BOOST_TEST(joined(r.logs) == "body | deferred");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(may_block) {
  const Ran r = run(
      {.main = R"j([{"go": "w"}, {"call": "f"}, {"log": "main"}])j",
       .resources = R"j({"c": {"type": "chan"}})j",
       .programs =
           R"j("f": {"do": [{"defer": [{"recv": "c", "as": "x"}, {"log": "deferred", "value": "x"}]}]}, "w": {"do": [{"send": "c", "value": 5}]})j"});
  BOOST_TEST(joined(r.logs) == "deferred 5 | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(arguments_are_names_of_the_block_alone) {
  const Ran r = run({.main = R"j([{"let": {"x": 1}}, {"defer": [{"log": "x", "value": "x"}], "args": {"x": 2}}])j"});
  BOOST_TEST(joined(r.problems) == "E0508 /programs/main/do/1/args/x");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
