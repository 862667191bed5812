// Delays that the rules fix, held to what the real runtimes showed (models/go/delays.md; measured by tests/fidelity/delays):
// each median of the model lies between the 10th and the 90th percentile of the real samples, give or take a quarter.

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "scenarios/compile.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/world_builder.hpp"
#include "sim/chooser.hpp"

using namespace gmpsim;

namespace {

struct Delay {
  const char* name;
  const char* preset;
  std::int64_t low;  ///< [us], P10 of go1.26.8 or go1.19.8
  std::int64_t high;
};
std::ostream& operator<<(std::ostream& out, const Delay& d) { return out << d.name << ' ' << d.preset; }

const Delay kDelays[] = {
    {"loops-1", "go1.26", 10'498, 20'041},      {"loops-3", "go1.26", 59'730, 60'154},
    {"loops-6", "go1.26", 100'090, 120'205},    {"timer", "go1.26", 9'071, 19'085},
    {"syscall-return", "go1.26", 6'558, 6'608}, {"syscall-handoff", "go1.26", 35, 83},
    {"mutex-hog", "go1.26", 4'965, 4'991},      {"loops-1", "go1.19", 10'055, 20'047},
    {"loops-3", "go1.19", 60'123, 60'194},      {"loops-6", "go1.19", 120'101, 120'443},
    {"timer", "go1.19", 18'985, 19'016},        {"syscall-return", "go1.19", 6'631, 6'976},
    {"syscall-handoff", "go1.19", 5, 76},       {"mutex-hog", "go1.19", 4'974, 4'999},
};

struct Logged final : Sink {
  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records)
      if (t.kind == Kind::log) values.push_back(t.value);
  }
  std::vector<std::int64_t> values;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(delays)

BOOST_DATA_TEST_CASE(the_model_makes_wait_as_long_as_the_real_runtime, boost::unit_test::data::make(kDelays), delay) {
  const std::string path = std::string(GMPSIM_SOURCE_DIR "/tests/fidelity/delays/") + delay.name + ".json";
  std::ifstream file(path, std::ios::binary);
  BOOST_TEST_REQUIRE(file.good(), "cannot read " << path);
  std::ostringstream text;
  text << file.rdbuf();
  // As `delays -rt` runs it: no timer slack.
  std::string scenario = text.str();
  // What the real-time class changes (delays -rt).
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"kernel_sleep_slack\": \"75us\"", "\"kernel_sleep_slack\": \"19us\""},
           {"\"wake_latency\": \"5us\"", "\"wake_latency\": \"30us\""},
           {"\"thread_create\": \"20us\"", "\"thread_create\": \"90us\""}}) {
    const std::size_t at = scenario.find(from);
    BOOST_TEST_REQUIRE((at != std::string::npos));
    scenario.replace(at, from.size(), to);
  }

  Diagnostics problems;
  auto read = read_scenario(scenario, path, {}, problems);
  BOOST_TEST_REQUIRE(read.has_value(), problems.render(false));
  const auto code = compile(std::make_shared<const Scenario>(std::move(*read)), problems);
  const auto plan = plan_world(code, delay.preset, problems);
  BOOST_TEST_REQUIRE(plan.has_value(), problems.render(false));
  SeededChooser chooser(1);
  Logged logged;
  Simulation simulation(*plan, chooser, 1);
  simulation.world().recorder().add_sink(logged);
  const Outcome& outcome = simulation.run();
  BOOST_TEST((outcome.end == End::done), outcome.message);
  BOOST_TEST_REQUIRE(logged.values.size() == 15u);
  std::sort(logged.values.begin(), logged.values.end());
  const std::int64_t median = logged.values[7] / 1000;
  BOOST_TEST(median >= delay.low * 3 / 4, median << "us");
  BOOST_TEST(median <= delay.high * 5 / 4, median << "us");
}

BOOST_AUTO_TEST_SUITE_END()
