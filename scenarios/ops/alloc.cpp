// alloc: memory on the heap. What is not kept is garbage at once; the collector finds out in its next cycle.
//
// With `escapes: false` it is a variable of the program's frame, as far as Go's compiler would leave it there: its size is
// known when it compiles and is at most 64 KiB (cmd/compile: ir.MaxImplicitStackVarSize of 1.19 and 1.26; more is "too
// large for stack"). Then it costs stack, from the beginning of the call to its end and once however often it is executed,
// and neither heap nor collector hear of it. Anything else escapes all the same.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

constexpr std::int64_t kMostOnStack = 64 * 1024;                // ir.MaxImplicitStackVarSize
constexpr std::int64_t kMostAllocated = std::int64_t{1} << 46;  // the address space of a process

const Instr* exec_alloc(Run& r, const Instr* i) {
  std::int64_t size = 0;
  std::int64_t keep = 0;
  if (!r.count(i->a, i, size) || !r.count(i->b, i, keep)) return nullptr;
  if (size > kMostAllocated) return r.fatal("runtime: out of memory");
  return r.after(r.world.alloc(r.g, size, std::min(keep, size)), i + 1);
}

// The frame has room for it; it is cleared.
const Instr* exec_on_stack(Run& r, const Instr* i) { return r.after(r.world.clear_on_stack(r.g, i->a.value), i + 1); }

void compile_alloc(OpCompiler& c) {
  Instr i = c.action(exec_alloc, Cost::alloc);
  i.a = c.value("alloc");
  const bool stays = c.has("escapes") && !c.flag("escapes");
  if (stays && !c.has("keep") && i.a.mode == Operand::Mode::constant && i.a.value >= 0 && i.a.value <= kMostOnStack) {
    Instr local = c.step(exec_on_stack);
    local.a = i.a;
    c.need_stack(i.a.value);
    c.emit(local);
    return;
  }
  i.b = c.has("keep") ? c.value("keep") : OpCompiler::constant(0);
  c.emit(i);
}

}  // namespace

void register_ops_alloc(Registry_ops& r) {
  r.add(
      {.verb = {.key = "alloc", .form = OpForm::size, .doc = "allocate so many bytes"},
       .group = "runtime",
       .parts =
           {{.key = "keep", .form = OpForm::size, .doc = "how many of them stay live until the goroutine ends"},
            {.key = "escapes",
             .form = OpForm::flag,
             .doc = "false: it is a variable of the frame, if Go would leave it there: a constant of at most 64 KiB of "
                    "which nothing is kept"}},
       .compile = compile_alloc});
}

}  // namespace gmpsim
