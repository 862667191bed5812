#pragma once
// All steal policies by name; filled from the file names of this folder.

#include "models/policy/registry.hpp"
#include "models/policy/steal.hpp"

namespace gmpsim {

using Registry_steal = PolicyRegistry<StealPolicy>;
void register_all_steal(Registry_steal& r);

}  // namespace gmpsim
