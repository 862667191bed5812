#pragma once
// The smallest pieces of the machine formats that the tools write themselves.

#include <string>
#include <string_view>
#include <vector>

#include "analysis/table.hpp"

namespace gmpsim {

/// A JSON string with its quotes. Broken UTF-8 becomes U+FFFD, so that what we write can always be read.
[[nodiscard]] std::string json_text(std::string_view text);
/// A CSV cell as RFC 4180 has it.
[[nodiscard]] std::string csv_cell(std::string_view text);
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells);

/// Columns for people, aligned; the last one is wrapped to the width of the terminal.
[[nodiscard]] std::string columns_text(const std::vector<std::string>& heading,
                                       const std::vector<std::vector<std::string>>& rows, const TextStyle& style);

/// "1 error", "3 errors".
[[nodiscard]] std::string counted(std::size_t n, std::string_view noun);

}  // namespace gmpsim
