#pragma once
// All designs of network polling by name; filled from the file names of this folder.

#include "models/policy/netpoll.hpp"
#include "models/policy/registry.hpp"

namespace gmpsim {

using Registry_netpoll = PolicyRegistry<PollPolicy>;
void register_all_netpoll(Registry_netpoll& r);

}  // namespace gmpsim
