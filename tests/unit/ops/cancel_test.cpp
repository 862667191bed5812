// cancel as an operation; what it does to a tree of contexts is in context_test.cpp.

#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_cancel)

BOOST_AUTO_TEST_CASE(takes_a_context_and_nothing_else) {
  BOOST_TEST(joined(run({.main = R"j([{"cancel": "m"}])j", .resources = R"j({"m": {"type": "mutex"}})j"}).problems) ==
             "E0507 /programs/main/do/0/cancel");
  BOOST_TEST(run({.main = R"j([{"let": {"x": 3}}, {"cancel": "x"}])j"}).end == "error");
}

// The waiters of one channel are woken as close wakes them: the first waiter runs first, then the last, the last but one.
BOOST_AUTO_TEST_CASE(waiters_run_in_the_order_of_close) {
  const Ran r =
      run({.main = R"j([{"loop": true, "times": 4, "as": "n", "do": [{"go": "w", "args": {"n": "n"}}, {"yield": true}]},
                       {"cancel": "c"}, {"yield": true}])j",
           .resources = R"j({"c": {"type": "context"}})j",
           .programs = R"j("w": {"args": ["n"], "do": [{"recv": "c"}, {"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "w 0 | w 3 | w 2 | w 1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
