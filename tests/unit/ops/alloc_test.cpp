#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_alloc)

BOOST_AUTO_TEST_CASE(the_heap_grows_by_what_is_allocated) {
  const Ran r = run({.main = R"j([{"alloc": "1MiB"}, {"log": "live", "value": "heap.live"}])j"});
  BOOST_TEST(joined(r.logs) == "live 1048576");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(what_is_kept_survives_a_collection_until_its_goroutine_ends) {
  const Ran r = run(
      {.main =
           R"j([{"go": "w"}, {"sleep": "1ms"}, {"gc": true}, {"log": "live", "value": "heap.live"}, {"sleep": "20ms"}, {"gc": true}, {"log": "live", "value": "heap.live"}])j",
       .programs = R"j("w": {"do": [{"alloc": "3KiB", "keep": "1KiB"}, {"sleep": "10ms"}]})j"});
  BOOST_TEST(joined(r.logs) == "live 1024 | live 0");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(deep_calls_need_more_stack) {
  const Ran r = run(
      {.main =
           R"j([{"let": {"before": "heap.stacks"}}, {"alloc": 1}, {"call": "deep", "args": {"n": 20}}, {"log": "grown", "value": "heap.stacks > before"}])j",
       .programs =
           R"j("deep": {"args": ["n"], "frame": "1KiB", "do": [{"if": "n > 0", "then": [{"call": "deep", "args": {"n": "n - 1"}}]}]})j"});
  BOOST_TEST(joined(r.logs) == "grown 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_negative_size_is_a_scenario_error) {
  const Ran r = run({.main = R"j([{"let": {"n": -1}}, {"alloc": "n"}])j"});
  BOOST_TEST(joined(r.texts).find("negative") != std::string::npos, joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
