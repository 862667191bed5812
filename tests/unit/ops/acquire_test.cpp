#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_acquire)

BOOST_AUTO_TEST_CASE(waits_while_the_weight_is_out) {
  const Ran r = run(
      {.main =
           R"j([{"acquire": "s", "n": 2}, {"go": "w"}, {"yield": true}, {"log": "main"}, {"release": "s"}, {"yield": true}])j",
       .resources = R"j({"s": {"type": "semaphore", "count": 2}})j",
       .programs = R"j("w": {"do": [{"acquire": "s"}, {"log": "w"}]})j"});
  BOOST_TEST(joined(r.logs) == "main | w");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
