#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_profile)

BOOST_AUTO_TEST_CASE(costs_something_for_each_goroutine) {
  const auto took = [](int goroutines) {
    return run({.main = R"j([{"go": "w", "count": )j" + std::to_string(goroutines) +
                        R"j(}, {"yield": true}, {"profile": true}, {"exit": "process"}])j",
                .resources = R"j({"c": {"type": "chan"}})j",
                .programs = R"j("w": {"do": [{"recv": "c"}]})j"})
        .at;
  };
  BOOST_TEST(took(2000) > took(0) + 2000 * 300);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
