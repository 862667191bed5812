// The semantics of programs that belong to no single verb: names, calls, leaving calls early, scenario errors, chance.

#include <boost/test/unit_test.hpp>

#include "tests/unit/scenarios/run_program_impl.hpp"

namespace gmpsim {

using fixtures::joined;
using fixtures::Ran;
using fixtures::run;

BOOST_AUTO_TEST_SUITE(interpreter)

BOOST_AUTO_TEST_CASE(a_call_has_variables_of_its_own_and_recursion_works) {
  const Ran r = run(
      {.main =
           R"([{"let": {"n": 3}}, {"call": "fact", "args": {"n": 10}, "as": "f"}, {"log": "f", "value": ["f", "n"]}])",
       .programs = R"("fact": {"args": ["n"], "do": [
                       {"if": "n <= 1", "then": [{"return": 1}]},
                       {"call": "fact", "args": {"n": "n - 1"}, "as": "r"},
                       {"return": "n * r"}]})"});
  BOOST_TEST(joined(r.logs) == "f 3628800 3");
  BOOST_TEST(r.end == "done");
}

BOOST_AUTO_TEST_CASE(endless_recursion_ends_as_gos_stack_does) {
  const Ran r = run({.main = R"([{"call": "f"}])", .programs = R"("f": {"frame": 4096, "do": [{"call": "f"}]})"});
  BOOST_TEST(r.end == "fatal");
  BOOST_TEST(r.message == "stack overflow");
}

BOOST_AUTO_TEST_CASE(deferred_blocks_run_last_first_with_arguments_fixed_and_variables_as_they_are) {
  const Ran r =
      run({.main = R"([{"call": "f", "as": "x"}, {"log": "returned", "value": "x"}])", .programs = R"("f": {"do": [
      {"loop": true, "times": 3, "as": "i", "do": [
        {"let": {"y": "i * 10"}},
        {"defer": [{"log": "deferred", "value": ["v", "y"]}], "args": {"v": "i"}}]},
      {"log": "body"},
      {"return": 9}]})"});
  BOOST_TEST(joined(r.logs) == "body | deferred 2 20 | deferred 1 20 | deferred 0 20 | returned 9");
}

BOOST_AUTO_TEST_CASE(variables_seen_by_a_deferred_block_are_not_used_again) {
  const Ran r = run({.main = R"([
      {"if": "true", "then": [{"let": {"a": 1}}, {"defer": [{"log": "a", "value": "a"}]}]},
      {"let": {"b": 2}}, {"let": {"c": 3}}, {"log": "b", "value": ["b", "c"]}])"});
  BOOST_TEST(joined(r.logs) == "b 2 3 | a 1");
}

BOOST_AUTO_TEST_CASE(a_panic_unwinds_through_calls_to_the_nearest_try) {
  const Ran r = run({.main = R"([
      {"try": [{"call": "outer"}, {"log": "not here"}], "ok": "ok", "as": "v", "catch": [{"log": "caught", "value": ["ok", "v"]}]},
      {"try": [{"log": "fine"}], "ok": "ok"}, {"log": "ok", "value": "ok"}])",
                     .programs = R"(
      "outer": {"do": [{"defer": [{"log": "outer leaves"}]}, {"call": "inner"}, {"log": "not here"}]},
      "inner": {"do": [{"defer": [{"log": "inner leaves"}]}, {"panic": "bang", "value": 42}]})"});
  BOOST_TEST(joined(r.logs) == "inner leaves | outer leaves | caught 0 42 | fine | ok 1");
  BOOST_TEST(r.end == "done");
}

BOOST_AUTO_TEST_CASE(a_panic_in_a_deferred_block_replaces_the_first) {
  const Ran r = run({.main = R"([{"call": "f"}])", .programs = R"("f": {"do": [
      {"defer": [{"log": "last"}]}, {"defer": [{"panic": "second"}]}, {"panic": "first"}]})"});
  BOOST_TEST(joined(r.logs) == "last");
  BOOST_TEST(r.end == "panic");
  BOOST_TEST(r.message == "second");
}

BOOST_AUTO_TEST_CASE(a_deferred_block_may_hold_a_panic_of_its_own_while_another_one_passes) {
  const Ran r = run({.main = R"([{"try": [{"call": "f"}], "as": "v", "catch": [{"log": "outer", "value": "v"}]}])",
                     .programs = R"("f": {"do": [
      {"defer": [{"try": [{"panic": "inner", "value": 1}], "as": "w", "catch": [{"log": "inner", "value": "w"}]}]},
      {"panic": "outer", "value": 2}]})"});
  BOOST_TEST(joined(r.logs) == "inner 1 | outer 2");
}

BOOST_AUTO_TEST_CASE(return_in_a_deferred_block_ends_only_that_block) {
  const Ran r = run({.main = R"([{"call": "f", "as": "x"}, {"log": "x", "value": "x"}])", .programs = R"("f": {"do": [
      {"defer": [{"log": "first deferred"}]},
      {"defer": [{"return": 5}, {"log": "not here"}]},
      {"return": 7}]})"});
  BOOST_TEST(joined(r.logs) == "first deferred | x 7");
}

BOOST_AUTO_TEST_CASE(a_scenario_error_ends_the_run_with_its_place) {
  const Ran r = run({.main = R"([{"let": {"x": 0}}, {"log": "before"}, {"loop": true, "times": "10 / x", "do": []}])"});
  BOOST_TEST(r.end == "error");
  BOOST_TEST(joined(r.logs) == "before");
  BOOST_TEST(joined(r.problems) == "E0600 /programs/main/do/2/times");
  BOOST_TEST(joined(r.texts) == "division by zero");
}

BOOST_AUTO_TEST_CASE(an_operand_of_the_wrong_kind_is_a_scenario_error) {
  BOOST_TEST(joined(run({.main = R"([{"let": {"x": 5}}, {"recv": "x"}])"}).texts) ==
             "a channel is needed here, not an integer");
  BOOST_TEST(joined(run({.main = R"([{"let": {"x": "c"}}, {"lock": "x"}])", .resources = R"({"c": {"type": "chan"}})"})
                        .texts) == "a mutex or rwmutex is needed here, not a channel");
  BOOST_TEST(joined(run({.main = R"([{"let": {"x": "c"}}, {"log": "x", "value": "x + 1"}])",
                         .resources = R"({"c": {"type": "chan"}})"})
                        .texts) == "an integer is needed here, not a channel");
}

BOOST_AUTO_TEST_CASE(nil_panics_as_go_does) {
  const Ran r = run(
      {.main =
           R"([{"let": {"m": "nil"}}, {"try": [{"lock": "m"}], "ok": "ok"}, {"log": "ok", "value": "ok"}, {"wg_wait": "m"}])"});
  BOOST_TEST(joined(r.logs) == "ok 0");
  BOOST_TEST(r.end == "panic");
  BOOST_TEST(r.message == "runtime error: invalid memory address or nil pointer dereference");
}

BOOST_AUTO_TEST_CASE(references_can_be_stored_sent_and_compared) {
  const Ran r = run({.main = R"j([
      {"let": {"c": "newchan(1)", "d": "a"}},
      {"send": "c", "value": "a"}, {"recv": "c", "as": "e"},
      {"log": "same", "value": ["e == d", "e == c", "e == nil", "e != a"]}, {"log": "named", "value": "e"}])j",
                     .resources = R"({"a": {"type": "chan"}})"});
  BOOST_TEST(joined(r.logs) == "same 1 0 0 0 | named object1");
}

BOOST_AUTO_TEST_CASE(a_fresh_copy_has_the_settings_of_its_template) {
  const Ran r = run(
      {.main = R"j([{"let": {"c": "new(t)", "d": "new(t)"}}, {"log": "t", "value": ["cap(c)", "len(c)", "c == d"]}])j",
       .resources = R"({"t": {"type": "chan", "cap": 3, "init": [7, 8]}})"});
  BOOST_TEST(joined(r.logs) == "t 3 2 0");
}

BOOST_AUTO_TEST_CASE(draws_depend_on_the_seed_and_on_nothing_elsewhere) {
  const char* draw = R"j({"log": "d", "value": ["rand(1000000)", "rand(1000000)"]})j";
  const auto with = [&](const std::string& before, const std::string& after, std::uint64_t seed) {
    return run({.main = "[" + before + draw + after + "]",
                .resources = R"({"x": {"type": "var"}})",
                .programs = R"j("other": {"do": [{"log": "o", "value": "rand(1000000)"}]})j",
                .seed = seed});
  };
  const Ran base = with("", "", 1);
  BOOST_TEST(with("", "", 1).logs == base.logs, boost::test_tools::per_element());
  BOOST_TEST(with("", "", 2).logs[0] != base.logs[0]);
  // What stands behind it, and another program, change nothing.
  const Ran more = with("", R"j(, {"let": {"y": "rand(5)"}}, {"go": "other"}, {"sleep": "1us"})j", 1);
  BOOST_TEST(more.logs[0] == base.logs[0]);
  // A stream of its own keeps its draws where it goes.
  const std::string named = R"j({"log": "d", "value": "rand(1000000)", "stream": "mine"})j";
  BOOST_TEST(run({.main = "[" + named + "]"}).logs[0] == run({.main = R"([{"yield": true}, )" + named + "]"}).logs[0]);
}

BOOST_AUTO_TEST_CASE(every_draw_of_a_site_is_another_one_also_in_called_programs) {
  const Ran r = run({.main = R"([{"loop": true, "times": 3, "do": [{"call": "f"}, {"call": "f"}]}])",
                     .programs = R"j("f": {"do": [{"log": "d", "value": "rand(1000000000)"}]})j"});
  BOOST_TEST_REQUIRE(r.logs.size() == 6u);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < i; ++j) BOOST_TEST(r.logs[i] != r.logs[j]);
}

BOOST_AUTO_TEST_CASE(statements_cost_a_step_and_what_measures_costs_nothing) {
  const auto at = [](const std::string& ops) {
    const Ran r = run({.main = R"j([{"let": {"t": "now()"}}, )j" + ops + R"j( {"log": "t", "value": "now() - t"}])j",
                       .resources = R"({"v": {"type": "var"}})"});
    return std::stoll(r.logs.back().substr(2));
  };
  BOOST_TEST(at("") == 0);
  BOOST_TEST(at(R"({"mark": "m"}, {"log": "l"}, {"assert": "1"}, {"span": "s", "do": []},)") == 0);
  BOOST_TEST(at(R"({"let": {"x": 1}},)") == 1);
  BOOST_TEST(at(R"({"let": {"x": 1, "y": 2}},)") == 1);
  BOOST_TEST(at(R"({"set": {"v": 1}},)") == 1);
  BOOST_TEST(at(R"({"write": "v", "value": 1}, {"read": "v", "as": "x"},)") == 2);
  BOOST_TEST(at(R"({"if": "0", "then": []},)") == 1);
  BOOST_TEST(at(R"({"loop": true, "times": 10, "do": []},)") == 10);
  BOOST_TEST(at(R"({"choose": [{"do": []}]},)") == 1);
  BOOST_TEST(at(R"({"run": "5us"},)") == 5000);
}

BOOST_AUTO_TEST_CASE(stop_when_done_waits_for_all_goroutines_of_the_program) {
  const Ran r =
      run({.main = R"([{"go": "w", "args": {"d": "1ms"}}, {"go": "w", "args": {"d": "5ms"}}, {"recv": "c"}])",
           .resources = R"({"c": {"type": "chan"}, "k": {"type": "ticker", "period": "1ms"}})",
           .programs =
               R"("w": {"args": ["d"], "do": [{"sleep": "d"}, {"log": "w"}]}, "t": {"do": [{"range": "k", "do": []}]})",
           .rest = R"("stop": {"when_done": "w"}, )"});
  BOOST_TEST(r.end == "done");
  BOOST_TEST(r.logs.size() == 2u);
  BOOST_TEST(r.at >= 5'000'000);
  const Ran m = run({.main = R"([{"loop": true, "forever": true, "do": [{"run": "1us"}, {"mark": "there"}]}])",
                     .rest = R"("stop": {"when_done": {"mark": "there"}}, )"});
  BOOST_TEST(m.end == "done");
  BOOST_TEST(joined(m.logs) == "mark there");
}

BOOST_AUTO_TEST_CASE(arguments_of_start_know_their_index) {
  Diagnostics problems;
  const std::string text =
      R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": {"name": "t"}, "runtime": {"gomaxprocs": 1},
      "params": {"base": {"default": 100}},
      "programs": {"w": {"args": ["id"], "do": [{"log": "id", "value": "id"}]}},
      "start": [{"go": "w", "count": 3, "args": {"id": "base + index"}}]})";
  std::optional<Scenario> scenario = read_scenario(text, "t.json", {}, problems);
  BOOST_TEST_REQUIRE(scenario.has_value(), problems.render(false));
  const auto code = compile(std::make_shared<const Scenario>(std::move(*scenario)), problems);
  BOOST_TEST_REQUIRE(bool(code), problems.render(false));
  const auto plan = plan_world(code, "", problems);
  BOOST_TEST_REQUIRE(plan.has_value());
  // One compiled scenario, many worlds, the same result.
  std::string first;
  for (int i = 0; i < 3; ++i) {
    SeededChooser chooser(1);
    Simulation s(*plan, chooser, 1);
    fixtures::Ran out;
    fixtures::Collector collector(out, s.world().info());
    s.world().recorder().add_sink(collector);
    (void)s.run();
    BOOST_TEST(joined(out.logs) == "id 100 | id 101 | id 102");
    if (i == 0) first = s.world().recorder().fingerprint().hex();
    BOOST_TEST(s.world().recorder().fingerprint().hex() == first);
  }
}

BOOST_AUTO_TEST_CASE(a_parked_goroutine_is_small) {
  const std::size_t goroutine = sizeof(G) + sizeof(Routine) + sizeof(Frame) + 2 * sizeof(Value);
  BOOST_TEST(goroutine <= 300u);
}

BOOST_AUTO_TEST_CASE(memory_that_grows_without_end_is_a_reported_limit) {
  const Ran r = run({.main = R"j([{"loop": true, "forever": true, "do": [{"let": {"c": "newchan(1)"}}]}])j",
                     .rest = R"("stop": {"max_events": 100000}, )"});
  BOOST_TEST(r.end == "limit");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
