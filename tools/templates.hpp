#pragma once
// The scenarios that `gmpsim init` starts from: small, complete, each with one idea.

#include <span>
#include <string_view>

namespace gmpsim {

struct ScenarioTemplate {
  std::string_view name;
  std::string_view what;  ///< one line
  std::string_view text;  ///< with @NAME@ where the scenario's name belongs
};

[[nodiscard]] std::span<const ScenarioTemplate> scenario_templates();

}  // namespace gmpsim
