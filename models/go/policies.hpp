#pragma once
// The policies that there are, by kind; made once from the files of models/<kind>/ and constant from then on.

#include "models/netpoll/registry.hpp"
#include "models/preempt/registry.hpp"
#include "models/steal/registry.hpp"
#include "models/timers/registry.hpp"
#include "models/wake/registry.hpp"

namespace gmpsim {

[[nodiscard]] const Registry_steal& steal_policies();
[[nodiscard]] const Registry_preempt& preempt_policies();
[[nodiscard]] const Registry_timers& timer_policies();
[[nodiscard]] const Registry_wake& wake_policies();
[[nodiscard]] const Registry_netpoll& netpoll_policies();

}  // namespace gmpsim
