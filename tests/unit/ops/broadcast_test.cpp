#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_broadcast)

BOOST_AUTO_TEST_CASE(wakes_all) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w", "args": {"n": 1}}, {"yield": true}, {"go": "w", "args": {"n": 1}}, {"yield": true}, {"broadcast": "d"}, {"sleep": "1ms"}, {"log": "main"}])j",
       .resources = R"j({"m": {"type": "mutex"}, "d": {"type": "cond", "mutex": "m"}})j",
       .programs =
           R"j("w": {"args": ["n"], "do": [{"lock": "m"}, {"wait": "d"}, {"log": "w", "value": "n"}, {"unlock": "m"}]})j"});
  BOOST_TEST(joined(r.logs) == "w 1 | w 1 | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
