// What people see: each screen is a file in golden/screens, beside the command line that makes it.
//
// GMPSIM_UPDATE_GOLDEN=1 writes the files anew; review the difference like code, and say in the commit why it moved.
// Invariant: a screen depends on its command line alone (no terminal, no width, no clock).

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <ostream>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

struct Screen {
  const char* name;
  std::vector<std::string> arguments;
};

std::ostream& operator<<(std::ostream& out, const Screen& s) { return out << s.name; }

const std::vector<Screen> kScreens{
    {"help", {"--help"}},
    {"help_run", {"run", "-h"}},
    {"help_compare_all", {"compare", "--help"}},
    {"run_worker_pool", {"run", "worker-pool"}},
    {"run_replications", {"run", "worker-pool", "--replications", "5"}},
    {"run_ascii", {"run", "worker-pool", "--ascii"}},
    {"compare_uneven_fan_out", {"compare", "uneven-fan-out", "-n", "5"}},
    {"list_presets", {"list", "presets"}},
    {"list_policies", {"list", "policies"}},
    {"list_checks", {"list", "checks"}},
    {"explain_runnext", {"explain", "runnext"}},
    {"explain_bounded_wait", {"explain", "bounded_wait"}},
    {"diff_presets", {"diff-presets", "go1.19", "go1.26"}},
    {"unknown_command", {"comprae", "tight-loop"}},
    {"unknown_scenario", {"run", "tight-lop"}},
};

/// Everything that was said, with the command line on top and the exit code below.
std::string shown(const Screen& s) {
  std::string text = "$ gmpsim";
  for (const std::string& a : s.arguments) text += " " + a;
  const Said said = gmpsim_says(s.arguments);
  text += "\n" + said.out;
  if (!said.err.empty()) text += "--- stderr\n" + said.err;
  return text + "--- exit " + std::to_string(said.code) + "\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(screens)

BOOST_DATA_TEST_CASE(are_as_they_were, boost::unit_test::data::make(kScreens), screen) {
  const std::string path = std::string(GMPSIM_SOURCE_DIR) + "/tests/golden/screens/" + screen.name + ".txt";
  const std::string now = shown(screen);
  const char* const update = std::getenv("GMPSIM_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") std::ofstream(path, std::ios::binary) << now;
  std::ifstream file(path, std::ios::binary);
  BOOST_TEST_REQUIRE(file.good(), "there is no " << path << "; GMPSIM_UPDATE_GOLDEN=1 writes it");
  const std::string before{std::istreambuf_iterator<char>(file), {}};
  BOOST_TEST(before == now, "the screen has changed; GMPSIM_UPDATE_GOLDEN=1 accepts it. Now:\n" << now);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
