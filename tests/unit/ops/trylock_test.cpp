#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_trylock)

BOOST_AUTO_TEST_CASE(gets_it_or_not_at_once) {
  const Ran r = run(
      {.main =
           R"j([{"trylock": "m", "as": "a"}, {"trylock": "m", "as": "b"}, {"trylock": "r", "as": "c"}, {"trylock": "r", "as": "d"}, {"log": "t", "value": ["a", "b", "c", "d"]}])j",
       .resources = R"j({"m": {"type": "mutex"}, "r": {"type": "rwmutex"}})j"});
  BOOST_TEST(joined(r.logs) == "t 1 0 1 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
