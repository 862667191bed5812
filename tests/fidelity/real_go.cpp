#include "tests/fidelity/real_go.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {

namespace {

std::string go() {
  const char* const chosen = std::getenv("GMPSIM_GO");
  return chosen != nullptr ? chosen : "go";
}

}  // namespace

std::string answer(const std::string& command) {
  std::string out;
  FILE* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[4096];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  pclose(pipe);
  return out;
}

/// Of "go version go1.26.8 linux/amd64".
std::string preset_of_go() {
  std::istringstream words(answer(go() + " version"));
  std::string word;
  for (int i = 0; i < 3; ++i) words >> word;
  const std::size_t dot = word.find('.');
  return dot == std::string::npos ? "" : word.substr(0, word.find('.', dot + 1));
}

std::vector<std::string> not_compared(const std::set<std::string>& compared) {
  std::vector<std::string> out;
  for (const auto& file : std::filesystem::directory_iterator(GMPSIM_SOURCE_DIR "/scenarios/catalogue")) {
    const std::string name = file.path().stem().string();
    if (file.path().extension() != ".json" || compared.count(name) > 0) continue;
    if (!contains(gmpsim_says({"export", name, "--to", "go"}).err, "E0910")) out.push_back(name);
  }
  return out;
}

Counterpart::Counterpart(const std::string& name, const std::string& procs) : scenario_(name) {
  if (name.ends_with("-verb") || name.ends_with("-verbs"))
    scenario_ = GMPSIM_SOURCE_DIR "/tests/data/scenarios/" + name + ".json";
  chosen_ = {"--set", "/runtime/gomaxprocs=" + procs, "--policy", preset_of_go()};
  std::vector<std::string> exporting{"export", scenario_, "--to", "go"};
  exporting.insert(exporting.end(), chosen_.begin(), chosen_.end());
  const Said program = gmpsim_says(exporting);
  if (program.code != 0) {
    refused = program.err;
    return;
  }
  const std::filesystem::path path = std::filesystem::path(GMPSIM_BINARY_DIR) / "go_export" / (name + procs);
  std::filesystem::create_directories(path);
  folder = path.string();
  std::ofstream(path / "main.go") << program.out;
  binary = (path / "run").string();
  built = std::system(("cd " + folder + " && " + go() + " build -o run main.go").c_str()) == 0;
}

std::string Counterpart::model(int seed) const {
  std::vector<std::string> running{"run", scenario_, "--format", "log"};
  if (seed != 0) running.insert(running.end(), {"--seed", std::to_string(seed)});
  running.insert(running.end(), chosen_.begin(), chosen_.end());
  return gmpsim_says(running).out;
}

std::string Counterpart::real(int seed, const std::string& with) const {
  return answer((seed != 0 ? "GMPSIM_SEED=" + std::to_string(seed) + " " : "") + with + " " + binary);
}

}  // namespace gmpsim
