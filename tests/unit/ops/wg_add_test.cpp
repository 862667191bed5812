#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_wg_add)

BOOST_AUTO_TEST_CASE(init_and_add_count_together) {
  const Ran r =
      run({.main = R"j([{"wg_add": "wg", "n": 2}, {"go": "w", "count": 3}, {"wg_wait": "wg"}, {"log": "main"}])j",
           .resources = R"j({"wg": {"type": "waitgroup", "init": 1}})j",
           .programs = R"j("w": {"do": [{"log": "w"}, {"wg_done": "wg"}]})j"});
  BOOST_TEST(joined(r.logs) == "w | w | w | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_negative_counter_panics) {
  const Ran r =
      run({.main = R"j([{"wg_add": "wg", "n": -2}])j", .resources = R"j({"wg": {"type": "waitgroup", "init": 1}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
  BOOST_TEST(r.message == "sync: negative WaitGroup counter");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
