// race and misuse of wait groups: what Go's memory model orders, and what it does not.

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

/// Two goroutines `a` and `b` of `start`, which nothing orders but what they do; `x` is shared.
struct Pair {
  const char* name;
  const char* resources;  // beside x
  const char* a;
  const char* b;
  bool races;
  const char* more = "";  // programs
};
std::ostream& operator<<(std::ostream& out, const Pair& p) { return out << p.name; }

std::string verdict(const std::string& resources, const std::string& programs, const std::string& start,
                    const std::string& check, const std::string& profile = "go1.26") {
  const std::string text = R"-({"apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": {"name": "x"},
    "runtime": {"profile": ")-" +
                           profile + R"-(", "gomaxprocs": 2},
    "resources": {)-" + resources +
                           R"-(},
    "programs": {)-" + programs +
                           R"-(},
    "start": [)-" + start + R"-(],
    "stop": {"after": "1s"},
    "checks": {"c": {")-" + check +
                           R"-(": "none"}}})-";
  return judged_scenario(text, "c");
}

std::string race(const Pair& p) {
  std::string resources = R"-("x": {"type": "var"}, "y": {"type": "var", "array": 2})-";
  if (p.resources[0] != '\0') resources += std::string(", ") + p.resources;
  const std::string programs = std::string(R"-("a": {"do": [)-") + p.a + R"-(]}, "b": {"do": [)-" + p.b + "]}" + p.more;
  return verdict(resources, programs, R"-({"go": "a"}, {"go": "b"})-", "race");
}

#define W R"-({"write": "x", "value": "1"})-"
#define R_ R"-({"read": "x", "as": "v"})-"
#define LATER R"-({"sleep": "1ms"}, )-"

const Pair kPairs[] = {
    {"two plain writes", "", W, W, true},
    {"a plain write and a plain read", "", W, R_, true},
    {"two plain reads", "", R_, R_, false},
    {"time alone orders nothing", "", W, R"-({"sleep": "5ms"}, )-" R_, true},
    {"two atomic stores", "", R"-({"set": {"x": "1"}})-", R"-({"set": {"x": "2"}})-", false},
    {"an atomic store and an atomic load", "", R"-({"set": {"x": "1"}})-", R"-({"let": {"v": "x"}})-", false},
    {"an atomic store and a plain read", "", R"-({"set": {"x": "1"}})-", R_, true},
    {"a plain write and an atomic load", "", W, R"-({"if": "x == 1", "then": []})-", true},
    {"an atomic load and a plain read", "", R"-({"let": {"v": "x"}})-", R_, false},
    {"elements of an array are variables of their own", "", R"-({"write": "y[0]", "value": "1"})-",
     R"-({"write": "y[1]", "value": "1"})-", false},
    {"the same element of an array", "", R"-({"write": "y[1]", "value": "1"})-",
     R"-({"let": {"i": "1"}}, {"write": "y[i]", "value": "1"})-", true},
    {"a flag that is stored and seen orders what was before", "\"f\": {\"type\": \"var\"}",
     W R"-(, {"set": {"f": "1"}})-", R"-({"loop": true, "while": "f == 0", "do": [{"yield": true}]}, )-" R_, false},
    {"a flag that is stored orders nothing behind it", "\"f\": {\"type\": \"var\"}", R"-({"set": {"f": "1"}}, )-" W,
     R"-({"loop": true, "while": "f == 0", "do": [{"yield": true}]}, {"sleep": "1ms"}, )-" R_, true},
    // --- channels
    {"a send is before its receive", R"-("c": {"type": "chan"})-", W R"-(, {"send": "c"})-", R"-({"recv": "c"}, )-" R_,
     false},
    {"what the receiver did before is known after an unbuffered send", R"-("c": {"type": "chan"})-",
     R"-({"send": "c"}, )-" R_, W R"-(, {"recv": "c"})-", false},
    {"what the receiver did before is not known after a buffered send", R"-("c": {"type": "chan", "cap": 1})-",
     R"-({"send": "c"}, )-" R_, W R"-(, {"recv": "c"})-", true},
    {"a buffered send is before its receive", R"-("c": {"type": "chan", "cap": 3})-", W R"-(, {"send": "c"})-",
     LATER R"-({"recv": "c"}, )-" R_, false},
    {"a buffered send to a waiting receiver is before it", R"-("c": {"type": "chan", "cap": 3})-",
     LATER W R"-(, {"send": "c"})-", R"-({"recv": "c"}, )-" R_, false},
    {"the receive that makes room is before the send that takes it", R"-("c": {"type": "chan", "cap": 1})-",
     R"-({"send": "c"}, {"send": "c"}, )-" R_, R"-({"sleep": "1ms"}, )-" W R"-(, {"recv": "c"})-", false},
    {"a channel of capacity 1 serves as a lock", R"-("c": {"type": "chan", "cap": 1})-",
     R"-({"send": "c"}, )-" W R"-(, {"recv": "c"})-", R"-({"send": "c"}, )-" W R"-(, {"recv": "c"})-", false},
    {"a channel of capacity 2 does not", R"-("c": {"type": "chan", "cap": 2})-",
     R"-({"send": "c"}, )-" W R"-(, {"recv": "c"})-", R"-({"send": "c"}, )-" W R"-(, {"recv": "c"})-", true},
    {"a close is before the receive that finds it", R"-("c": {"type": "chan"})-", W R"-(, {"close": "c"})-",
     R"-({"recv": "c"}, )-" R_, false},
    {"also when it comes late", R"-("c": {"type": "chan"})-", W R"-(, {"close": "c"})-",
     LATER R"-({"recv": "c"}, )-" R_, false},
    {"what follows a close is not ordered", R"-("c": {"type": "chan"})-", R"-({"close": "c"}, )-" W,
     LATER R"-({"recv": "c"}, )-" R_, true},
    {"a case of a select that waited", R"-("c": {"type": "chan"}, "d": {"type": "chan"})-",
     LATER W R"-(, {"send": "c"})-", R"-({"select": [{"recv": "d", "do": []}, {"recv": "c", "do": []}]}, )-" R_, false},
    {"the default of a select knows nothing", R"-("c": {"type": "chan"})-", W R"-(, {"send": "c"})-",
     LATER
     R"-({"select": [{"recv": "c", "do": []}, {"default": true, "do": []}]}, {"select": [{"recv": "c", "do": []}, {"default": true, "do": []}]}, )-" R_,
     false},
    {"range ends with a close", R"-("c": {"type": "chan", "cap": 2})-",
     R"-({"send": "c"}, )-" W R"-(, {"close": "c"})-", R"-({"range": "c", "do": []}, )-" R_, false},
    // --- locks
    {"a mutex", R"-("m": {"type": "mutex"})-", R"-({"lock": "m"}, )-" W R"-(, {"unlock": "m"})-",
     R"-({"lock": "m"}, )-" W R"-(, {"unlock": "m"})-", false},
    {"another mutex", R"-("m": {"type": "mutex"}, "n": {"type": "mutex"})-",
     R"-({"lock": "m"}, )-" W R"-(, {"unlock": "m"})-", R"-({"lock": "n"}, )-" W R"-(, {"unlock": "n"})-", true},
    {"a lock taken by trylock", R"-("m": {"type": "mutex"})-", R"-({"lock": "m"}, )-" W R"-(, {"unlock": "m"})-",
     LATER R"-({"trylock": "m", "as": "ok"}, )-" R_, false},
    {"a write lock and a read lock", R"-("m": {"type": "rwmutex"})-", R"-({"lock": "m"}, )-" W R"-(, {"unlock": "m"})-",
     LATER R"-({"rlock": "m"}, )-" R_ R"-(, {"runlock": "m"})-", false},
    {"a read lock and a write lock", R"-("m": {"type": "rwmutex"})-",
     R"-({"rlock": "m"}, )-" R_ R"-(, {"runlock": "m"})-", LATER R"-({"lock": "m"}, )-" W R"-(, {"unlock": "m"})-",
     false},
    {"two read locks do not order writes", R"-("m": {"type": "rwmutex"})-",
     R"-({"rlock": "m"}, )-" W R"-(, {"runlock": "m"})-", LATER R"-({"rlock": "m"}, )-" W R"-(, {"runlock": "m"})-",
     true},
    {"a read between a write lock's end and nothing", R"-("m": {"type": "mutex"})-",
     R"-({"lock": "m"}, )-" W R"-(, {"unlock": "m"})-", LATER R_, true},
    {"a semaphore", R"-("s": {"type": "semaphore", "count": 1})-",
     R"-({"acquire": "s"}, )-" W R"-(, {"release": "s"})-", R"-({"acquire": "s"}, )-" W R"-(, {"release": "s"})-",
     false},
    {"once", R"-("o": {"type": "once"})-", R"-({"once": "o", "do": [)-" W R"-(]})-",
     LATER R"-({"once": "o", "do": []}, )-" R_, false},
    {"once, while it runs", R"-("o": {"type": "once"})-", R"-({"once": "o", "do": [{"sleep": "5ms"}, )-" W R"-(]})-",
     LATER R"-({"once": "o", "do": []}, )-" R_, false},
    {"a cond's signal and its wait", R"-("m": {"type": "mutex"}, "k": {"type": "cond", "mutex": "m"})-",
     LATER W R"-(, {"signal": "k"})-", R"-({"lock": "m"}, {"wait": "k"}, )-" R_ R"-(, {"unlock": "m"})-", false},
    // --- wait groups, pools, timers, contexts
    {"Done is before the end of Wait", R"-("w": {"type": "waitgroup", "init": 1})-", W R"-(, {"wg_done": "w"})-",
     R"-({"wg_wait": "w"}, )-" R_, false},
    {"also when Wait comes late", R"-("w": {"type": "waitgroup", "init": 1})-", W R"-(, {"wg_done": "w"})-",
     LATER R"-({"wg_wait": "w"}, )-" R_, false},
    {"what follows Done is not ordered", R"-("w": {"type": "waitgroup", "init": 1})-", R"-({"wg_done": "w"}, )-" W,
     LATER R"-({"wg_wait": "w"}, )-" R_, true},
    {"a pool hands knowledge on with a value", R"-("p": {"type": "pool"})-",
     W R"-(, {"put": "p", "value": "7"}, {"put": "p", "value": "7"})-", LATER R"-({"get": "p", "as": "o"}, )-" R_,
     false},
    {"the go statement", "", W R"-(, {"go": "c"})-", R"-({"sleep": "1ms"})-", false, R"-(, "c": {"do": [)-" R_ "]}"},
    {"what follows the go statement", "", R"-({"go": "c"}, )-" W, R"-({"sleep": "1ms"})-", true,
     R"-(, "c": {"do": [)-" R_ "]}"},
    {"the end of a goroutine orders nothing", "", R"-({"go": "c"}, {"sleep": "5ms"}, )-" R_, R"-({"sleep": "1ms"})-",
     true, R"-(, "c": {"do": [)-" W "]}"},
    {"AfterFunc knows what was before it was set", "", W R"-(, {"go": "c", "after": "1ms"})-", R"-({"sleep": "1ms"})-",
     false, R"-(, "c": {"do": [)-" R_ "]}"},
    {"AfterFunc does not know what came after", "", R"-({"go": "c", "after": "1ms"}, )-" W, R"-({"sleep": "1ms"})-",
     true, R"-(, "c": {"do": [)-" R_ "]}"},
    {"a tick knows what was before the reset", R"-("t": {"type": "timer"})-", W R"-(, {"reset": "t", "to": "1ms"})-",
     R"-({"recv": "t"}, )-" R_, false},
    {"a tick knows nothing else", R"-("t": {"type": "timer"})-", R"-({"reset": "t", "to": "1ms"}, )-" W,
     R"-({"recv": "t"}, )-" R_, true},
    {"cancelling is before seeing it", R"-("q": {"type": "context"})-", W R"-(, {"cancel": "q"})-",
     R"-({"recv": "q"}, )-" R_, false},
    {"err of a context that has ended", R"-("q": {"type": "context"})-", W R"-(, {"cancel": "q"})-",
     LATER R"-({"if": "err(q) != 0", "then": [)-" R_ "]}", false},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(races)

BOOST_DATA_TEST_CASE(the_memory_model_decides, boost::unit_test::data::make(kPairs), pair) {
  const std::string said = race(pair);
  BOOST_TEST((said.substr(0, 4) == "FAIL") == pair.races, said);
}

BOOST_AUTO_TEST_CASE(a_finding_says_who_did_what_where) {
  BOOST_TEST(race({"", "", W, LATER R_, true}) == "FAIL G1 a; G2 b;");
}

BOOST_AUTO_TEST_CASE(a_finding_speaks_of_atomic_accesses_in_good_order) {
  const Said said = gmpsim_says({"run", "-", "--ascii"}, {.input = R"-({"apiVersion": "gmpsim/v1", "kind": "Scenario",
    "runtime": {"gomaxprocs": 1}, "resources": {"x": {"type": "var"}},
    "programs": {"a": {"do": [{"let": {"v": "x"}}, {"log": "v", "value": "v"}]}, "b": {"do": [{"write": "x", "value": 1}]}},
    "start": [{"go": "a"}, {"go": "b"}], "checks": {"c": {"race": "none"}}})-"});
  BOOST_TEST(contains(said.out, "G1 a loads it atomically at "), said.out);
  BOOST_TEST(contains(said.out, "G2 b writes it at "), said.out);
}

BOOST_AUTO_TEST_CASE(a_lost_update_is_a_race_in_every_version) {
  for (const char* profile : {"go1.1", "go1.13", "go1.19", "go1.27"})
    BOOST_TEST(verdict(R"-("n": {"type": "var"}, "w": {"type": "waitgroup"})-",
                       R"-("main": {"do": [{"wg_add": "w", "n": 2}, {"go": "inc", "count": 2}, {"wg_wait": "w"}]},
                       "inc": {"do": [{"read": "n", "as": "v"}, {"write": "n", "value": "v + 1"}, {"wg_done": "w"}]})-",
                       R"-({"go": "main"})-", "race", profile)
                   .starts_with("FAIL"));
}

// A slot of a clock may serve again only for who knows the one before: the second child must not seem to know the first.
BOOST_AUTO_TEST_CASE(a_new_goroutine_does_not_know_what_one_that_has_ended_did) {
  const char* const programs = R"-("main": {"do": [{"go": "child"}, {"sleep": "1ms"}, {"go": "child"}]},
                                   "child": {"do": [{"write": "x", "value": "1"}]})-";
  BOOST_TEST(verdict(R"-("x": {"type": "var"})-", programs, R"-({"go": "main"})-", "race") ==
             "FAIL G2 child; G3 child;");
}

BOOST_AUTO_TEST_CASE(ten_thousand_goroutines_that_are_joined_are_kept_track_of) {
  const auto rounds = [](const char* then) {
    return verdict(R"-("w": {"type": "waitgroup"}, "x": {"type": "var"})-",
                   std::string(R"-("main": {"do": [{"loop": true, "times": 10000, "do": [
                     {"wg_add": "w"}, {"go": "part"}, {"wg_wait": "w"}]})-") +
                       then + R"-(]}, "part": {"do": [{"write": "x", "value": "1"}, {"wg_done": "w"}]})-",
                   R"-({"go": "main"})-", "race");
  };
  BOOST_TEST(rounds("") == "PASS");
  BOOST_TEST(rounds(R"-(, {"go": "part"}, {"read": "x", "as": "v"})-").starts_with("FAIL"));
}

BOOST_AUTO_TEST_CASE(beyond_what_can_be_kept_track_of_the_verdict_is_open) {
  BOOST_TEST(verdict(R"-("x": {"type": "var"})-", R"-("main": {"do": [{"go": "part", "count": 9000}]},
                     "part": {"do": [{"read": "x", "as": "v"}]})-",
                     R"-({"go": "main"})-", "race") == "UNDECIDED");
}

// The go statement in a loop, a result each in its element, Done and Wait: how programs do it right.
BOOST_AUTO_TEST_CASE(a_fan_out_and_in_has_no_race) {
  BOOST_TEST(
      verdict(R"-("r": {"type": "var", "array": 300}, "w": {"type": "waitgroup"})-",
              R"-("main": {"do": [{"wg_add": "w", "n": 300}, {"go": "part", "count": 300, "args": {"i": "index"}},
                      {"wg_wait": "w"}, {"let": {"s": "0"}},
                      {"loop": true, "times": 300, "as": "k", "do": [{"read": "r[k]", "as": "v"}, {"let": {"s": "s + v"}}]}]},
                     "part": {"args": ["i"], "do": [{"write": "r[i]", "value": "i"}, {"wg_done": "w"}]})-",
              R"-({"go": "main"})-", "race") == "PASS");
}

BOOST_AUTO_TEST_CASE(an_add_from_zero_beside_a_wait_is_misuse) {
  const std::string group = R"-("w": {"type": "waitgroup"})-";
  const char* const inside = R"-("main": {"do": [{"go": "part"}, {"wg_wait": "w"}]},
                                 "part": {"do": [{"wg_add": "w"}, {"wg_done": "w"}]})-";
  const char* const before = R"-("main": {"do": [{"wg_add": "w"}, {"go": "part"}, {"wg_wait": "w"}, {"wg_add": "w"},
                                           {"go": "part"}, {"wg_wait": "w"}]},
                                 "part": {"do": [{"wg_done": "w"}]})-";
  BOOST_TEST(verdict(group, inside, R"-({"go": "main"})-", "misuse") == "FAIL G1 main; G2 part;");
  BOOST_TEST(verdict(group, before, R"-({"go": "main"})-", "misuse") == "PASS");
}

// cockroach 4407: the add comes after the wait has begun, under a lock that orders nothing with the wait.
BOOST_AUTO_TEST_CASE(cockroach_4407) {
  BOOST_TEST(
      verdict(R"-("stop": {"type": "waitgroup"}, "s": {"type": "mutex"}, "c": {"type": "chan"})-",
              R"-("main": {"do": [{"go": "user", "count": 2}, {"sleep": "1ms"}, {"close": "c"}, {"wg_wait": "stop"}]},
                     "user": {"do": [{"lock": "s"}, {"wg_add": "stop"}, {"go": "task"}, {"unlock": "s"}]},
                     "task": {"do": [{"lock": "s"}, {"unlock": "s"}, {"wg_done": "stop"}]})-",
              R"-({"go": "main"})-", "misuse")
          .starts_with("FAIL"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
