#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_unlock)

BOOST_AUTO_TEST_CASE(any_goroutine_may) {
  const Ran r = run({.main = R"j([{"lock": "m"}, {"go": "w"}, {"lock": "m"}, {"log": "main"}])j",
                     .resources = R"j({"m": {"type": "mutex"}, "r": {"type": "rwmutex"}})j",
                     .programs = R"j("w": {"do": [{"log": "w"}, {"unlock": "m"}]})j"});
  BOOST_TEST(joined(r.logs) == "w | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(of_what_is_not_locked_is_fatal) {
  const Ran r =
      run({.main = R"j([{"unlock": "m"}])j", .resources = R"j({"m": {"type": "mutex"}, "r": {"type": "rwmutex"}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "fatal", r.message << joined(r.texts));
  BOOST_TEST(r.message == "sync: unlock of unlocked mutex");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
