#pragma once
// Times on the command line, as the format writes them. In a file of its own because the units of the language and
// those of the metrics have the same name.

#include <optional>
#include <string_view>

#include "sim/time.hpp"

namespace gmpsim {

/// "250us" in ns; nothing when it is no time.
[[nodiscard]] std::optional<Duration> time_of(std::string_view text);

}  // namespace gmpsim
