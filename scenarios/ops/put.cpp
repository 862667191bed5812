// put: gives something to a sync.Pool, for whoever asks next, or for a collection to forget.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_put(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* pool = object<SyncPool>(r, i, ValueKind::pool, next);
  if (pool == nullptr) return next;
  Value v;
  if (!r.tuple({i->extra, i->count}, (i->flags & Instr::kList) != 0, v)) return nullptr;
  r.world.pool_put(r.g, *pool, payload_of(v));
  return i + 1;
}

void compile_put(OpCompiler& c) {
  Instr i = c.action(exec_put, Cost::pool);
  i.a = c.value("put");
  c.values_into(i, "value");
  c.emit(i);
}

}  // namespace

void register_ops_put(Registry_ops& r) {
  r.add(
      {.verb = {.key = "put", .form = OpForm::reference, .doc = "give something to a pool", .kinds = {ValueKind::pool}},
       .group = "sync",
       .parts = {{.key = "value", .form = OpForm::values, .doc = "what is given"}},
       .compile = compile_put});
}

}  // namespace gmpsim
