#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_gc)

BOOST_AUTO_TEST_CASE(returns_when_the_cycle_is_complete) {
  const Ran r = run(
      {.main =
           R"j([{"alloc": "2MiB"}, {"gc": true}, {"log": "live", "value": "heap.live"}, {"log": "took", "value": "now() > 4ms && now() < 20ms"}])j",
       .resources = R"j({"h": {"type": "heap", "initial_live": "4MiB"}})j"});
  BOOST_TEST(joined(r.logs) == "live 4194304 | took 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
