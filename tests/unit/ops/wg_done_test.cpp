#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_wg_done)

BOOST_AUTO_TEST_CASE(takes_one) {
  const Ran r = run({.main = R"j([{"wg_done": "wg"}, {"wg_wait": "wg"}, {"log": "main"}, {"wg_done": "wg"}])j",
                     .resources = R"j({"wg": {"type": "waitgroup", "init": 1}})j"});
  BOOST_TEST(joined(r.logs) == "main");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
