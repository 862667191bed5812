#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_tryrlock)

BOOST_AUTO_TEST_CASE(fails_only_for_writers) {
  const Ran r = run(
      {.main =
           R"j([{"tryrlock": "r", "as": "a"}, {"tryrlock": "r", "as": "b"}, {"runlock": "r"}, {"runlock": "r"}, {"lock": "r"}, {"tryrlock": "r", "as": "c"}, {"log": "t", "value": ["a", "b", "c"]}])j",
       .resources = R"j({"m": {"type": "mutex"}, "r": {"type": "rwmutex"}})j"});
  BOOST_TEST(joined(r.logs) == "t 1 1 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
