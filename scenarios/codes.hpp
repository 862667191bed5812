#pragma once
// What each code of a diagnostic means, for `gmpsim explain CODE`: what is wrong, why it is refused, what to write.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gmpsim {

/// The explanation of "E0107"; nothing when there is no such code.
[[nodiscard]] std::optional<std::string> explain_code(std::string_view code);

/// All codes, in order.
[[nodiscard]] std::vector<std::string> all_codes();

}  // namespace gmpsim
