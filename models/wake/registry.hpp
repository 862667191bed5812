#pragma once
// All wake policies by name; filled from the file names of this folder.

#include "models/policy/registry.hpp"
#include "models/policy/wake.hpp"

namespace gmpsim {

using Registry_wake = PolicyRegistry<WakePolicy>;
void register_all_wake(Registry_wake& r);

}  // namespace gmpsim
