#pragma once
// One clock: integer nanoseconds since the start of the run. Nothing in sim/ or models/ knows another.

#include <cstdint>
#include <limits>

namespace gmpsim {

using Time = std::int64_t;      ///< [ns] since the start of the run; about 292 years
using Duration = std::int64_t;  ///< [ns]

inline constexpr Time kNever = std::numeric_limits<Time>::max();

constexpr Duration ns(std::int64_t v) { return v; }
constexpr Duration us(std::int64_t v) { return v * 1'000; }
constexpr Duration ms(std::int64_t v) { return v * 1'000'000; }
constexpr Duration seconds(std::int64_t v) { return v * 1'000'000'000; }

/// `at + d`, or kNever when that is beyond the end of time. `d` >= 0.
constexpr Time later(Time at, Duration d) { return d >= kNever - at ? kNever : at + d; }

}  // namespace gmpsim
