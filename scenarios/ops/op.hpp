#pragma once
// What the files of operations share.

#include "scenarios/compile.hpp"
#include "scenarios/interpreter.hpp"
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

inline constexpr const char* kNilPointer = "runtime error: invalid memory address or nil pointer dereference";

/// The object that an operation works on. Null: go on with `next` (nil panics as a nil pointer does in Go).
template <class T>
[[nodiscard]] T* object(Run& r, const Instr* i, ValueKind kind, const Instr*& next) {
  T* found = nullptr;
  next = nullptr;
  if (r.reference(i->a, i, kind, found) && found == nullptr) next = r.panic(i, kNilPointer);
  return found;
}

/// The channel of a value: itself, or that of a timer, ticker or context. False: a scenario error has ended the run.
[[nodiscard]] inline bool channel(Run& r, Value v, const Instr* i, Chan*& out) {
  out = nullptr;
  if (v.kind == ValueKind::chan) [[likely]] {
    out = v.object<Chan>();
  } else if (v.kind == ValueKind::timer) {
    out = v.object<Timer>()->chan;
  } else if (v.kind == ValueKind::context) {
    out = r.world.context_done(*v.object<CancelCtx>());
  } else if (!v.is_nil()) {
    r.fail(i, std::string("a channel is needed here, not ") + name_of(v.kind));
    return false;
  }
  return true;
}

[[nodiscard]] inline Payload payload_of(Value v) { return {v.bits, static_cast<std::int64_t>(v.kind)}; }
[[nodiscard]] inline Value value_of(const Payload& p) { return {static_cast<ValueKind>(p.tag), p.bits}; }

/// Compiles a verb whose operand is a reference and which is one action.
template <const Instr* (*exec)(Run&, const Instr*), Cost cost>
void compile_on_object(OpCompiler& c) {
  Instr i = c.action(exec, cost);
  i.a = c.value(c.spec().verb.key);
  c.emit(i);
}

}  // namespace gmpsim
