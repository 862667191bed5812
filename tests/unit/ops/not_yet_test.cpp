// Verbs that are read and checked, and refused where they would have to run. When one begins to run it leaves this list.

#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program_impl.hpp"

namespace gmpsim {

BOOST_AUTO_TEST_SUITE(ops_not_yet)

BOOST_AUTO_TEST_CASE(each_is_refused_by_name) {
  const std::pair<const char*, const char*> cases[] = {
      {R"j([{"gomaxprocs": 2}])j", "gomaxprocs"},
  };
  for (const auto& [ops, verb] : cases) {
    const fixtures::Ran r = fixtures::run({.main = ops});
    BOOST_TEST_CONTEXT(verb) {
      BOOST_TEST(fixtures::joined(r.problems) == "E0900 /programs/main/do/0");
      BOOST_TEST(fixtures::joined(r.texts).find(verb) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
