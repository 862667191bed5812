#pragma once
// What results are known by.

#include <cstdint>

namespace gmpsim {

/// Raised whenever a fingerprint changes on purpose, so that results of before are recognised as old instead of broken.
inline constexpr std::uint32_t kModelBehaviour = 2;

[[nodiscard]] const char* version();  ///< "0.1.0"

}  // namespace gmpsim
