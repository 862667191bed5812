#pragma once
// What the model of today knows: versions of Go, policies, switches, constants. And what of the language it cannot run yet:
// such a scenario is read and checked like any other, listed in Scenario::not_yet, and refused when it has to run.

#include <string>
#include <vector>

#include "scenarios/constants.hpp"
#include "scenarios/scenario.hpp"

namespace gmpsim {

/// Profiles, policies, switches and constants must exist, and their values make sense.
void check_vocabulary(const Scenario& scenario, const Constants& constants, Diagnostics& out);

/// Lists what is valid but does not run yet, in the scenario and in each policy (the compiler of programs does the same
/// for operations).
void collect_not_yet(Scenario& scenario);

/// A setting as (name, text) pairs: {"min": "20us", "max": "10ms"} under `sysmon` is sysmon_min and sysmon_max. This is
/// how settings reach the switches and constants of the model.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> flatten(const Setting& setting);

}  // namespace gmpsim
