#pragma once
// From nodes that fit the grammar to the fields of a Scenario. Never reports: what does not fit has been reported before,
// and leaves the default, so that what refers to it can still be checked.

#include "scenarios/constants.hpp"
#include "scenarios/scenario.hpp"

namespace gmpsim {

/// Fills every section of `scenario` from `scenario.document`; `scenario.params` must be there already.
void type_sections(Scenario& scenario, const Constants& constants);

}  // namespace gmpsim
