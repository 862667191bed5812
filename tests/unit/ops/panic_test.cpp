#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_panic)

BOOST_AUTO_TEST_CASE(uncaught_ends_the_run_after_the_deferred_blocks) {
  const Ran r = run({.main = R"j([{"defer": [{"log": "deferred"}]}, {"panic": "bang"}])j"});
  BOOST_TEST(joined(r.logs) == "deferred");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
  BOOST_TEST(r.message == "bang");
}

BOOST_AUTO_TEST_CASE(other_goroutines_do_not_run_their_deferred_blocks) {
  const Ran r = run({.main = R"j([{"go": "w"}, {"yield": true}, {"panic": "bang"}])j",
                     .resources = R"j({"c": {"type": "chan"}})j",
                     .programs = R"j("w": {"do": [{"defer": [{"log": "deferred"}]}, {"recv": "c"}]})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(its_value_reaches_the_try) {
  const Ran r = run(
      {.main = R"j([{"try": [{"panic": "bang", "value": 42}], "as": "v", "catch": [{"log": "v", "value": "v"}]}])j"});
  BOOST_TEST(joined(r.logs) == "v 42");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
