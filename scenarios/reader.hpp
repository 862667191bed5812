#pragma once
// From the text of a scenario to a typed Scenario, or to all that is wrong with it, told at once.
//
// The way: parse_json -> `extends` merged in -> overrides set -> parameters fixed and put in -> sections typed ->
// names checked against one another. The reader knows the whole grammar; what the model cannot run yet is read and
// checked like the rest and listed in Scenario::not_yet.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/overrides.hpp"
#include "scenarios/scenario.hpp"

namespace gmpsim {

struct ReadOptions {
  std::vector<Override> overrides;
  /// Text of the file that `extends` names, given the path relative to the extending file; nothing when there is none.
  /// Absent: `extends` is refused.
  std::function<std::optional<std::string>(const std::string& path)> load;
};

/// Reads a scenario. Errors and warnings go to `out`; nothing is returned when there was an error.
[[nodiscard]] std::optional<Scenario> read_scenario(std::string text, std::string file, const ReadOptions& options,
                                                    Diagnostics& out);

/// 64 bits over the canonical document without what cannot change a result (`$schema`, metadata, notes, `x-` keys).
[[nodiscard]] std::uint64_t scenario_hash(const Node& document);

}  // namespace gmpsim
