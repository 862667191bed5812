// Exported programs with two Ps: the order differs from run to run, on the real runtime as in the model under several
// seeds, so that distributions are compared (models/go/several-ps.md).
//
// Of the log of each run: how it ends; how many lines there are; which part of them is by the goroutine with the most
// (largest share); how often the next line is by another goroutine (turns); and where the last newcomer has his first
// line (spread). Two distributions agree when their ranges from P10 to P90, give or take a quarter, have something in
// common, and when each outcome of a quarter of the runs of one is seen in the other. What depends on how fast this
// machine computes, or how evenly, is shown and not judged, with the reason beside it.
//
// Needs a quiet machine. Skipped where there is no go, or only one processor. GMPSIM_UPDATE_DOCS=1 writes the page.

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "tests/fidelity/real_go.hpp"

namespace gmpsim {
namespace {

constexpr int kRuns = 20;

enum Statistic : unsigned { lines = 1, turns = 2, largest = 4, spread = 8, outcome = 16 };
constexpr std::pair<Statistic, const char*> kStatistics[] = {
    {lines, "lines"}, {turns, "turns"}, {largest, "largest share"}, {spread, "spread"}};

struct Row {
  const char* name;
  unsigned not_judged = 0;
  const char* why = "";
};
std::ostream& operator<<(std::ostream& out, const Row& r) { return out << r.name; }

const std::vector<Row> kRows{
    {"bounded-buffer"},
    {"dining-philosophers", lines | spread, "how many meals until a deadlock is a matter of nanoseconds"},
    {"fewer-cores-than-ps"},
    {"forgotten-sender"},
    {"full-circle"},
    {"gc-assist-latency", spread, "the real program begins with an empty heap"},
    {"gc-held-up-by-a-loop"},
    {"global-queue-starvation", lines, "counts how often a goroutine can be started in the given time"},
    {"lock-order", lines | spread, "how many transfers until a deadlock is a matter of nanoseconds"},
    {"lost-signal"},
    {"lost-update"},
    {"monitor-driven-by-the-collector"},
    {"mutex-hog"},
    {"pool-forgets", outcome,
     "Go ends when its detector finds a deadlock, which has to wait for a timer of the scavenger"},
    {"recursive-read-lock"},
    {"runnext-starvation"},
    {"rwmutex-writer-preference"},
    {"select-fairness"},
    {"send-on-closed"},
    {"syscall-storm"},
    {"thundering-herd"},
    {"tight-loop"},
    {"timer-structures", turns, "in the model equal work takes equal time, so that the two Ps take turns"},
    {"timers-behind-busy-ps"},
    {"uneven-fan-out"},
    {"wake-up-chain"},
    {"worker-pool"},
    {"yield-loop"},
};

struct Run {
  std::string outcome;
  std::map<Statistic, double> of;
};

Run run_of(const std::string& text) {
  Run run;
  std::istringstream in(text);
  std::vector<std::string> who;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("outcome: ", 0) == 0) run.outcome = line.substr(9);
    if (line.size() > 1 && line[0] == 'G' && line[1] >= '0' && line[1] <= '9')
      who.push_back(line.substr(0, line.find(' ')));
  }
  run.of[lines] = static_cast<double>(who.size());
  if (who.size() < 2) return run;
  std::map<std::string, double> shares;
  double changes = 0, last_newcomer = 0, most = 0;
  for (std::size_t i = 0; i < who.size(); ++i) {
    if (i > 0 && who[i] != who[i - 1]) ++changes;
    double& mine = shares[who[i]];
    if (mine == 0) last_newcomer = static_cast<double>(i);
    most = std::max(most, ++mine);
  }
  if (shares.size() < 2) return run;
  const double n = static_cast<double>(who.size());
  run.of[turns] = changes / (n - 1);
  run.of[largest] = most / n;
  run.of[spread] = last_newcomer / n;
  return run;
}

struct Range {
  double p10 = 0, p50 = 0, p90 = 0;
};

std::optional<Range> range_of(const std::vector<Run>& runs, Statistic s) {
  std::vector<double> all;
  for (const Run& r : runs)
    if (const auto found = r.of.find(s); found != r.of.end()) all.push_back(found->second);
  if (all.size() < kRuns / 2) return std::nullopt;  // two goroutines wrote in a few runs only
  std::sort(all.begin(), all.end());
  const auto at = [&](double q) {
    return all[static_cast<std::size_t>(q * static_cast<double>(all.size() - 1) + 0.5)];
  };
  return Range{at(0.1), at(0.5), at(0.9)};
}

bool agree(const Range& model, const Range& real) {
  return model.p10 * 0.75 <= real.p90 && real.p10 <= model.p90 * 1.25;
}

std::map<std::string, int> outcomes_of(const std::vector<Run>& runs) {
  std::map<std::string, int> out;
  for (const Run& r : runs) ++out[r.outcome];
  return out;
}

/// Whether each outcome of a quarter of the runs of one is seen in the other.
bool agree(const std::map<std::string, int>& one, const std::map<std::string, int>& other) {
  const auto seen_in = [](const std::map<std::string, int>& mine, const std::map<std::string, int>& others) {
    return std::all_of(mine.begin(), mine.end(),
                       [&](const auto& end) { return end.second * 4 < kRuns || others.count(end.first) == 1; });
  };
  return seen_in(one, other) && seen_in(other, one);
}

bool agree(const Row& row, const std::vector<Run>& model, const std::vector<Run>& real) {
  for (const auto& [statistic, name] : kStatistics) {
    const auto m = range_of(model, statistic), r = range_of(real, statistic);
    if ((row.not_judged & statistic) == 0 && (m || r) && !(m && r && agree(*m, *r))) return false;
  }
  return (row.not_judged & outcome) != 0 || agree(outcomes_of(model), outcomes_of(real));
}

std::string text_of(const std::map<std::string, int>& outcomes) {
  std::string out;
  for (const auto& [outcome, n] : outcomes)
    out += (out.empty() ? "" : "; ") + (outcomes.size() > 1 ? outcome : outcome.substr(0, outcome.find(": "))) + " " +
           std::to_string(n);
  return out;
}

std::string text_of(const std::optional<Range>& r, Statistic s) {
  if (!r) return "";
  const int digits = s == lines ? 0 : 2;
  return fmt::format("{:.{}f} ({:.{}f} … {:.{}f})", r->p50, digits, r->p10, digits, r->p90, digits);
}

/// The rows of the page, in order.
std::map<std::string, std::string>& page() {
  static std::map<std::string, std::string> rows;
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(several_ps)

BOOST_DATA_TEST_CASE(two_ps_of_a_real_runtime_do_what_those_of_the_model_do, boost::unit_test::data::make(kRows), row) {
  if (preset_of_go().empty() || std::thread::hardware_concurrency() < 2) {
    BOOST_TEST_MESSAGE("no Go toolchain here, or one processor only");
    return;
  }
  const Counterpart both(row.name, "2");
  BOOST_TEST_REQUIRE(both.refused.empty(), both.refused);
  BOOST_TEST_REQUIRE(both.built);
  // Ahead of other processes where that is allowed; not in a real-time class, where two tight loops would starve sysmon.
  const std::string ahead = std::system("nice -n -20 true 2>/dev/null") == 0 ? "nice -n -20" : "";
  std::vector<Run> model, real;
  for (int seed = 1; seed <= kRuns; ++seed) model.push_back(run_of(both.model(seed)));
  for (int tries = 0; tries < 3; ++tries) {  // others may take a processor for a while
    real.clear();
    for (int seed = 1; seed <= kRuns; ++seed) real.push_back(run_of(both.real(seed, ahead)));
    if (agree(row, model, real)) break;
  }

  const auto ends_model = outcomes_of(model), ends_real = outcomes_of(real);
  std::string& text = page()[row.name];
  const bool how_judged = (row.not_judged & outcome) == 0;
  text = fmt::format("| `{}` | outcome | {} | {} | {} |\n", row.name, text_of(ends_model), text_of(ends_real),
                     how_judged ? "" : row.why);
  if (how_judged) BOOST_TEST(agree(ends_model, ends_real), text);
  for (const auto& [statistic, name] : kStatistics) {
    const auto m = range_of(model, statistic), r = range_of(real, statistic);
    if (!m && !r) continue;
    if (statistic == lines && m && r && m->p90 == 0 && r->p90 == 0) continue;
    const bool judged = (row.not_judged & statistic) == 0;
    text += fmt::format("| | {} | {} | {} | {} |\n", name, text_of(m, statistic), text_of(r, statistic),
                        judged ? "" : row.why);
    if (judged)
      BOOST_TEST((m && r && agree(*m, *r)),
                 name << ": " << text_of(m, statistic) << " in the model, " << text_of(r, statistic) << " for real");
  }
  BOOST_TEST_MESSAGE(text);
}

BOOST_AUTO_TEST_CASE(every_scenario_of_the_catalogue_runs_with_two_ps_or_has_no_counterpart) {
  std::string rows;
  for (const Row& row : kRows) rows += page()[row.name];
  if (const char* const update = std::getenv("GMPSIM_UPDATE_DOCS"); update != nullptr && !rows.empty()) {
    const std::string path = GMPSIM_SOURCE_DIR "/models/go/several-ps.md";
    std::ifstream in(path);
    std::ostringstream old;
    old << in.rdbuf();
    const std::string head = "|---|---|---|---|---|\n";
    const std::size_t begin = old.str().find(head) + head.size();
    std::size_t end = begin;
    while (end < old.str().size() && old.str()[end] == '|') end = old.str().find('\n', end) + 1;
    std::ofstream(path) << old.str().substr(0, begin) << rows << old.str().substr(end);
  }
  std::set<std::string> compared;
  for (const Row& row : kRows) compared.insert(row.name);
  for (const std::string& name : not_compared(compared)) BOOST_ERROR(name);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
