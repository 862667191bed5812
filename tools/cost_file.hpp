#pragma once
// Cost files: what the steps of Go's scheduler cost on some machine, as `gmpsim calibrate` writes them and `--costs FILE`
// takes them.
//
//   { "apiVersion": "gmpsim/v1", "kind": "Costs", "go": "go1.26.8", "platform": "linux/amd64",
//     "measured": { "a yield between two goroutines": "61ns", … },     for people; ignored
//     "costs": { "gosched": "20ns", "kernel_sleep_permille": 4, … } }
//
// Costs that are missing keep their default; what a scenario sets itself under runtime.overrides stays. A cost file acts
// as if each of its lines were a --set, so that a token replays the run without the file. Rejected: a path in the token
// (the file may change).

#include <optional>
#include <string>
#include <vector>

#include "scenarios/overrides.hpp"
#include "scenarios/scenario.hpp"
#include "tools/scenario_source.hpp"

namespace gmpsim {

struct CostFile {
  std::string go;
  std::string platform;
  std::vector<std::pair<std::string, std::string>> costs;  ///< name, value as text: "20ns", "4"
};

/// Reads one. All that is wrong goes to `out`, and nothing is returned then.
[[nodiscard]] std::optional<CostFile> read_costs(std::string text, const std::string& file, Diagnostics& out);

/// What it changes in a scenario.
[[nodiscard]] std::vector<Override> overrides_of(const CostFile& costs, const Scenario& scenario);

/// A scenario with `--set` and, unless `file` is "", with the costs of a file. See load_scenario.
[[nodiscard]] LoadedScenario load_with_costs(const ScenarioText& source, const std::vector<std::string>& sets,
                                             const std::string& file, const std::vector<std::string>& policies,
                                             Context& context);

}  // namespace gmpsim
