// Cost files: what is read, what is refused and where, and that they act on runs and replays.

#include "tools/cost_file.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <fstream>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

std::string cost_text(const std::string& costs) {
  return R"({ "apiVersion": "gmpsim/v1", "kind": "Costs", "go": "go1.26.8", "measured": { "anything": "1ns" },
  "costs": {)" +
         costs + "} }";
}

std::string told(const std::string& text) {
  Diagnostics problems;
  const auto file = read_costs(text, "costs.json", problems);
  std::string out = file ? "good" : "refused";
  for (const Diagnostic& d : problems.all())
    out += " " + d.code + " " + d.pointer + ":" + std::to_string(d.line) + (d.hint.empty() ? "" : " " + d.hint);
  return out;
}

/// A file that goes away with the test.
struct Written {
  std::string path;
  explicit Written(const std::string& text)
      : path(GMPSIM_BINARY_DIR "/cost_file_test_" + std::to_string(text.size()) + ".json") {
    std::ofstream(path) << text;
  }
  ~Written() { std::remove(path.c_str()); }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cost_files)

BOOST_AUTO_TEST_CASE(names_and_times_are_read) {
  Diagnostics problems;
  const auto file =
      read_costs(cost_text(R"("gosched": "25ns", "futex_wake": "1.5us", "kernel_sleep_permille": 7)"), "c", problems);
  BOOST_TEST_REQUIRE(file.has_value());
  BOOST_TEST(file->go == "go1.26.8");
  BOOST_TEST_REQUIRE(file->costs.size() == 3u);
  BOOST_TEST(file->costs[1].first == "futex_wake");
  BOOST_TEST(file->costs[1].second == "1.5us");
  BOOST_TEST(file->costs[2].second == "7");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_at_its_place) {
  BOOST_TEST(told(cost_text("")) == "good");
  BOOST_TEST(told(cost_text(R"("goshced": "25ns")")) == R"(refused E0107 /costs/goshced:2 did you mean "gosched"?)");
  BOOST_TEST(told(cost_text(R"("gosched": 25)")) == R"(refused E0212 /costs/gosched:2 such as "20ns")");
  BOOST_TEST(told(cost_text(R"("gosched": "25")")) == R"(refused E0212 /costs/gosched:2 such as "20ns")");
  BOOST_TEST(told(cost_text(R"("gosched": "1h")")) == R"(refused E0212 /costs/gosched:2 such as "20ns")");
  BOOST_TEST(told(cost_text(R"("gosched": "11s")")) == R"(refused E0212 /costs/gosched:2 such as "20ns")");
  BOOST_TEST(told(cost_text(R"("kernel_sleep_permille": "7ns")")) == "refused E0215 /costs/kernel_sleep_permille:2");
  BOOST_TEST(told(R"({"kind":"Scenario","programs":{}})") == "refused E0115 /kind:1");
  BOOST_TEST(told(R"({"kind":"Costs","costs":{}})") == "refused E0108 :1");
  BOOST_TEST(told(R"({"apiVersion":"gmpsim/v2","kind":"Costs","costs":{}})") == "refused E0114 /apiVersion:1");
  BOOST_TEST(told("[]") == "refused E0106 :1");
  BOOST_TEST(told("{").starts_with("refused E0101"));
}

BOOST_AUTO_TEST_CASE(every_prefix_and_every_flipped_byte_is_answered) {
  const std::string whole = cost_text(R"("gosched": "25ns")");
  for (std::size_t n = 0; n < whole.size(); ++n) {
    BOOST_TEST(told(whole.substr(0, n)).starts_with("refused"));
    std::string damaged = whole;
    damaged[n] = static_cast<char>(damaged[n] ^ 1 << n % 7);
    (void)told(damaged);
  }
}

BOOST_AUTO_TEST_CASE(a_run_takes_its_costs_and_a_token_keeps_them) {
  const Written file(cost_text(R"("chan": "5us", "gosched": "3us")"));
  const Said usual = gmpsim_says({"run", "full-circle"});
  const Said slow = gmpsim_says({"run", "full-circle", "--costs", file.path});
  BOOST_TEST(slow.code == usual.code, slow.err);
  BOOST_TEST(slow.out != usual.out);
  const std::size_t at = slow.out.find("gmpsim replay ");
  BOOST_TEST_REQUIRE(at != std::string::npos, slow.out);
  const std::size_t begin = at + 14;
  const Said again = gmpsim_says({"replay", slow.out.substr(begin, slow.out.find('\n', begin) - begin)});
  BOOST_TEST(again.out == slow.out);
}

BOOST_AUTO_TEST_CASE(what_a_scenario_sets_itself_stays) {
  const Written file(cost_text(R"("chan": "5us")"));
  const Said usual = gmpsim_says({"run", "full-circle", "--format", "csv", "--set", "/runtime/overrides/chan=9ns"});
  const Said costs = gmpsim_says(
      {"run", "full-circle", "--format", "csv", "--set", "/runtime/overrides/chan=9ns", "--costs", file.path});
  BOOST_TEST(costs.out == usual.out);
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_refused_before_anything_runs) {
  const Written file(cost_text(R"("chan": "fast")"));
  const Said said = gmpsim_says({"compare", "full-circle", "--costs", file.path});
  BOOST_TEST(said.code == 3);
  BOOST_TEST(said.out.empty());
  BOOST_TEST(contains(said.err, "E0212"), said.err);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(go_toolchains)

BOOST_AUTO_TEST_CASE(a_toolchain_that_is_not_there_is_told) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"litmus", "record", "--go", "/no/such/go"}, {"calibrate", "--go", "/no/such/go"}}) {
    const Said said = gmpsim_says(command);
    BOOST_TEST(said.code == 4);
    BOOST_TEST(contains(said.err, "cannot run \"/no/such/go\""), said.err);
  }
}

BOOST_AUTO_TEST_CASE(wrong_numbers_of_litmus_record_are_usage_errors) {
  BOOST_TEST(gmpsim_says({"litmus", "record", "--count", "0"}).code == 2);
  BOOST_TEST(gmpsim_says({"litmus", "record", "--seed", "x"}).code == 2);
  BOOST_TEST(gmpsim_says({"litmus", "record", "--style", "fast"}).code == 2);
  BOOST_TEST(gmpsim_says({"litmus", "record", "other.json"}).code == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
