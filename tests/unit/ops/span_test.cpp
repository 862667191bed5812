#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_span)

BOOST_AUTO_TEST_CASE(ends_with_its_block) {
  const Ran r = run({.main = R"j([{"span": "s", "do": [{"run": "5us"}]}, {"log": "end"}])j"});
  BOOST_TEST(joined(r.logs) == "span s | end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(one_left_by_a_panic_is_not_counted) {
  const Ran r = run({.main = R"j([{"try": [{"span": "s", "do": [{"panic": "x"}]}]}, {"log": "end"}])j"});
  BOOST_TEST(joined(r.logs) == "end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
