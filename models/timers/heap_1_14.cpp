// Go's structure from 1.14 to 1.22: a 4-ary heap per P, timers with states (time.go: deltimer, modtimer, adjusttimers,
// cleantimers). A timer reset to a later time is moved when it reaches the head; one reset to an earlier time makes the
// next look scan the whole heap and put every modified timer in anew, one by one.

#include <memory>

#include "models/timers/four_ary_heap.hpp"
#include "models/timers/registry.hpp"

namespace gmpsim {

void register_timers_heap_1_14(Registry_timers& r) {
  r.add({"heap-1.14",
         "a 4-ary heap per P with timer states (Go 1.14 to 1.22)",
         {},
         [](const PolicyValues&) -> std::unique_ptr<TimerStore> {
           return std::make_unique<LazyHeap>(LazyHeap::Rules::states);
         }});
}

}  // namespace gmpsim
