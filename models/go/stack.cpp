// Stacks (stack.go: newstack, copystack; 1.19 to 1.27): 2 KiB at first, twice the size when a call does not fit, the used
// part copied. They shrink when the collector scans them (gc_scan.cpp).
//
// A stack of 2 KiB leaves 1120 bytes to its goroutine: the guard of 928 bytes stays free. Since 1.19 a new goroutine begins
// with what the last collection found used on average (stack.start_adapts; gc_adapt_stacks in gc_scan.cpp).

#include <algorithm>

#include "models/go/gc.hpp"
#include "models/go/scaled.hpp"
#include "models/go/world.hpp"

namespace gmpsim {

namespace {
constexpr std::int64_t kStackGuardBytes = 928;
}

/// A call needs `used` bytes of stack in all. Doubles until they fit; what that costs follows.
Step World::stack_grow(G& g, std::int64_t used) {
  GMem& mem = memory_of(g);
  if (used + kStackGuardBytes <= mem.stack) return Step::done;
  Duration work = 0;
  std::int64_t copied = std::min(used, mem.stack);
  while (used + kStackGuardBytes > mem.stack) {
    work += cost(Cost::stack_grow) + copied * cost(Cost::stack_copy_kib) / 1024;
    if (gc_ != nullptr) gc_->stacks_extra += mem.stack;
    mem.stack *= 2;
    copied = std::min(used, mem.stack);
  }
  if (gc_ != nullptr)
    record(Kind::heap, 0, g.m->p, &g, g.m, static_cast<std::uint32_t>(heap_stacks() / 1024), gc_->live);
  return charge_after(g, work);
}

/// Its memory is there since the call began; what it costs is to clear it.
Step World::clear_on_stack(G& g, std::int64_t bytes) {
  return charge_after(g, scaled(bytes, cost(Cost::alloc_kib), 1024));
}

}  // namespace gmpsim
