#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_get)

BOOST_AUTO_TEST_CASE(takes_the_last_one_put_and_says_when_there_is_none) {
  const Ran r = run(
      {.main =
           R"j([{"put": "p", "value": 1}, {"put": "p", "value": 2}, {"put": "p", "value": 3}, {"loop": true, "times": 4, "do": [{"get": "p", "as": "x", "ok": "ok"}, {"log": "x", "value": ["x", "ok"]}]}])j",
       .resources = R"j({"p": {"type": "pool"}})j"});
  BOOST_TEST(joined(r.logs) == "x 1 1 | x 3 1 | x 2 1 | x 0 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_nil_pool_is_a_nil_pointer) {
  const Ran r = run({.main = R"j([{"let": {"p": "nil"}}, {"get": "p"}])j"});
  BOOST_TEST(r.end == "panic", joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
