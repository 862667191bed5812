#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_wg_wait)

BOOST_AUTO_TEST_CASE(blocks_until_zero) {
  const Ran r = run({.main = R"j([{"wg_wait": "wg"}])j", .resources = R"j({"wg": {"type": "waitgroup", "init": 1}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
  BOOST_TEST(joined(r.blocked) == "G1 sync.WaitGroup.Wait");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
