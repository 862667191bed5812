// What waits where the scheduler does not see it (a thread, for a lock of the runtime or a place in a C library) counts like
// any other wait; and what the end of a run is worth.

#include <boost/test/unit_test.hpp>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

/// A scenario of `resources` and programs, with two Ps and the check "it".
std::string scenario(const std::string& resources, const std::string& programs, const std::string& start,
                     const std::string& check, const std::string& more = "") {
  return R"({"apiVersion":"gmpsim/v1","kind":"Scenario","metadata":{"name":"t"},"runtime":{"profile":"go1.26","gomaxprocs":2},
"resources":{)" +
         resources + R"(},"programs":{)" + programs + R"(},"start":[)" + start + R"(],"stop":{"after":"1s")" + more +
         R"(},"checks":{"it":)" + check + "}}";
}

std::string judged(const std::string& text) { return judged_scenario(text, "it"); }

const char* const kTwice = R"("main":{"do":[{"lock":"r"},{"run":"10ms"},{"unlock":"r"}]})";
const char* const kCrossed =
    R"("p":{"do":[{"lock":"a"},{"run":"5ms"},{"lock":"b"}]},"q":{"do":[{"lock":"b"},{"run":"5ms"},{"lock":"a"}]})";
const char* const kBothStart = R"({"go":"p"},{"go":"q"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(outside_waits)

BOOST_AUTO_TEST_CASE(a_wait_for_a_lock_of_the_runtime_is_measured) {
  const std::string r = R"("r":{"type":"mutex","kind":"runtime"})", two = R"({"go":"main","count":2})";
  BOOST_TEST(judged(scenario(r, kTwice, two, R"({"require":"wait[r].max >= 9ms && wait[r].count == 1"})")) == "PASS");
  BOOST_TEST(judged(scenario(r, kTwice, two, R"({"bounded_wait":{"max":"5ms","on":"r"}})")).substr(0, 4) == "FAIL");
  BOOST_TEST(judged(scenario(r, kTwice, two, R"({"bounded_wait":{"max":"20ms","on":"r"}})")) == "PASS");
}

BOOST_AUTO_TEST_CASE(a_wait_that_the_end_of_the_run_cuts_off_counts_with_what_it_has_lasted) {
  const std::string text = scenario(R"("r":{"type":"mutex","kind":"runtime"})",
                                    R"("main":{"do":[{"lock":"r"},{"run":"3s"},{"unlock":"r"}]})",
                                    R"({"go":"main","count":2})", R"({"bounded_wait":{"max":"500ms","on":"r"}})");
  BOOST_TEST(judged(text).substr(0, 4) == "FAIL");
}

BOOST_AUTO_TEST_CASE(a_wait_for_a_place_in_a_c_library_is_measured) {
  const std::string r = R"("l":{"type":"cgo_lib","count":1})", two = R"({"go":"main","count":2})";
  const std::string calls = R"("main":{"do":[{"cgo":"20ms","on":"l"}]})";
  BOOST_TEST(judged(scenario(r, calls, two, R"({"require":"wait[l].max >= 15ms"})")) == "PASS");
  BOOST_TEST(judged(scenario(r, calls, two, R"({"bounded_wait":{"max":"5ms","on":"l"}})")).substr(0, 4) == "FAIL");
}

BOOST_AUTO_TEST_CASE(a_ring_may_go_through_locks_of_the_runtime_and_through_once) {
  const std::string runtime = R"("a":{"type":"mutex","kind":"runtime"},"b":{"type":"mutex","kind":"runtime"})";
  BOOST_TEST(judged(scenario(runtime, kCrossed, kBothStart, R"({"wait_cycle":"none"})")) == "FAIL G2 q; G1 p;");
  const std::string once = R"("a":{"type":"once"},"m":{"type":"mutex"})";
  BOOST_TEST(judged(scenario(once, R"("p":{"do":[{"once":"a","do":[{"once":"a","do":[]}]}]})", R"({"go":"p"})",
                             R"({"wait_cycle":"none"})")) == "FAIL G1 p;");
  BOOST_TEST(judged(scenario(once,
                             R"("p":{"do":[{"once":"a","do":[{"run":"5ms"},{"lock":"m"}]}]},)"
                             R"("q":{"do":[{"lock":"m"},{"run":"5ms"},{"once":"a","do":[]}]})",
                             kBothStart, R"({"wait_cycle":"none"})")) == "FAIL G2 q; G1 p;");
  BOOST_TEST(judged(scenario(once, R"("p":{"do":[{"once":"a","do":[]},{"once":"a","do":[]}]})",
                             R"({"go":"p"},{"go":"p"})", R"({"wait_cycle":"none"})")) == "PASS");
}

BOOST_AUTO_TEST_CASE(what_the_runtime_itself_gives_up_for_is_a_fatal_error) {
  const std::string text = R"({"apiVersion":"gmpsim/v1","kind":"Scenario","metadata":{"name":"t"},
"runtime":{"profile":"go1.26","gomaxprocs":2,"max_threads":8},"programs":{"main":{"do":[{"syscall":"50ms"}]}},
"start":[{"go":"main","count":20}],"checks":{"it":{"never":"runtime.fatal > 0"}}})";
  BOOST_TEST(judged(text).substr(0, 4) == "FAIL");
}

BOOST_AUTO_TEST_CASE(a_limit_that_a_check_expects_leaves_nothing_open) {
  const std::string loop = R"("main":{"do":[{"loop":true,"forever":true,"do":[{"yield":true}]}]})";
  const std::string limit = R"(,"max_events":1000)", main = R"({"go":"main"})";
  const auto code = [](const std::string& text) { return gmpsim_says({"run", "-"}, {.input = text}).code; };
  BOOST_TEST(code(scenario("", loop, main, R"({"ends":{"how":"limit"}})", limit)) == 0);
  BOOST_TEST(code(scenario("", loop, main, R"({"deadlock":"none"})", limit)) == 7);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
