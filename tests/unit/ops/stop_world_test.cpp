#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_stop_world)

BOOST_AUTO_TEST_CASE(nobody_else_runs_meanwhile) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w"}, {"yield": true}, {"stop_world": "5ms"}, {"log": "t", "value": "now() >= 5ms"}, {"yield": true}, {"log": "n", "value": "n <= 2"}])j",
       .resources = R"j({"n": {"type": "var"}})j",
       .programs = R"j("w": {"do": [{"loop": true, "times": 3, "do": [{"set": {"n": "n + 1"}}, {"yield": true}]}]})j"});
  BOOST_TEST(joined(r.logs) == "t 1 | n 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
