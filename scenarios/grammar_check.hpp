#pragma once
// Holds a node against the grammar and reports all that does not fit: unknown and missing keys, types, units, words,
// bounds. Operations and what names refer to are left to others.

#include <string>

#include "scenarios/grammar.hpp"
#include "scenarios/json.hpp"

namespace gmpsim {

class Constants;

void check_grammar(const Node& node, const Type& type, std::string pointer, const Constants& constants, Diagnostics& out);

/// "did you mean" and "known here" for a key that nobody knows. `pointer` names the member.
[[nodiscard]] Diagnostic unknown_key(const Node::Member& member, const std::string& pointer, const std::vector<std::string>& known);

}  // namespace gmpsim
