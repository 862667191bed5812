#pragma once
// The JSON Schema (draft-07) of scenarios, for editors: completion, hover texts, squiggles.
//
// It is made from the same tables that the reader checks with (grammar.hpp, and the entry beside each operation), so it
// cannot promise a key that the reader refuses. It says less than the reader: what names refer to, bounds of parameters
// and the meaning of expressions are beyond it. The tool itself never validates by schema (its messages would be noise).

#include <string>

namespace gmpsim {

/// The schema as text, the same at every call.
[[nodiscard]] std::string scenario_schema();

}  // namespace gmpsim
