// Goroutines from outside: when they come, what they are given, and when nothing more is to come.

#include <boost/test/unit_test.hpp>
#include <map>

#include "scenarios/reader.hpp"
#include "scenarios/world_builder.hpp"
#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim {
namespace {

using fixtures::joined;
using fixtures::Ran;

/// A run of arrivals of `guest`, which logs when it came, and of a main that ends at once.
Ran run_arrivals(const std::string& stream, const std::string& guest, const std::string& rest = "",
                 std::uint64_t seed = 1) {
  return fixtures::run(
      {.main = R"-([{"log": "main"}])-",
       .programs = R"-("guest": {"args": ["i"], "do": )-" + guest + "}",
       .seed = seed,
       .rest = R"-("arrivals": {"a": {"go": "guest", "args": {"i": "index"}, )-" + stream + "}}, " + rest});
}

constexpr const char* kLog = R"-([{"log": "i", "value": ["i", "now() / 1ms"]}])-";

}  // namespace

BOOST_AUTO_TEST_SUITE(arrivals)

BOOST_AUTO_TEST_CASE(every_begins_when_the_stream_does_and_ends_before_until) {
  const Ran r = run_arrivals(R"-("from": "10ms", "until": "40ms", "process": {"every": "10ms"})-", kLog);
  BOOST_TEST(joined(r.logs) == "main | i 0 10 | i 1 20 | i 2 30");
  BOOST_TEST(r.end == "done");
}

BOOST_AUTO_TEST_CASE(no_more_than_max_come) {
  const Ran r = run_arrivals(R"-("max": 2, "process": {"every": "1ms"})-", kLog);
  BOOST_TEST(joined(r.logs) == "main | i 0 0 | i 1 1");
  BOOST_TEST(r.end == "done");
  BOOST_TEST(joined(run_arrivals(R"-("max": 0, "process": {"every": "1ms"})-", kLog).logs) == "main");
  BOOST_TEST(joined(run_arrivals(R"-("max": 5, "process": {"burst": {"size": 3, "every": "1ms"}})-", kLog).logs) ==
             "main | i 0 0 | i 1 0 | i 2 0 | i 3 1 | i 4 1");
}

BOOST_AUTO_TEST_CASE(users_of_a_closed_loop_come_again_when_they_have_been_served_and_have_thought) {
  const Ran r = run_arrivals(R"-("until": "35ms", "process": {"closed": {"users": 2, "think": "9ms"}})-",
                             R"-([{"log": "i", "value": ["i", "now() / 1ms"]}, {"sleep": "1ms"}])-");
  BOOST_TEST(joined(r.logs) == "main | i 0 0 | i 1 0 | i 2 10 | i 3 10 | i 4 20 | i 5 20 | i 6 30 | i 7 30");
  BOOST_TEST(r.end == "done");
}

BOOST_AUTO_TEST_CASE(a_user_whose_goroutine_is_stuck_does_not_come_again) {
  const Ran r = run_arrivals(R"-("process": {"closed": {"users": 1, "think": "1ms"}})-", R"-([{"select": []}])-");
  BOOST_TEST(r.end == "deadlock");
}

BOOST_AUTO_TEST_CASE(an_open_stream_that_is_not_over_hides_a_deadlock) {
  const Ran r = run_arrivals(R"-("max": 3, "process": {"every": "1ms"})-", R"-([{"select": []}])-");
  BOOST_TEST(r.end == "deadlock");
  BOOST_TEST(r.at >= 2'000'000);  // not before the last has come
}

BOOST_AUTO_TEST_CASE(a_poisson_stream_has_its_rate_and_depends_on_the_seed_alone) {
  const auto count = [](std::uint64_t seed, const std::string& guest) {
    return run_arrivals(R"-("until": "1s", "process": {"poisson": "1000/s"})-", guest, "", seed).times;
  };
  const std::vector<std::int64_t> once = count(1, R"-([{"log": "x"}])-");
  BOOST_TEST(once.size() > 900u);
  BOOST_TEST(once.size() < 1100u);
  BOOST_TEST((once == count(1, R"-([{"log": "x"}])-")));
  BOOST_TEST((once != count(2, R"-([{"log": "x"}])-")));
}

BOOST_AUTO_TEST_CASE(stages_bring_what_their_rates_promise) {
  const Ran r = run_arrivals(R"-("process": {"stages": [
      {"for": "1s", "rate": "1000/s"}, {"for": "1s", "rate": "3000/s", "ramp": "linear"}, {"for": "1s", "rate": "500/s"}]})-",
                             R"-([{"log": "x"}])-");
  BOOST_TEST(r.end == "done");
  std::map<std::int64_t, int> by_half_second;
  for (const std::int64_t t : r.times) ++by_half_second[t / 500'000'000];
  // Means: 500, 500, then 500 + 250 and 500 + 750 of the ramp, 250, 250; five standard deviations each.
  const int means[] = {500, 500, 750, 1250, 250, 250};
  for (int i = 0; i < 6; ++i) {
    BOOST_TEST(by_half_second[i] > means[i] - 5 * 36, i << ": " << by_half_second[i]);
    BOOST_TEST(by_half_second[i] < means[i] + 5 * 36, i << ": " << by_half_second[i]);
  }
  BOOST_TEST(by_half_second.count(6) == 0u);
}

BOOST_AUTO_TEST_CASE(a_stage_without_arrivals_is_passed_over) {
  const Ran r =
      run_arrivals(R"-("process": {"stages": [{"for": "1s", "rate": "0/s"}, {"for": "100ms", "rate": "1000/s"}]})-",
                   R"-([{"log": "x"}])-");
  BOOST_TEST(r.logs.size() > 50u);
  BOOST_TEST(r.times.at(1) >= 1'000'000'000);
}

BOOST_AUTO_TEST_CASE(a_span_since_arrival_counts_the_wait_for_a_processor) {
  // The hog holds the only P for 5 ms; whoever arrives after 1 ms has waited for 4 ms when it begins.
  const Ran r = fixtures::run(
      {.main = R"-([{"run": "5ms", "preempt": "never"}])-",
       .programs =
           R"-("guest": {"do": [{"span": "s", "since": "arrival", "do": [{"log": "now", "value": "now() / 1ms"}]}]})-",
       .rest = R"-("arrivals": {"a": {"go": "guest", "from": "1ms", "max": 1, "process": {"every": "1ms"}}}, )-"});
  BOOST_TEST(joined(r.logs) == "now 5 | span s");
}

BOOST_AUTO_TEST_CASE(a_run_waits_for_arrivals_of_the_program_that_it_ends_with) {
  const Ran r =
      run_arrivals(R"-("max": 3, "process": {"every": "10ms"})-", kLog, R"-("stop": {"when_done": "guest"}, )-");
  BOOST_TEST(joined(r.logs) == "main | i 0 0 | i 1 10 | i 2 20");
  BOOST_TEST(r.end == "done");
}

BOOST_AUTO_TEST_CASE(replay_comes_at_the_times_of_its_file) {
  const char* const text = R"-({"apiVersion": "gmpsim/v1", "kind": "Scenario", "programs": {"guest": {"do": []}},
      "arrivals": {"a": {"go": "guest", "from": "2ms", "process": {"replay": "times.txt"}}}})-";
  const auto read = [&](const std::string& times, Diagnostics& problems) {
    ReadOptions options;
    options.load = [&](const std::string& path) {
      return path == "dir/times.txt" ? std::optional<std::string>(times) : std::nullopt;
    };
    return read_scenario(text, "dir/test.json", options, problems);
  };
  Diagnostics none;
  const auto s = read("# seen on Monday\n1ms\n2ms, 200\n2ms\r\n\n1.5s GET\n", none);
  BOOST_TEST_REQUIRE(s.has_value(), none.render(false));
  BOOST_TEST((s->arrivals[0].times == std::vector<Time>{1'000'000, 2'000'000, 2'000'000, 1'500'000'000}));
  BOOST_TEST(s->hash != read("1ms\n", none)->hash);

  const auto code = compile(std::make_shared<const Scenario>(*s), none);
  BOOST_TEST_REQUIRE((code != nullptr), none.render(false));
  const auto plan = plan_world(code, "", none);
  BOOST_TEST_REQUIRE(plan.has_value(), none.render(false));
  SeededChooser chooser(1);
  Simulation simulation(*plan, chooser, 1);
  BOOST_TEST((simulation.run().end == End::done));
  BOOST_TEST(simulation.world().now() >= 1'500'000'000);

  for (const char* wrong : {"1ms\n5\n", "2ms\n1ms\n", "soon\n"}) {
    Diagnostics problems;
    BOOST_TEST(!read(wrong, problems).has_value(), wrong);
    BOOST_TEST(problems.all().at(0).code == "E0228", wrong);
    BOOST_TEST(problems.all().at(0).pointer == "/arrivals/a/process/replay");
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(phases)

BOOST_AUTO_TEST_CASE(each_phase_begins_in_the_trace_and_behind_the_last_nothing_is_measured) {
  const char* const text =
      R"-({"apiVersion": "gmpsim/v1", "kind": "Scenario", "programs": {"main": {"do": [{"sleep": "50ms"}]}},
      "start": [{"go": "main"}], "metrics": {"sample_every": "10ms"},
      "phases": [{"name": "warm-up", "for": "10ms", "measure": false}, {"name": "steady", "for": "20ms"}]})-";
  Diagnostics none;
  auto s = read_scenario(text, "test.json", {}, none);
  BOOST_TEST_REQUIRE(s.has_value(), none.render(false));
  const auto plan = plan_world(compile(std::make_shared<const Scenario>(std::move(*s)), none), "", none);
  BOOST_TEST_REQUIRE(plan.has_value(), none.render(false));
  struct Phases final : Sink {
    void consume(std::span<const Transition> records) override {
      for (const Transition& t : records) {
        if (t.kind == Kind::sched_sample) ++samples;
        if (t.kind == Kind::phase)
          seen += std::to_string(t.at / 1'000'000) + " " + labels->at(t.a) + (t.why == 1 ? " measured; " : "; ");
      }
    }
    const std::vector<std::string>* labels = nullptr;
    std::string seen;
    int samples = 0;
  } sink;
  SeededChooser chooser(1);
  Simulation simulation(*plan, chooser, 1);
  sink.labels = &simulation.world().info().labels;
  simulation.world().recorder().add_sink(sink);
  BOOST_TEST((simulation.run().end == End::done));
  BOOST_TEST(sink.seen == "0 warm-up; 10 steady measured; 30 ; ");
  BOOST_TEST(sink.samples == 6);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
