// Go's structure since 1.23: a 4-ary heap per P whose entries carry a copy of the due time (time.go: timers, adjust,
// cleanHead). Stopping and resetting leave a flag and touch no heap; whoever next works on it puts things right.
// Until they are, a stopped timer's time still counts for `next`, as in Go.
//
// One difference: Go drops zombies beyond a quarter when the owner next looks (timers.check), here it happens in the stop
// that crosses the quarter.

#include <memory>

#include "models/timers/four_ary_heap.hpp"
#include "models/timers/registry.hpp"

namespace gmpsim {

void register_timers_heap(Registry_timers& r) {
  r.add({"heap", "a 4-ary heap per P (Go since 1.23)", {}, [](const PolicyValues&) -> std::unique_ptr<TimerStore> {
           return std::make_unique<LazyHeap>(LazyHeap::Rules::flags);
         }});
}

}  // namespace gmpsim
