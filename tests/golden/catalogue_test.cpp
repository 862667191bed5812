// Every scenario of the catalogue under each of its policies: the verdicts are the expected ones, on several seeds, and
// the run of its own seed has the fingerprint that is kept in catalogue-fingerprints.txt.
//
// A fingerprint that moves means that results move. Rewrite the file with GMPSIM_UPDATE_GOLDEN=1, look at the
// difference, say in the commit why, and raise the model's behaviour number.

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tools/catalogue.hpp"
#include "tools/failure.hpp"
#include "tools/judged_run.hpp"

namespace bdata = boost::unit_test::data;
using namespace gmpsim;

namespace {

constexpr std::uint64_t kSeeds = 3;

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const CatalogueEntry& e : catalogue()) out.emplace_back(e.name);
  return out;
}

std::string golden_path() { return std::string(GMPSIM_SOURCE_DIR) + "/tests/golden/catalogue-fingerprints.txt"; }

/// "scenario policy" -> the rest of its line.
using Lines = std::map<std::string, std::string>;

Lines read_golden() {
  Lines lines;
  std::ifstream file(golden_path());
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string scenario, policy, rest;
    words >> scenario >> policy >> std::ws;
    std::getline(words, rest);
    lines[scenario + " " + policy] = rest;
  }
  return lines;
}

/// What a command would say, kept for the message of a failed test.
struct Said {
  std::ostringstream text;
  Environment env;
  Context context{env, {}, {}, {}, 1, {}};
  Said() {
    env.out = &text;
    env.err = &text;
  }
};

LoadedScenario load(const std::string& name, Said& said, std::vector<Override> overrides = {}) {
  try {
    return load_scenario(find_scenario(name, said.env), std::move(overrides), {}, said.context);
  } catch (const Failure& f) {
    BOOST_FAIL(name << ": " << f.message << "\n" << said.text.str());
    throw;
  }
}

Lines& now() {
  static Lines lines;  // filled by the first suite, compared and written by the last test
  return lines;
}

const char* told(const Scenario& s, const std::string& policy, const std::string& check) {
  const char* general = nullptr;
  for (const Expectation& e : s.expect) {
    if (e.check != check || (e.policy != policy && e.policy != "*")) continue;
    const char* const verdict = e.verdict == Expected::pass ? "PASS" : e.verdict == Expected::fail ? "FAIL" : "";
    if (e.policy == policy) return verdict;
    general = verdict;
  }
  return general;
}

std::string list_of(const std::vector<Verdict>& verdicts) {
  std::string out;
  for (const Verdict& v : verdicts)
    out += std::string("  ") + name_of(v.outcome) + " " + v.name + "  " + v.sentence + "\n";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue_golden)

BOOST_DATA_TEST_CASE(teaches, bdata::make(names()), name) {
  Said said;
  const LoadedScenario loaded = load(name, said);
  const Scenario& s = *loaded.scenario;
  BOOST_TEST(said.text.str() == "", "reading says: " << said.text.str());
  BOOST_TEST(s.metadata.name == name);
  BOOST_TEST(!s.metadata.title.empty());
  BOOST_TEST(s.metadata.description.size() >= 100u, name << ": the description should say what to see");
  BOOST_TEST(!s.metadata.tags.empty());
  BOOST_TEST(!s.metadata.references.empty());
  BOOST_TEST((s.policies.size() >= 2 && s.policies.size() <= 4));
  BOOST_TEST(!s.checks.empty());
  for (const Policy& p : s.policies)
    for (const Check& c : s.checks)
      BOOST_TEST((told(s, p.name, c.name) != nullptr),
                 name << ": nothing is expected of " << c.name << " under " << p.name);
}

BOOST_DATA_TEST_CASE(verdicts_are_as_expected, bdata::make(names()), name) {
  Said said;
  const LoadedScenario loaded = load(name, said);
  for (const Policy& policy : loaded.scenario->policies) {
    const Plan plan = make_plan(loaded, policy.name, said.context);
    for (std::uint64_t i = 0; i < kSeeds; ++i) {
      const std::uint64_t seed = plan.key.seed + i;
      JudgedRun run(plan, seed);
      run.run();
      BOOST_TEST((!run.scenario_error().has_value()),
                 name << " " << policy.name << " seed " << seed << ": scenario error");
      for (const Verdict& v : run.verdicts()) {
        const char* const expected = told(*loaded.scenario, policy.name, v.name);
        const std::string want =
            expected != nullptr ? expected : "PASS";  // ours, such as "no panic": when nobody speaks of it
        if (want.empty()) continue;
        BOOST_TEST(want == name_of(v.outcome), name << " " << policy.name << " seed " << seed << ": " << v.name
                                                    << " should be " << want << "\n"
                                                    << list_of(run.verdicts()));
      }
      BOOST_TEST(run.checkpoints().records() < 10'000'000u, "a scenario of the catalogue runs within a second or two");
      if (i > 0) continue;
      const RunReport report = run.report();
      now()[name + " " + policy.name] = "seed=" + std::to_string(seed) + " events=" + std::to_string(report.events) +
                                        " fingerprint=" + report.fingerprint.hex();
    }
  }
}

// What the descriptions promise for a changed parameter: the cure cures, the bound is where it is said to be.
struct Cure {
  const char* scenario;
  const char* policy;
  std::vector<Override> sets;
  const char* check;
  Verdict::Outcome outcome;
};
std::ostream& operator<<(std::ostream& out, const Cure& c) { return out << c.scenario << " " << c.check; }

const std::vector<Cure> kCures{
    {"lock-order", "stock", {{"params.ordered", "1"}}, "no-circle", Verdict::Outcome::pass},
    {"lock-order", "stock", {{"params.ordered", "1"}}, "alive", Verdict::Outcome::pass},
    {"dining-philosophers", "stock", {{"params.left_handed", "1"}}, "alive", Verdict::Outcome::pass},
    {"lost-signal", "stock", {{"params.careful", "1"}}, "alive", Verdict::Outcome::pass},
    {"recursive-read-lock", "stock", {{"params.nested", "0"}}, "alive", Verdict::Outcome::pass},
    {"lost-update", "stock", {{"params.how", "1"}}, "ordered", Verdict::Outcome::pass},
    {"lost-update", "stock", {{"params.how", "1"}}, "all-counted", Verdict::Outcome::pass},
    {"lost-update", "stock", {{"params.how", "2"}}, "ordered", Verdict::Outcome::pass},
    {"lost-update", "stock", {{"params.how", "2"}}, "all-counted", Verdict::Outcome::pass},
    {"full-circle", "go1.26", {{"params.count", "23"}}, "alive", Verdict::Outcome::pass},
    {"yield-loop", "stock", {{"params.polite", "1"}}, "frugal", Verdict::Outcome::pass},
    {"app-level-overload", "new", {{"params.admission", "1"}}, "prompt", Verdict::Outcome::pass},
    {"fewer-cores-than-ps", "no-preemption", {{"params.procs", "2"}}, "heartbeat-runs", Verdict::Outcome::fail},
};

BOOST_DATA_TEST_CASE(cures_cure, bdata::make(kCures), cure) {
  Said said;
  const LoadedScenario loaded = load(cure.scenario, said, cure.sets);
  const Plan plan = make_plan(loaded, cure.policy, said.context);
  for (std::uint64_t i = 0; i < kSeeds; ++i) {
    JudgedRun run(plan, plan.key.seed + i);
    run.run();
    const auto v = std::find_if(run.verdicts().begin(), run.verdicts().end(),
                                [&](const Verdict& x) { return x.name == cure.check; });
    BOOST_TEST_REQUIRE((v != run.verdicts().end()));
    BOOST_TEST((v->outcome == cure.outcome), "seed " << plan.key.seed + i << "\n" << list_of(run.verdicts()));
  }
}

BOOST_AUTO_TEST_CASE(fingerprints_are_those_kept) {
  BOOST_TEST(now().size() >= 40u);
  if (std::getenv("GMPSIM_UPDATE_GOLDEN") != nullptr) {
    std::ofstream file(golden_path());
    file << "# Fingerprints of the catalogue. GMPSIM_UPDATE_GOLDEN=1 rewrites this file.\n";
    for (const auto& [key, rest] : now()) file << key << " " << rest << "\n";
    BOOST_TEST(file.good());
    return;
  }
  const Lines kept = read_golden();
  for (const auto& [key, rest] : now()) {
    const auto found = kept.find(key);
    BOOST_TEST((found != kept.end()), key << " has no fingerprint yet");
    if (found != kept.end())
      BOOST_TEST(found->second == rest, key << "\n  kept  " << found->second << "\n  now   " << rest);
  }
  for (const auto& [key, rest] : kept) BOOST_TEST(now().contains(key), key << " is no longer in the catalogue");
}

BOOST_AUTO_TEST_SUITE_END()
