// What `gmpsim export --to go` writes: the part that depends on the scenario is a file in golden/go, so that a change of
// the translation is seen and reviewed. GMPSIM_UPDATE_GOLDEN=1 writes it anew.

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

// Behind this line stands the support, which is Go source in tools/go_export/support.
constexpr const char* kSupport = "// What follows is the same in every exported program";

struct Exported {
  const char* name;
  std::string scenario;
};
std::ostream& operator<<(std::ostream& out, const Exported& e) { return out << e.name; }

const std::vector<Exported> kExported{
    {"worker-pool", "worker-pool"},
    {"every-verb", GMPSIM_SOURCE_DIR "/tests/data/scenarios/every-verb.json"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(go_export)

BOOST_DATA_TEST_CASE(a_scenario_becomes_this_program, boost::unit_test::data::make(kExported), exported) {
  const Said said = gmpsim_says({"export", exported.scenario, "--to", "go"});
  BOOST_TEST(said.code == 0, said.err);
  std::string now = said.out.substr(0, said.out.find(kSupport));
  const std::size_t made = now.find("// Made by:");  // has the path
  now.erase(made, now.find('\n', made) + 1 - made);
  const std::string path = std::string(GMPSIM_SOURCE_DIR) + "/tests/golden/go/" + exported.name + ".go.txt";
  const char* const update = std::getenv("GMPSIM_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") std::ofstream(path, std::ios::binary) << now;
  std::ifstream file(path, std::ios::binary);
  BOOST_TEST_REQUIRE(file.good(), "there is no " << path << "; GMPSIM_UPDATE_GOLDEN=1 writes it");
  const std::string before{std::istreambuf_iterator<char>(file), {}};
  BOOST_TEST(before == now, "the program has changed; GMPSIM_UPDATE_GOLDEN=1 accepts it. Now:\n" << now);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
