#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_tryacquire)

BOOST_AUTO_TEST_CASE(gets_it_or_not_at_once) {
  const Ran r = run(
      {.main =
           R"j([{"tryacquire": "s", "n": 2, "as": "a"}, {"tryacquire": "s", "as": "b"}, {"log": "t", "value": ["a", "b"]}])j",
       .resources = R"j({"s": {"type": "semaphore", "count": 2}})j"});
  BOOST_TEST(joined(r.logs) == "t 1 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
