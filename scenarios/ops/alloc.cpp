// alloc: memory on the heap. What is not kept is garbage at once; the collector finds out in its next cycle.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

constexpr std::int64_t kMostAllocated = std::int64_t{1} << 46;  // the address space of a process

const Instr* exec_alloc(Run& r, const Instr* i) {
  std::int64_t size = 0;
  std::int64_t keep = 0;
  if (!r.count(i->a, i, size) || !r.count(i->b, i, keep)) return nullptr;
  if (size > kMostAllocated) return r.fatal("runtime: out of memory");
  return r.after(r.world.alloc(r.g, size, std::min(keep, size)), i + 1);
}

void compile_alloc(OpCompiler& c) {
  Instr i = c.action(exec_alloc, Cost::alloc);
  i.a = c.value("alloc");
  i.b = c.has("keep") ? c.value("keep") : OpCompiler::constant(0);
  c.emit(i);
}

}  // namespace

void register_ops_alloc(Registry_ops& r) {
  r.add({.verb = {.key = "alloc", .form = OpForm::size, .doc = "allocate so many bytes"},
         .group = "runtime",
         .parts = {{.key = "keep", .form = OpForm::size, .doc = "how many of them stay live until the goroutine ends"}},
         .compile = compile_alloc});
}

}  // namespace gmpsim
