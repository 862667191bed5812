#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_log)

BOOST_AUTO_TEST_CASE(shows_values_and_references) {
  const Ran r = run({.main = R"j([{"log": "a"}, {"log": "b", "value": 1}, {"log": "c", "value": [1, "c", 2]}])j",
                     .resources = R"j({"c": {"type": "chan"}})j"});
  BOOST_TEST(joined(r.logs) == "a | b 1 | c 1 object1 2");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
