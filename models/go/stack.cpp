// Stacks (stack.go: newstack, copystack; 1.19 to 1.27): 2 KiB at first, twice the size when a call does not fit, the used
// part copied. They shrink when the collector scans them (gc_prepare_roots in gc.cpp).
//
// A stack of 2 KiB leaves 1120 bytes to its goroutine: the guard of 928 bytes stays free. Not modelled: the starting size
// adapts to the average since 1.19.

#include <algorithm>

#include "models/go/gc.hpp"
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

}  // namespace gmpsim
