#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_sleep)

BOOST_AUTO_TEST_CASE(wakes_after_its_time) {
  const Ran r = run({.main = R"j([{"sleep": "5ms"}, {"log": "t", "value": "now() >= 5ms && now() < 7ms"}])j"});
  BOOST_TEST(joined(r.logs) == "t 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(not_above_zero_returns_without_a_yield) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w"}, {"sleep": "0ns"}, {"log": "main"}, {"sleep": "1ms - 2ms"}, {"log": "main"}, {"yield": true}])j",
       .programs = R"j("w": {"do": [{"log": "w"}]})j"});
  BOOST_TEST(joined(r.logs) == "main | main | w");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_drawn_time_differs_by_seed) {
  const auto at = [](std::uint64_t seed) {
    return run({.main = R"j([{"sleep": {"dist": "exp", "mean": "5ms"}}])j", .seed = seed}).at;
  };
  BOOST_TEST(at(1) == at(1));
  BOOST_TEST(at(1) != at(2));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
