#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_mark)

BOOST_AUTO_TEST_CASE(is_reported_with_its_name) {
  const Ran r = run({.main = R"j([{"mark": "here"}])j"});
  BOOST_TEST(joined(r.logs) == "mark here");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
