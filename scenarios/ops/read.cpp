// read: a plain load of a shared variable: not atomic, seen by the race check.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_read(Run& r, const Instr* i) {
  Value v;
  if (!r.load({static_cast<Target::Mode>(i->count), i->extra}, v) || !r.store(i->to, v)) return nullptr;
  return i + 1;
}

void compile_read(OpCompiler& c) {
  Instr i = c.step(exec_read);
  const Target from = c.shared("read");
  i.count = static_cast<std::uint16_t>(from.mode);
  i.extra = from.index;
  i.to = c.name("as");
  c.emit(i);
}

}  // namespace

void register_ops_read(Registry_ops& r) {
  r.add({.verb = {.key = "read", .form = OpForm::name, .doc = "a shared variable"},
         .group = "data",
         .parts = {{.key = "as", .form = OpForm::name, .doc = "becomes its value"}},
         .compile = compile_read});
}

}  // namespace gmpsim
