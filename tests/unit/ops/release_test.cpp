#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_release)

BOOST_AUTO_TEST_CASE(too_often_panics) {
  const Ran r = run({.main = R"j([{"acquire": "s"}, {"release": "s", "n": 2}])j",
                     .resources = R"j({"s": {"type": "semaphore", "count": 2}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
