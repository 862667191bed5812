#pragma once
// Products of sizes, times and ratios that must not overflow.

#include <cstdint>

namespace gmpsim {

/// v * by / of through 128 bits, held within +-2^60: sums of a few of these do not overflow.
[[nodiscard]] std::int64_t scaled(std::int64_t v, std::int64_t by, std::int64_t of);

}  // namespace gmpsim
