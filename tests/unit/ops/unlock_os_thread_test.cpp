#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_unlock_os_thread)

// Since 1.10 the calls nest: one unlock too few leaves it locked, which shows in the price of a switch.
BOOST_AUTO_TEST_CASE(it_takes_as_many_as_there_were_locks) {
  const auto took = [](const char* first) {
    const Ran r = run({.main = std::string("[") + first +
                               R"j({"go": "w"}, {"loop": true, "times": 100, "do": [{"send": "c"}]}, {"log": "end"}])j",
                       .resources = R"j({"c": {"type": "chan"}})j",
                       .programs = R"j("w": {"do": [{"loop": true, "times": 100, "do": [{"recv": "c"}]}]})j"});
    BOOST_TEST(r.end == "done", r.message << joined(r.texts));
    BOOST_TEST_REQUIRE(r.times.size() == 1u);
    return r.times[0];
  };
  BOOST_TEST(took(R"j({"lock_os_thread": true}, {"unlock_os_thread": true}, )j") < 100'000);
  BOOST_TEST(took(R"j({"lock_os_thread": true}, {"lock_os_thread": true}, {"unlock_os_thread": true}, )j") > 500'000);
}

BOOST_AUTO_TEST_CASE(without_a_lock_it_does_nothing) {
  const Ran r = run({.main = R"j([{"unlock_os_thread": true}, {"log": "end"}])j"});
  BOOST_TEST(joined(r.logs) == "end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
