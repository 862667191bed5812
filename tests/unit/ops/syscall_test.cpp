#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_syscall)

BOOST_AUTO_TEST_CASE(others_run_meanwhile) {
  const Ran r = run({.main = R"j([{"go": "w"}, {"syscall": "50ms"}, {"log": "main"}])j",
                     .programs = R"j("w": {"do": [{"log": "w"}]})j"});
  BOOST_TEST(joined(r.logs) == "w | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
