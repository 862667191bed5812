// context: context.WithCancel, or WithTimeout when it has a `timeout`. It ends by `cancel`, by its timeout or with its
// parent.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_context(Run& r, const Instr* i) {
  if (!r.in.memory_left()) return nullptr;
  CancelCtx* parent = nullptr;
  if (!r.reference(i->a, i, ValueKind::context, parent)) return nullptr;
  std::int64_t timeout = kNever;
  if (i->b.present() && !r.integer(i->b, i, timeout)) return nullptr;
  CancelCtx* made = nullptr;
  const Step step = r.world.context_new(r.g, parent, timeout, made);
  if (!r.store(i->to, Value::reference(ValueKind::context, made))) return nullptr;
  return r.after(step, i + 1);
}

void compile_context(OpCompiler& c) {
  Instr i = c.action(exec_context, Cost::context);
  i.a = c.value("context");
  if (c.has("timeout")) i.b = c.value("timeout");
  i.to = c.name("as");
  c.emit(i);
}

}  // namespace

void register_ops_context(Registry_ops& r) {
  r.add({.verb = {.key = "context",
                  .form = OpForm::reference,
                  .doc = "make a context under this parent; nil is Background",
                  .kinds = {ValueKind::context}},
         .group = "context",
         .parts = {{.key = "as", .form = OpForm::name, .doc = "becomes the context", .required = true},
                   {.key = "timeout", .form = OpForm::time, .doc = "it ends by itself after so long"}},
         .compile = compile_context});
}

}  // namespace gmpsim
