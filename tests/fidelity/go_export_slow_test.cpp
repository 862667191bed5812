// Exported programs on the Go toolchain of this machine: with one P in the exact order of the model.
//
// Skipped where there is no go. A scenario whose order hangs on when exactly a timer fires or a slice ends agrees on a
// quiet machine only; what must be the same of it anywhere stands in the table (the whole text, or how it ends).

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <set>
#include <sstream>

#include "tests/fidelity/real_go.hpp"
#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

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
  if (preset_of_go().empty()) {
    BOOST_TEST_MESSAGE("no Go toolchain here");
    return;
  }
  const Counterpart both(row.name, row.procs);
  BOOST_TEST_REQUIRE(both.refused.empty(), both.refused);
  BOOST_TEST_REQUIRE(both.built);
  const std::string model = both.model(0);
  if (std::system("which gofmt >/dev/null 2>&1") == 0)
    BOOST_TEST(answer("gofmt -l " + both.folder + "/main.go").empty());
  // Another process may take our processor at a bad moment: three tries.
  std::string real, wanted = model;
  for (int tries = 0; tries < 3; ++tries) {
    real = both.real(0);
    if (row.same != Same::all) {
      wanted = lines_with(model, "outcome");
      if (row.same == Same::counts) wanted += lines_with(model, "count");
      real = lines_with(real, "outcome") + (row.same == Same::counts ? lines_with(real, "count") : "");
    }
    if (row.same == Same::luck && contains(real, "outcome: ")) real = wanted;
    if (real == wanted) break;
  }
  BOOST_TEST(real == wanted);
}

BOOST_AUTO_TEST_CASE(every_scenario_of_the_catalogue_is_compared_or_has_no_counterpart) {
  std::set<std::string> compared;
  for (const Row& row : kRows) compared.insert(row.name);
  for (const std::string& name : not_compared(compared)) BOOST_ERROR(name);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
