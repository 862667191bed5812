#pragma once
// Where a goroutine of a scenario is: the calls it is in and the place of each in the document, for dumps.

#include <cstddef>
#include <string>
#include <vector>

#include "models/go/g.hpp"
#include "scenarios/program.hpp"

namespace gmpsim {

/// One call of a program; the innermost comes first.
struct StackFrame {
  std::string program;
  std::string file;
  std::size_t line = 0;  ///< of the operation that it is at, or that called the next inner one
};

/// The calls that `g` is in. Empty when it is no goroutine of a scenario, or has ended.
[[nodiscard]] std::vector<StackFrame> stack_of(const CompiledScenario& code, const G& g);

}  // namespace gmpsim
