// Exported programs on the Go toolchain of this machine: with one P in the exact order of the model.
//
// Skipped where there is no go. A scenario whose order hangs on when exactly a timer fires or a slice ends agrees on a
// quiet machine only; what must be the same of it anywhere stands in the table (the whole text, or how it ends).
// GMPSIM_GO names another toolchain; the model then takes the preset of its version.

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

namespace fs = std::filesystem;

std::string go() {
  const char* const chosen = std::getenv("GMPSIM_GO");
  return chosen != nullptr ? chosen : "go";
}

std::string answer(const std::string& command) {
  std::string out;
  FILE* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[4096];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  pclose(pipe);
  return out;
}

/// "go1.26" of "go version go1.26.8 linux/amd64"; "" where there is none.
std::string preset() {
  std::istringstream words(answer(go() + " version"));
  std::string word;
  for (int i = 0; i < 3; ++i) words >> word;
  const std::size_t dot = word.find('.');
  return dot == std::string::npos ? "" : word.substr(0, word.find('.', dot + 1));
}

enum class Same {
  all,      // the whole log
  outcome,  // how it ends; the rest depends on when slices end, or on when it is cut off
  counts,   // that, and how often everything was logged and marked
  luck      // it only has to be built and to end: even how it ends depends on when slices end
};

struct Row {
  const char* name;
  Same same;
  const char* procs = "1";
};
std::ostream& operator<<(std::ostream& out, const Row& r) { return out << r.name << " " << r.procs << "P"; }

/// The whole catalogue with one P, but for what has no counterpart in Go (sockets, C calls), and some of it with four.
const std::vector<Row> kRows{
    {"full-circle", Same::all},
    {"lost-signal", Same::all},
    {"select-fairness", Same::all},
    {"send-on-closed", Same::all},
    {"thundering-herd", Same::all},
    {"uneven-fan-out", Same::all},
    {"wake-up-chain", Same::all},
    {"worker-pool", Same::all},
    {"yield-loop", Same::all},
    {"every-verb", Same::all},
    {"newer-verbs", Same::all},
    {"global-queue-starvation", Same::all},
    {"lost-update", Same::all},
    {"mutex-hog", Same::all},
    {"pool-forgets", Same::all},
    {"rwmutex-writer-preference", Same::outcome},
    {"tight-loop", Same::all},
    {"timer-structures", Same::all},
    {"timers-behind-busy-ps", Same::all},
    {"fewer-cores-than-ps", Same::all},
    {"bounded-buffer", Same::outcome},
    {"forgotten-sender", Same::outcome},
    {"gc-assist-latency", Same::outcome},
    {"monitor-driven-by-the-collector", Same::outcome},
    {"runnext-starvation", Same::outcome},
    {"syscall-storm", Same::outcome},
    {"dining-philosophers", Same::luck},
    {"gc-held-up-by-a-loop", Same::luck},
    {"lock-order", Same::luck},
    {"recursive-read-lock", Same::luck},
    {"worker-pool", Same::counts, "4"},
    {"thundering-herd", Same::outcome, "4"},
    {"full-circle", Same::outcome, "4"},
};

std::string lines_with(const std::string& text, const std::string& start) {
  std::string out, line;
  std::istringstream in(text);
  while (std::getline(in, line))
    if (line.rfind(start, 0) == 0) out += line + "\n";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(go_export_runs)

BOOST_DATA_TEST_CASE(a_real_runtime_says_what_the_model_says, boost::unit_test::data::make(kRows), row) {
  const std::string version = preset();
  if (version.empty()) {
    BOOST_TEST_MESSAGE("no Go toolchain here");
    return;
  }
  std::string scenario = row.name;
  if (scenario.ends_with("-verb") || scenario.ends_with("-verbs"))
    scenario = GMPSIM_SOURCE_DIR "/tests/data/scenarios/" + scenario + ".json";
  const std::vector<std::string> chosen{"--set", std::string("/runtime/gomaxprocs=") + row.procs, "--policy", version};
  std::vector<std::string> exporting{"export", scenario, "--to", "go"};
  std::vector<std::string> running{"run", scenario, "--format", "log"};
  exporting.insert(exporting.end(), chosen.begin(), chosen.end());
  running.insert(running.end(), chosen.begin(), chosen.end());
  const Said program = gmpsim_says(exporting);
  BOOST_TEST_REQUIRE(program.code == 0, program.err);
  const Said model = gmpsim_says(running);

  const fs::path folder = fs::path(GMPSIM_BINARY_DIR) / "go_export" / (std::string(row.name) + row.procs);
  fs::create_directories(folder);
  std::ofstream(folder / "main.go") << program.out;
  const std::string binary = (folder / "run").string();
  const std::string build = "cd " + folder.string() + " && " + go() + " build -o run main.go";
  BOOST_TEST_REQUIRE(std::system(build.c_str()) == 0);
  if (std::system("which gofmt >/dev/null 2>&1") == 0)
    BOOST_TEST(answer("gofmt -l " + (folder / "main.go").string()).empty());
  // Another process may take our processor at a bad moment: three tries.
  std::string real, wanted = model.out;
  for (int tries = 0; tries < 3; ++tries) {
    real = answer(binary);
    if (row.same != Same::all) {
      wanted = lines_with(model.out, "outcome");
      if (row.same == Same::counts) wanted += lines_with(model.out, "count");
      real = lines_with(real, "outcome") + (row.same == Same::counts ? lines_with(real, "count") : "");
    }
    if (row.same == Same::luck && contains(real, "outcome: ")) real = wanted;
    if (real == wanted) break;
  }
  BOOST_TEST(real == wanted);
}

BOOST_AUTO_TEST_CASE(every_scenario_of_the_catalogue_is_compared_or_has_no_counterpart) {
  for (const auto& file : fs::directory_iterator(GMPSIM_SOURCE_DIR "/scenarios/catalogue")) {
    if (file.path().extension() != ".json") continue;
    const std::string name = file.path().stem().string();
    const bool compared = std::any_of(kRows.begin(), kRows.end(), [&](const Row& r) { return r.name == name; });
    if (compared) continue;
    BOOST_TEST(contains(gmpsim_says({"export", name, "--to", "go"}).err, "E0910"), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
