#pragma once
// All preempt policies by name; filled from the file names of this folder.

#include "models/policy/preempt.hpp"
#include "models/policy/registry.hpp"

namespace gmpsim {

using Registry_preempt = PolicyRegistry<PreemptPolicy>;
void register_all_preempt(Registry_preempt& r);

}  // namespace gmpsim
