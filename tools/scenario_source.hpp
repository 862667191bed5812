#pragma once
// From what stands on the command line to a compiled scenario: a path, "-" for stdin, or a name of the catalogue.
//
// A name without '/' and without ".json" is looked up in the catalogue first, so that a file that happens to lie around
// does not change what `gmpsim run tight-loop` means; ./tight-loop is always a file.

#include <memory>
#include <string>
#include <vector>

#include "scenarios/compile.hpp"
#include "scenarios/reader.hpp"
#include "tools/context.hpp"

namespace gmpsim {

struct ScenarioText {
  std::string name;  ///< as given: what a token refers to
  std::string file;  ///< for messages
  std::string text;
  bool from_catalogue = false;
};

/// Finds the text, or throws a Failure with what was probably meant.
[[nodiscard]] ScenarioText find_scenario(const std::string& name, Environment& env);

/// How `extends` finds its files: beside the scenario, or in the catalogue for those of the catalogue.
[[nodiscard]] ReadOptions read_options(const ScenarioText& source, std::vector<Override> overrides);

/// The overrides of `--set`; a malformed one is a usage error.
[[nodiscard]] std::vector<Override> overrides_of(const std::vector<std::string>& sets);

struct LoadedScenario {
  std::string name;  ///< what a token refers to
  std::vector<Override> overrides;
  std::shared_ptr<const Scenario> scenario;
  std::shared_ptr<const CompiledScenario> compiled;
};

/// Reads and compiles. What is wrong goes to stderr as diagnostics and ends in a Failure; warnings go there too.
/// `policies` are those that will be asked for: a preset may be named like a policy without being declared; a name
/// that is neither is a usage error.
[[nodiscard]] LoadedScenario load_scenario(const ScenarioText& source, std::vector<Override> overrides,
                                           const std::vector<std::string>& policies, Context& context);

}  // namespace gmpsim
