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

// make([]byte, n) that does not escape, go1.19.8 and go1.26.8: 65536 bytes stay on the stack, which then has 128 KiB,
// 65537 are one allocation (testing.AllocsPerRun: 0 and 1).
BOOST_AUTO_TEST_CASE(what_does_not_escape_takes_stack_while_its_call_lasts_and_no_heap) {
  const auto text = [](const std::string& alloc) {
    return run(
        {.main = R"j([{"alloc": 8}, {"let": {"live": "heap.live"}}, {"go": "w"}, {"sleep": "1ms"})j"
                 R"j(, {"log": "heap", "value": "heap.live - live"}, {"log": "KiB", "value": "heap.stacks / 1024"}])j",
         .programs = R"j("w": {"do": [{"call": "f"}, {"sleep": "2ms"}]}, "f": {"do": [)j" + alloc + "]}"});
  };
  BOOST_TEST(joined(text(R"j({"alloc": "64KiB", "escapes": false})j").logs) == "heap 0 | KiB 130");
  BOOST_TEST(joined(text(R"j({"alloc": 65537, "escapes": false})j").logs) == "heap 65537 | KiB 4");
  BOOST_TEST(joined(text(R"j({"alloc": "64KiB"})j").logs) == "heap 65536 | KiB 4");
  BOOST_TEST(joined(text(R"j({"let": {"n": 100}}, {"alloc": "n", "escapes": false})j").logs) == "heap 100 | KiB 4",
             "its size is not known when it is compiled");
}

BOOST_AUTO_TEST_CASE(a_goroutine_that_begins_with_a_large_frame_grows_its_stack_first) {
  const Ran r =
      run({.main = R"j([{"alloc": 8}, {"go": "w"}, {"sleep": "1ms"}, {"log": "KiB", "value": "heap.stacks / 1024"}])j",
           .programs = R"j("w": {"do": [{"alloc": "3KiB", "escapes": false}, {"sleep": "2ms"}]})j"});
  BOOST_TEST(joined(r.logs) == "KiB 10");
}

BOOST_AUTO_TEST_CASE(a_negative_size_is_a_scenario_error) {
  const Ran r = run({.main = R"j([{"let": {"n": -1}}, {"alloc": "n"}])j"});
  BOOST_TEST(joined(r.texts).find("negative") != std::string::npos, joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
