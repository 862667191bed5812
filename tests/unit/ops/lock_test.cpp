#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_lock)

BOOST_AUTO_TEST_CASE(waits_for_the_holder) {
  const Ran r = run(
      {.main = R"j([{"go": "hold", "args": {"l": "m"}}, {"yield": true}, {"lock": "m"}, {"log": "main"}])j",
       .resources = R"j({"m": {"type": "mutex"}, "r": {"type": "rwmutex"}})j",
       .programs =
           R"j("hold": {"args": ["l"], "do": [{"lock": "l"}, {"sleep": "2ms"}, {"log": "held"}, {"unlock": "l"}]})j"});
  BOOST_TEST(joined(r.logs) == "held | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(is_the_write_side_of_a_rwmutex) {
  const Ran r = run(
      {.main = R"j([{"go": "hold", "args": {"l": "r"}}, {"yield": true}, {"lock": "r"}, {"log": "main"}])j",
       .resources = R"j({"m": {"type": "mutex"}, "r": {"type": "rwmutex"}})j",
       .programs =
           R"j("hold": {"args": ["l"], "do": [{"lock": "l"}, {"sleep": "2ms"}, {"log": "held"}, {"unlock": "l"}]})j"});
  BOOST_TEST(joined(r.logs) == "held | main");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(twice_deadlocks_with_itself) {
  const Ran r = run({.main = R"j([{"lock": "m"}, {"lock": "m"}])j",
                     .resources = R"j({"m": {"type": "mutex"}, "r": {"type": "rwmutex"}})j"});
  BOOST_TEST(joined(r.logs) == "");
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
  BOOST_TEST(joined(r.blocked) == "G1 sync.Mutex.Lock");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
