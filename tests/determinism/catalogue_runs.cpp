#include "tests/determinism/catalogue_runs.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "scenarios/compile.hpp"
#include "scenarios/reader.hpp"

namespace gmpsim {

namespace fs = std::filesystem;

namespace {

std::optional<std::string> text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<const CompiledScenario> read_and_compile(const fs::path& path) {
  ReadOptions options;
  options.load = [&](const std::string& name) { return text_of(path.parent_path() / name); };
  Diagnostics problems;
  std::optional<Scenario> scenario =
      read_scenario(text_of(path).value_or(""), path.filename().string(), options, problems);
  std::shared_ptr<const CompiledScenario> code;
  if (scenario) code = compile(std::make_shared<const Scenario>(std::move(*scenario)), problems);
  if (!code) throw std::runtime_error(problems.render(false));
  return code;
}

}  // namespace

std::vector<CatalogueRun> catalogue_runs() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(GMPSIM_SOURCE_DIR) / "scenarios" / "catalogue"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());

  std::vector<CatalogueRun> runs;
  for (const fs::path& path : files) {
    const std::shared_ptr<const CompiledScenario> code = read_and_compile(path);
    for (const Policy& policy : code->scenario->policies) {
      Diagnostics problems;
      const std::optional<WorldPlan> plan = plan_world(code, policy.name, problems);
      if (!plan) throw std::runtime_error(problems.render(false));
      for (const std::uint64_t seed : {1, 2}) runs.push_back({path.stem().string(), policy.name, seed, *plan});
    }
  }
  return runs;
}

std::string result_of(const CatalogueRun& run) {
  SeededChooser chooser(run.seed);
  Simulation simulation(run.plan, chooser, run.seed);
  const Outcome& outcome = simulation.run();
  Recorder& recorder = simulation.world().recorder();
  return run.scenario + " " + run.policy + " seed=" + std::to_string(run.seed) +
         " end=" + std::to_string(static_cast<int>(outcome.end)) + " at=" + std::to_string(outcome.at) +
         " events=" + std::to_string(outcome.events) + " transitions=" + std::to_string(recorder.count()) +
         " fingerprint=" + recorder.fingerprint().hex();
}

}  // namespace gmpsim
