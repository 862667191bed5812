// get: takes something from a sync.Pool. New is the program's to write: `ok` says whether there was something.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_get(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* pool = object<SyncPool>(r, i, ValueKind::pool, next);
  if (pool == nullptr) return next;
  Payload got;
  const bool ok = r.world.pool_get(r.g, *pool, got);
  const Value v = ok ? value_of(got) : Value{0};
  if (!r.store_all(i, {i->extra, i->count}, (i->flags & Instr::kList) != 0, v, !ok)) return nullptr;
  if (!r.store(i->to, Value{static_cast<std::int64_t>(ok)})) return nullptr;
  return i + 1;
}

void compile_get(OpCompiler& c) {
  Instr i = c.action(exec_get, Cost::pool);
  i.a = c.value("get");
  c.names_into(i, "as");
  i.to = c.name("ok");
  c.emit(i);
}

}  // namespace

void register_ops_get(Registry_ops& r) {
  r.add({.verb =
             {.key = "get", .form = OpForm::reference, .doc = "take something from a pool", .kinds = {ValueKind::pool}},
         .group = "sync",
         .parts = {{.key = "as", .form = OpForm::names, .doc = "becomes it; 0 when the pool has nothing"},
                   {.key = "ok", .form = OpForm::name, .doc = "becomes 0 when the pool has nothing, else 1"}},
         .compile = compile_get});
}

}  // namespace gmpsim
