// Go's structure from 1.10 to 1.13: 64 heaps, each with its lock and its goroutine timerproc; a timer goes into that of
// the P number modulo 64 (time.go: timersLen, assignBucket). Less contention than one heap, more goroutines to wake.

#include <memory>

#include "models/timers/four_ary_heap.hpp"
#include "models/timers/registry.hpp"

namespace gmpsim {

namespace {
class Heaps64 final : public ExactHeap {
 public:
  [[nodiscard]] TimerPlan plan() const override { return {64, true}; }
};
}  // namespace

void register_timers_heaps_64(Registry_timers& r) {
  r.add({"heaps-64",
         "64 heaps by P number, each with a lock and a goroutine that runs what is due (Go 1.10 to 1.13)",
         {},
         [](const PolicyValues&) -> std::unique_ptr<TimerStore> { return std::make_unique<Heaps64>(); }});
}

}  // namespace gmpsim
