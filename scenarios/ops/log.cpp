// log: values under a label, in the order of all logs of the run; costs nothing. A reference shows as its object.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

constexpr std::uint16_t kReference = 0x8000;  // flag beside the number of elements: the value is an object's number

const Instr* exec_log(Run& r, const Instr* i) {
  const Operand* const values = r.in.code->operands.data() + i->a.index;
  for (std::uint32_t n = 0; n < i->count; ++n) {
    Value v;
    if (!r.value(values[n], v)) return nullptr;
    std::uint16_t elements = i->count;
    if (!v.is_integer()) {
      elements |= kReference;
      v = Value{r.in.object_of(v)};
    }
    r.world.report(r.g, Kind::log, i->extra, v.bits, static_cast<std::uint8_t>(n), elements);
  }
  if (i->count == 0) r.world.report(r.g, Kind::log, i->extra, 0, 0, 0);
  return i + 1;
}

void compile_log(OpCompiler& c) {
  Instr i = c.instr(exec_log);
  i.extra = c.label("log");
  bool is_list = false;
  const ListRef values = c.values("value", is_list);
  if (values.count > 255) c.problem(c.op(), "E0506", "a log has at most 255 values");
  i.a = {Operand::Mode::none, values.first, 0};
  i.count = static_cast<std::uint16_t>(values.count);
  c.emit(i);
}

}  // namespace

void register_ops_log(Registry_ops& r) {
  r.add({.verb = {.key = "log", .form = OpForm::label, .doc = "label"},
         .group = "measuring",
         .parts = {{.key = "value", .form = OpForm::values, .doc = "what is logged"}},
         .compile = compile_log});
}

}  // namespace gmpsim
