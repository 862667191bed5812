#pragma once
// Parameters: fixed from `params`, then put where `{"param": name}` stands.

#include <string>
#include <vector>

#include "scenarios/json.hpp"
#include "scenarios/scenario.hpp"

namespace gmpsim {

/// Reads the values of `params` (their `default`, which --set may have changed) and holds them against their bounds.
/// Places point into `document`.
[[nodiscard]] std::vector<Param> fix_parameters(const Node& document, Diagnostics& out);

/// Replaces every `{"param": name}` outside `params`, `metadata` and `sweep` by the value, at the place of the use.
void put_parameters(Node& document, Diagnostics& out);

}  // namespace gmpsim
