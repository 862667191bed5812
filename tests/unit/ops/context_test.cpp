// Contexts: what ends them, in which order those who wait are told, and what a deadline costs.

#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(op_context)

BOOST_AUTO_TEST_CASE(cancel_wakes_whoever_waits_and_says_why) {
  const Ran r = run({.main = R"j([{"context": "nil", "as": "c"}, {"log": "err", "value": "err(c)"},
                       {"go": "w", "args": {"c": "c"}}, {"yield": true}, {"cancel": "c"}, {"cancel": "c"},
                       {"log": "err", "value": "err(c)"}, {"yield": true}])j",
                     .programs = R"j("w": {"args": ["c"], "do": [{"recv": "c", "as": "v", "ok": "ok"},
                       {"log": "woken", "value": ["v", "ok", "err(c)"]}]})j"});
  BOOST_TEST(joined(r.logs) == "err 0 | err 1 | woken 0 0 1");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_timeout_cancels_in_a_goroutine_of_its_own) {
  const Ran r = run({.main = R"j([{"context": "nil", "as": "c", "timeout": "5ms"}, {"recv": "c"},
                       {"log": "err", "value": ["err(c)", "now() >= 5ms && now() < 7ms"]}, {"go": "w", "as": "w"},
                       {"log": "next goroutine", "value": "w"}, {"yield": true}])j",
                     .programs = R"j("w": {"do": []})j"});
  BOOST_TEST(joined(r.logs) == "err 2 1 | next goroutine 3");
  BOOST_TEST(r.end == "done", r.message << joined(r.texts));
}

BOOST_AUTO_TEST_CASE(a_timeout_stays_pending_until_somebody_cancels) {
  const Ran left = run({.main = R"j([{"context": "nil", "as": "c", "timeout": "50ms"}])j"});
  BOOST_TEST(left.at >= 50'000'000);
  BOOST_TEST(left.end == "done", left.message);
  const Ran cancelled = run({.main = R"j([{"context": "nil", "as": "c", "timeout": "50ms"}, {"cancel": "c"}])j"});
  BOOST_TEST(cancelled.at < 1'000'000);
  BOOST_TEST(cancelled.end == "done", cancelled.message);
}

BOOST_AUTO_TEST_CASE(a_child_ends_with_its_parent_but_not_the_other_way_round) {
  const Ran r =
      run({.main = R"j([{"context": "nil", "as": "a"}, {"context": "a", "as": "b"}, {"context": "b", "as": "c"},
                       {"cancel": "b"}, {"log": "after b", "value": ["err(a)", "err(b)", "err(c)"]},
                       {"context": "b", "as": "d"}, {"log": "under an ended one", "value": "err(d)"},
                       {"cancel": "a"}, {"log": "after a", "value": ["err(a)", "err(b)", "err(c)"]}])j"});
  BOOST_TEST(joined(r.logs) == "after b 0 1 1 | under an ended one 1 | after a 1 1 1");
}

BOOST_AUTO_TEST_CASE(a_child_never_outlives_the_deadline_of_its_parent) {
  const Ran r = run({.main = R"j([{"context": "nil", "as": "a", "timeout": "2ms"},
                       {"context": "a", "as": "tardy", "timeout": "20ms"}, {"context": "a", "as": "soon", "timeout": "1ms"},
                       {"log": "timers", "value": "timers.pending"},
                       {"recv": "soon"}, {"log": "soon", "value": ["err(soon)", "err(a)", "err(tardy)"]},
                       {"recv": "tardy"}, {"log": "late", "value": ["err(tardy)", "now() < 5ms"]}])j"});
  BOOST_TEST(joined(r.logs) == "timers 2 | soon 2 0 0 | late 2 1");
}

BOOST_AUTO_TEST_CASE(a_timeout_that_is_over_ends_it_at_once) {
  const Ran r = run({.main = R"j([{"context": "nil", "as": "c", "timeout": "0ns"}, {"recv": "c", "ok": "ok"},
                       {"log": "err", "value": ["err(c)", "ok", "timers.pending"]}])j"});
  BOOST_TEST(joined(r.logs) == "err 2 0 0");
}

BOOST_AUTO_TEST_CASE(a_select_sees_the_end_of_a_context) {
  const Ran r = run({.main = R"j([{"context": "nil", "as": "c", "timeout": "1ms"}, {"select": [
                       {"recv": "c", "do": [{"log": "done", "value": "err(c)"}]},
                       {"after": "20ms", "do": [{"log": "late"}]}]}])j"});
  BOOST_TEST(joined(r.logs) == "done 2");
}

// context.Background().Done() is a nil channel.
BOOST_AUTO_TEST_CASE(background_never_ends) {
  const Ran r =
      run({.main = R"j([{"let": {"c": "nil"}}, {"log": "err", "value": ["err(c)", "len(c)"]}, {"recv": "c"}])j"});
  BOOST_TEST(joined(r.logs) == "err 0 0");
  BOOST_TEST(joined(r.blocked) == "G1 chan receive (nil chan)");
}

BOOST_AUTO_TEST_CASE(cancel_of_nothing_panics_as_a_nil_pointer_does) {
  const Ran r = run({.main = R"j([{"try": [{"cancel": "nil"}], "ok": "ok"}, {"log": "ok", "value": "ok"}])j"});
  BOOST_TEST(joined(r.logs) == "ok 0");
}

BOOST_AUTO_TEST_CASE(declared_contexts_begin_at_time_0_and_know_their_parents) {
  const Ran r = run(
      {.main =
           R"j([{"recv": "child"}, {"log": "t", "value": ["now() >= 3ms && now() < 5ms", "err(child)", "err(root)"]},
                       {"let": {"fresh": "new(template)"}}, {"log": "fresh", "value": "err(fresh)"},
                       {"recv": "row[1]"}, {"recv": "row[0]"}, {"log": "row", "value": ["err(row[1])", "err(row[0])"]}])j",
       .resources = R"j({"child": {"type": "context", "parent": "root"},
                       "root": {"type": "context", "timeout": "3ms"},
                       "heads": {"type": "context", "array": 2, "timeout": "4ms"},
                       "row": {"type": "context", "array": 2, "parent": "heads"},
                       "template": {"type": "context", "timeout": "1ms"}})j"});
  BOOST_TEST(joined(r.logs) == "t 1 2 2 | fresh 0 | row 2 2",
             joined(r.logs) << r.end << r.message << joined(r.texts) << joined(r.problems));
}

// Two children of a small map: the iteration starts at one of eight slots, and the second comes first from one of them.
BOOST_AUTO_TEST_CASE(two_children_are_mostly_cancelled_in_the_order_of_their_birth) {
  int second_first = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const Ran r =
        run({.main = R"j([{"context": "nil", "as": "p"}, {"context": "p", "as": "a"}, {"context": "p", "as": "b"},
                         {"go": "w", "args": {"c": "a", "n": 1}}, {"go": "w", "args": {"c": "b", "n": 2}}, {"sleep": "1ms"},
                         {"cancel": "p"}, {"sleep": "1ms"}])j",
             .programs = R"j("w": {"args": ["c", "n"], "do": [{"recv": "c"}, {"log": "w", "value": "n"}]})j",
             .seed = seed});
    BOOST_TEST_REQUIRE(r.logs.size() == 2u);
    // Who is readied last runs first (runnext).
    if (joined(r.logs) == "w 1 | w 2") ++second_first;
  }
  BOOST_TEST(second_first > 25);
  BOOST_TEST(second_first < 80);  // 400 / 8 = 50 are expected
}

BOOST_AUTO_TEST_CASE(many_children_and_deep_chains_end_all) {
  const Ran r = run({.main = R"j([{"context": "nil", "as": "p"}, {"let": {"c": "p"}},
                       {"loop": true, "times": 20000, "do": [{"context": "c", "as": "c"}]},
                       {"loop": true, "times": 5000, "do": [{"context": "p", "as": "wide", "timeout": "1s"}, {"let": {"last": "wide"}}]},
                       {"context": "p", "as": "last", "timeout": "1s"},
                       {"cancel": "p"}, {"log": "err", "value": ["err(c)", "err(last)", "timers.pending"]}])j"});
  BOOST_TEST(joined(r.logs) == "err 1 1 0", joined(r.logs)
                                                << r.end << r.message << joined(r.texts) << joined(r.problems));
}

BOOST_AUTO_TEST_CASE(many_threads_cancel_one_context_once) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Ran r =
        run({.main = R"j([{"context": "nil", "as": "p"}, {"loop": true, "times": 20, "do": [{"context": "p", "as": "c"},
                         {"go": "w", "args": {"c": "c"}}]}, {"go": "k", "count": 8, "args": {"c": "p"}}, {"wg_wait": "all"},
                         {"log": "err", "value": "err(p)"}])j",
             .resources = R"j({"all": {"type": "waitgroup", "init": 28}})j",
             .programs = R"j("w": {"args": ["c"], "do": [{"recv": "c"}, {"wg_done": "all"}]},
                         "k": {"args": ["c"], "do": [{"run": "20us"}, {"cancel": "c"}, {"wg_done": "all"}]})j",
             .procs = 4,
             .seed = seed});
    BOOST_TEST(joined(r.logs) == "err 1");
    BOOST_TEST(r.end == "done", r.message << joined(r.texts));
  }
}

BOOST_AUTO_TEST_CASE(sending_on_and_closing_a_context_is_refused) {
  BOOST_TEST(run({.main = R"j([{"send": "c"}])j", .resources = R"j({"c": {"type": "context"}})j"}).end == "refused");
  BOOST_TEST(run({.main = R"j([{"close": "c"}])j", .resources = R"j({"c": {"type": "context"}})j"}).end == "refused");
  BOOST_TEST(run({.main = R"j([{"context": "nil", "as": "c"}, {"let": {"d": "c"}}, {"send": "d"}])j"}).end == "error");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
