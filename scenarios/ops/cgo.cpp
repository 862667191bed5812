// cgo: a C call that blocks for so long. A library serves a limited number of calls; the others wait inside C.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_cgo(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d)) return nullptr;
  CLibrary* library = nullptr;
  if (!r.reference(i->b, i, ValueKind::library, library)) return nullptr;
  r.world.cgo(r.g, std::clamp<std::int64_t>(d, 0, kNever - 1 - r.world.now()), library);
  return r.wait(i + 1);
}

void compile_cgo(OpCompiler& c) {
  Instr i = c.instr(exec_cgo);
  i.flags = Instr::kSafePoint;
  i.a = c.value("cgo");
  if (c.has("on")) i.b = c.value("on");
  c.emit(i);
}

}  // namespace

void register_ops_cgo(Registry_ops& r) {
  r.add({.verb = {.key = "cgo", .form = OpForm::time, .doc = "a C call that blocks for so long"},
         .group = "outside",
         .parts = {{.key = "on",
                    .form = OpForm::reference,
                    .doc = "the library, which serves a limited number of calls",
                    .kinds = {ValueKind::library}}},
         .compile = compile_cgo});
}

}  // namespace gmpsim
