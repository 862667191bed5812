#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_if)

BOOST_AUTO_TEST_CASE(then_or_else) {
  const Ran r = run(
      {.main =
           R"j([{"let": {"x": 2}}, {"if": "x > 1", "then": [{"log": "then"}], "else": [{"log": "else"}]}, {"if": "x > 2", "then": [{"log": "then"}], "else": [{"log": "else"}]}, {"if": "x > 2", "then": [{"log": "then"}]}])j"});
  BOOST_TEST(joined(r.logs) == "then | else");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_reference_is_no_condition) {
  const Ran r =
      run({.main = R"j([{"let": {"x": "c"}}, {"if": "x", "then": []}])j", .resources = R"j({"c": {"type": "chan"}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "error", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
