#pragma once
// The same results for programs: versioned JSON and CSV. Layout changes only with the version.

#include <string>

#include "analysis/compare.hpp"
#include "analysis/report_text.hpp"

namespace gmpsim {

inline constexpr const char* kApiVersion = "gmpsim/v1";

/// {"apiVersion": "gmpsim/v1", "kind": "Result", …}; times in ns as integers. Ends with a newline.
[[nodiscard]] std::string run_to_json(const RunReport& report);
/// One metric a line: scenario,policy,seed,metric,value,unit. With `heading` the first line names the columns.
[[nodiscard]] std::string run_to_csv(const RunReport& report, bool heading = true);
/// {"apiVersion": "gmpsim/v1", "kind": "Comparison", …}
[[nodiscard]] std::string comparison_to_json(const Comparison& comparison);
[[nodiscard]] std::string comparison_to_csv(const Comparison& comparison);

}  // namespace gmpsim
