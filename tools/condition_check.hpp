#pragma once
// Conditions (`require`, `never`) are read with the scenario, so that a mistake in one is told with all others, at its
// line and column, before anything runs.
//
// Their grammar lives in analysis/, which the reader of scenarios must not see; the commands see both.

#include "scenarios/diagnostics.hpp"
#include "scenarios/scenario.hpp"

namespace gmpsim {

/// Adds what is wrong with the conditions of `s`.
void check_conditions(const Scenario& s, Diagnostics& out);

}  // namespace gmpsim
