#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_wait)

BOOST_AUTO_TEST_CASE(releases_the_mutex_and_holds_it_again) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w", "args": {"n": 1}}, {"yield": true}, {"lock": "m"}, {"signal": "d"}, {"log": "main"}, {"unlock": "m"}, {"sleep": "1ms"}])j",
       .resources = R"j({"m": {"type": "mutex"}, "d": {"type": "cond", "mutex": "m"}})j",
       .programs =
           R"j("w": {"args": ["n"], "do": [{"lock": "m"}, {"wait": "d"}, {"log": "w", "value": "n"}, {"unlock": "m"}]})j"});
  BOOST_TEST(joined(r.logs) == "main | w 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(without_the_mutex_is_fatal) {
  const Ran r = run({.main = R"j([{"wait": "d"}])j",
                     .resources = R"j({"m": {"type": "mutex"}, "d": {"type": "cond", "mutex": "m"}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "fatal", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
