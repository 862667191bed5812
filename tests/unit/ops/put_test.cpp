#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_put)

BOOST_AUTO_TEST_CASE(a_tuple_comes_out_as_it_went_in) {
  const Ran r = run(
      {.main =
           R"j([{"put": "p", "value": [4, 5]}, {"get": "p", "as": ["a", "b"]}, {"log": "x", "value": ["a", "b"]}])j",
       .resources = R"j({"p": {"type": "pool"}})j"});
  BOOST_TEST(joined(r.logs) == "x 4 5");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(one_collection_makes_victims_two_forget) {
  const Ran r = run(
      {.main =
           R"j([{"put": "p", "value": 7}, {"gc": true}, {"get": "p", "as": "x"}, {"log": "x", "value": "x"}, {"put": "p", "value": 7}, {"gc": true}, {"gc": true}, {"get": "p", "as": "x"}, {"log": "x", "value": "x"}])j",
       .resources = R"j({"p": {"type": "pool"}})j"});
  BOOST_TEST(joined(r.logs) == "x 7 | x 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
