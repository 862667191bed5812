#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_close)

BOOST_AUTO_TEST_CASE(wakes_receivers) {
  const Ran r =
      run({.main = R"j([{"go": "w", "count": 2}, {"yield": true}, {"close": "c"}, {"yield": true}])j",
           .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j",
           .programs = R"j("w": {"do": [{"recv": "c", "as": "x", "ok": "ok"}, {"log": "w", "value": ["x", "ok"]}]})j"});
  BOOST_TEST(joined(r.logs) == "w 0 0 | w 0 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(twice_or_nil_panics) {
  const Ran r = run(
      {.main =
           R"j([{"let": {"x": "nil"}}, {"try": [{"close": "x"}], "ok": "a"}, {"close": "c"}, {"log": "a", "value": "a"}, {"close": "c"}])j",
       .resources = R"j({"c": {"type": "chan"}, "b": {"type": "chan", "cap": 2}})j"});
  BOOST_TEST(joined(r.logs) == "a 0");
  BOOST_TEST(r.end == "panic", r.message << joined(r.texts));
  BOOST_TEST(r.message == "close of closed channel");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
