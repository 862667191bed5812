#pragma once
// The tables that all programs of a scenario share while they are compiled. Private to compile.cpp and op_compiler.cpp.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/compile.hpp"
#include "scenarios/constants.hpp"

namespace gmpsim {

/// The tables that all programs share while they are compiled.
class ScenarioCompiler {
 public:
  ScenarioCompiler(std::shared_ptr<const Scenario> scenario, Diagnostics& out)
      : constants(scenario->params), diagnostics(out) {
    result.scenario = std::move(scenario);
    result.labels.emplace_back();  // 0: none
  }

  void run();

  [[nodiscard]] std::uint32_t label_number(std::string_view text);

  std::uint32_t add_place(const Node& node, const std::string& pointer, std::uint32_t begin, std::uint32_t end);

  CompiledScenario result;
  Constants constants;
  Diagnostics& diagnostics;
  std::map<std::string, Symbol, std::less<>> symbols;  // parameters and resources
  std::map<std::string, std::uint32_t, std::less<>> program_numbers;
  std::vector<bool> named;   // by declared resource: named somewhere
  std::vector<bool> copied;  // … in new()

 private:
  void lay_out_resources(const Scenario& s);

  void count_sites(const std::vector<std::vector<std::uint32_t>>& calls);

  void start_all(const Scenario& s);

  ListRef given(OpCompiler& c, const Program& callee, const std::vector<Argument>& args, const Place& place);

  void mark_templates(const Scenario& s);

  std::map<std::string, std::uint32_t, std::less<>> labels_;
};

/// What a distribution of the document draws.
[[nodiscard]] Sampler sampler_of(const Distribution& d);

// --- words for messages
[[nodiscard]] std::string listed(const std::vector<std::string>& words);

}  // namespace gmpsim
