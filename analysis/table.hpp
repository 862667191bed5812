#pragma once
// Text for terminals: aligned tables, times and counts as people read them, sparklines, PASS and FAIL.
// Meaning never hangs on colour, and everything has an ASCII form.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/metrics.hpp"
#include "sim/time.hpp"

namespace gmpsim {

struct TextStyle {
  bool color = false;
  bool ascii = false;  ///< no UTF-8: sparklines from ".:-=+*#@", groups of digits by a plain space
  int width = 100;     ///< columns to keep to where that is possible
};

/// "703us", "1.9ms", "14.1ms", "2.2s": at most one decimal below 100, for reading at a glance.
[[nodiscard]] std::string short_time(double nanoseconds);
/// Three significant digits: "703us", "5.20ms", "1.00s".
[[nodiscard]] std::string exact_time(double nanoseconds);
/// Instants: three decimals of the unit, "1.204s", "41.203ms".
[[nodiscard]] std::string instant(Time at);
/// "17 964": groups of three digits.
[[nodiscard]] std::string grouped(std::int64_t value, const TextStyle& style);
/// "65.1%"
[[nodiscard]] std::string percent(double share);
/// A number without unit: 4 significant digits, no exponent where avoidable.
[[nodiscard]] std::string plain_number(double value);
/// By unit: times by exact_time, shares by percent, …
[[nodiscard]] std::string told(double value, MetricUnit unit, const TextStyle& style);

/// One character a value, from the lowest block (0) to the highest (`top`; 0: the largest value).
[[nodiscard]] std::string sparkline(const std::vector<double>& values, double top, const TextStyle& style);

/// Columns that a terminal uses for `text` (UTF-8; every character counts one, escape sequences none).
[[nodiscard]] std::size_t display_width(std::string_view text);
/// Untrusted names: control characters and broken UTF-8 become '?'.
[[nodiscard]] std::string printable(std::string_view text);

enum class Paint : std::uint8_t { plain, good, bad, warn, faint, strong };
[[nodiscard]] std::string painted(std::string_view text, Paint paint, const TextStyle& style);

class Table {
 public:
  enum class Align : std::uint8_t { left, right };
  /// A heading row decides the number of columns and their alignment.
  Table(std::vector<std::string> heading, std::vector<Align> align);
  /// Missing cells are empty, extra ones are dropped.
  void row(std::vector<std::string> cells);
  /// A line of its own between rows, not aligned.
  void section(std::string text);
  /// Every line is indented by `indent`, columns are `gap` apart, lines carry no trailing blanks.
  [[nodiscard]] std::string render(int indent = 2, int gap = 3) const;

 private:
  struct Row {
    bool section = false;
    std::vector<std::string> cells;
  };
  std::vector<Align> align_;
  std::vector<Row> rows_;
};

}  // namespace gmpsim
