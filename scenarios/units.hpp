#pragma once
// Quantities as the format writes them: "250us", "1.5ms", "64MiB", "9000/s", "40%". Exact: a decimal is digits and a power
// of ten, never a double, so "0.1ms" is 100 000 ns and "0.5ns" is an error.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/time.hpp"

namespace gmpsim {

enum class Unit : std::uint8_t { none, time, size, rate, percent };

struct Quantity {
  Unit unit = Unit::none;
  std::int64_t value = 0;  ///< none: the number; time: ns; size: bytes; rate: events; percent: parts per million
  Duration per = 0;        ///< rate: the events happen once in this many ns
};

enum class QuantityProblem : std::uint8_t {
  none,
  not_a_number,  ///< does not begin with a digit
  unknown_unit,
  not_whole,  ///< less than one ns, one byte, one part per million
  too_large,
};

struct QuantityResult {
  Quantity quantity;
  QuantityProblem problem = QuantityProblem::none;
  std::size_t length = 0;  ///< how much of the text is the quantity (or what was taken for one)
  [[nodiscard]] explicit operator bool() const { return problem == QuantityProblem::none; }
};

/// The quantity at the beginning of `text`; `length` says where it ends.
[[nodiscard]] QuantityResult scan_quantity(std::string_view text);

/// `text` as one quantity and nothing else.
[[nodiscard]] QuantityResult parse_quantity(std::string_view text);

/// A decimal without unit ("0.9", "1e-3", "99.9") in units of 10^-`digits`: with 6, parts per million. Nothing when it is
/// no decimal, finer than that, or too large.
[[nodiscard]] std::optional<std::int64_t> parse_scaled(std::string_view text, int digits);

/// The other way: "250us", "1.5ms", "0ns". The largest unit that gives a short exact decimal.
[[nodiscard]] std::string time_text(Duration d);

/// The units of a kind, for messages: "ns, us, ms, s".
[[nodiscard]] std::string_view units_of(Unit unit);

}  // namespace gmpsim
