#pragma once
// What names refer to: programs, resources, marks, checks, policies, paths. Also clashes of names, and warnings about what
// is probably not meant. Operations are checked where they are compiled; here only the names in them are collected.

#include "scenarios/constants.hpp"
#include "scenarios/scenario.hpp"

namespace gmpsim {

/// Words of the language, which name nothing of a scenario.
[[nodiscard]] bool is_reserved_name(std::string_view name);

void check_references(const Scenario& scenario, const Constants& constants, Diagnostics& out);

}  // namespace gmpsim
