// Go's structure until 1.9: one 4-ary heap with one lock for the whole process (time.go: timers, timerproc). A goroutine,
// timerproc, runs what is due and sleeps in a system call until the next; so timers wait for a P like anybody else, and
// every Ps' timers wait for one lock.

#include <memory>

#include "models/timers/four_ary_heap.hpp"
#include "models/timers/registry.hpp"

namespace gmpsim {

namespace {
class OneHeap final : public ExactHeap {
 public:
  [[nodiscard]] TimerPlan plan() const override { return {1, true}; }
};
}  // namespace

void register_timers_one_heap(Registry_timers& r) {
  r.add({"one-heap",
         "one heap, one lock, a goroutine that runs what is due (Go until 1.9)",
         {},
         [](const PolicyValues&) -> std::unique_ptr<TimerStore> { return std::make_unique<OneHeap>(); }});
}

}  // namespace gmpsim
