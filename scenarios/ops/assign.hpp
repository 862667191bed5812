#pragma once
// What let and set share: several right sides, then several stores.

#include "scenarios/ops/op.hpp"

namespace gmpsim {

/// Evaluates operands a.index …, then stores into targets extra …; `count` of each.
const Instr* exec_assign(Run& r, const Instr* i);
/// Reads {name: value, …} under `key` into `i`. With one name `b` and `to` are it. False: nothing to be emitted.
bool compile_assign(OpCompiler& c, std::string_view key, const OpPart& right, Instr& i, std::size_t& shared);

}  // namespace gmpsim
