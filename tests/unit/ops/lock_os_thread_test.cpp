#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_lock_os_thread)

// The switch itself is seen in its price: from thread to thread, with a wake-up each time.
BOOST_AUTO_TEST_CASE(each_switch_to_a_locked_goroutine_costs_a_hand_over_between_threads) {
  const auto took = [](const char* first) {
    const Ran r = run({.main = std::string("[") + first +
                               R"j({"go": "w"}, {"loop": true, "times": 100, "do": [{"send": "c"}]}, {"log": "end"}])j",
                       .resources = R"j({"c": {"type": "chan"}})j",
                       .programs = R"j("w": {"do": [{"loop": true, "times": 100, "do": [{"recv": "c"}]}]})j"});
    BOOST_TEST(r.end == "done", r.message << joined(r.texts));
    BOOST_TEST_REQUIRE(r.times.size() == 1u);
    return r.times[0];
  };
  const std::int64_t plain = took("");
  const std::int64_t locked = took(R"j({"lock_os_thread": true}, )j");
  BOOST_TEST(plain < 100'000);
  BOOST_TEST(locked > 500'000);
}

BOOST_AUTO_TEST_CASE(order_and_values_stay_what_they_were) {
  const Ran r = run(
      {.main =
           R"j([{"lock_os_thread": true}, {"go": "w", "count": 3, "args": {"n": "index"}}, {"yield": true}, {"log": "main"}, {"sleep": "1ms"}, {"log": "end"}])j",
       .programs = R"j("w": {"args": ["n"], "do": [{"lock_os_thread": true}, {"log": "w", "value": "n"}]})j"});
  BOOST_TEST(joined(r.logs) == "w 2 | w 0 | w 1 | main | end");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_deadlock_of_locked_goroutines_is_found) {
  const Ran r = run({.main = R"j([{"lock_os_thread": true}, {"go": "w"}, {"recv": "c"}])j",
                     .resources = R"j({"c": {"type": "chan"}})j",
                     .programs = R"j("w": {"do": [{"lock_os_thread": true}, {"recv": "c"}]})j"});
  BOOST_TEST(r.end == "deadlock", r.message << joined(r.texts));
  BOOST_TEST(joined(r.blocked) == "G1 chan receive | G2 chan receive");
}

// It does not cure a blocking call: the P is taken all the same, and the goroutine has to wait for one afterwards.
BOOST_AUTO_TEST_CASE(a_locked_goroutine_in_a_call_loses_its_p_like_any_other) {
  for (const char* preset : {"go1.19", "go1.26"}) {
    const Ran r = run(
        {.main =
             R"j([{"go": "hog"}, {"lock_os_thread": true}, {"syscall": "5ms"}, {"log": "back"}, {"sleep": "40ms"}])j",
         .programs = R"j("hog": {"do": [{"run": "8ms"}, {"log": "hog"}]})j",
         .preset = preset});
    BOOST_TEST(joined(r.logs) == "hog | back", preset);
    BOOST_TEST(r.end == "done", r.message << joined(r.texts));
  }
}

// The thread of a goroutine that ends locked ends too, until 1.9 it lived on.
BOOST_AUTO_TEST_CASE(a_goroutine_that_ends_locked_takes_its_thread_with_it) {
  const Ran r = run(
      {.main =
           R"j([{"loop": true, "times": 20, "do": [{"go": "w"}, {"sleep": "1ms"}]}, {"log": "threads", "value": "threads.total"}])j",
       .programs = R"j("w": {"do": [{"lock_os_thread": true}]})j"});
  BOOST_TEST_REQUIRE(r.logs.size() == 1u);
  BOOST_TEST(r.logs[0].size() == std::string("threads 5").size(), r.logs[0]);  // one digit: they do not pile up
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
