// return: ends the running call (in a deferred block: that block) with a value.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_return(Run& r, const Instr* i) {
  Value v;
  if (!r.tuple({i->extra, i->count}, (i->flags & Instr::kList) != 0, v)) return nullptr;
  return r.leave(Leaving::returns, v, 0);
}

// With constructs to be left between the evaluation and the end of the call: the value waits in a hidden variable.
const Instr* exec_return_value(Run& r, const Instr* i) {
  Value v;
  if (!r.tuple({i->extra, i->count}, (i->flags & Instr::kList) != 0, v)) return nullptr;
  if (i->to.present())
    r.slots()[i->to.index] = v;
  else
    r.discard(v);
  return i + 1;
}

const Instr* exec_return_kept(Run& r, const Instr* i) {
  const Value v = r.slots()[i->to.index];
  r.slots()[i->to.index] = {};
  return r.leave(Leaving::returns, v, 0);
}

void compile_return(OpCompiler& c) {
  const bool is_true = c.op().find("return")->is(Node::Type::boolean) && c.op().find("return")->boolean;
  const bool direct = !c.deferred() && !c.must_clean_up();
  Instr i = c.step(direct ? exec_return : exec_return_value);
  if (!is_true) c.values_into(i, "return");
  if (direct) {
    c.emit(i);
    return;
  }
  if (!c.deferred()) i.to = c.hidden();
  c.emit(i);
  c.leave_all();
  if (c.deferred()) {
    c.emit(c.end_of_deferred());
  } else {
    Instr kept = c.instr(exec_return_kept);
    kept.to = i.to;
    c.emit(kept);
  }
}

}  // namespace

void register_ops_return(Registry_ops& r) {
  r.add({.verb = {.key = "return", .form = OpForm::values, .doc = "end the call with this value (true: without one)"},
         .group = "goroutines",
         .parts = {},
         .compile = compile_return});
}

}  // namespace gmpsim
