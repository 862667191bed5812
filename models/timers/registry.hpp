#pragma once
// All timers policies by name; filled from the file names of this folder.

#include "models/policy/registry.hpp"
#include "models/policy/timers.hpp"

namespace gmpsim {

using Registry_timers = PolicyRegistry<TimerStore>;
void register_all_timers(Registry_timers& r);

}  // namespace gmpsim
