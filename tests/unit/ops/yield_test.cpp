#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_yield)

BOOST_AUTO_TEST_CASE(lets_the_others_run_first) {
  const Ran r = run(
      {.main = R"j([{"go": "w", "args": {"n": 1}}, {"go": "w", "args": {"n": 2}}, {"yield": true}, {"log": "main"}])j",
       .programs = R"j("w": {"args": ["n"], "do": [{"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "w 2 | w 1 | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
