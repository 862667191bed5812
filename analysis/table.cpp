#include "analysis/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gmpsim {
namespace {

struct Scale {
  double factor;
  const char* unit;
};
constexpr std::array kTimes{Scale{1e9, "s"}, Scale{1e6, "ms"}, Scale{1e3, "us"}, Scale{1.0, "ns"}};

/// The largest unit of which at least one is there *after rounding*: 999.7us is 1ms, not 1000us.
Scale scale_of(double nanoseconds, double rounding) {
  for (const Scale& s : kTimes) {
    if (std::abs(nanoseconds) >= s.factor * (1.0 - rounding)) return s;
  }
  return kTimes.back();
}

std::string trimmed(std::string digits) {
  if (digits.find('.') == std::string::npos) return digits;
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace

std::string short_time(double ns) {
  const Scale s = scale_of(ns, 0.0005);
  const double v = ns / s.factor;
  return (std::abs(v) >= 99.95 ? fmt::format("{:.0f}", v) : trimmed(fmt::format("{:.1f}", v))) + s.unit;
}

std::string exact_time(double ns) {
  const Scale s = scale_of(ns, 0.0005);
  const double v = ns / s.factor;
  if (s.factor == 1.0) return fmt::format("{:.0f}ns", v);
  return fmt::format("{:.{}f}{}", v, std::abs(v) >= 99.95 ? 0 : std::abs(v) >= 9.995 ? 1 : 2, s.unit);
}

std::string instant(Time at) {
  if (at == kNever) return "the end";
  const Scale s = scale_of(static_cast<double>(at), 0.0);
  if (s.factor == 1.0) return fmt::format("{}ns", at);
  const std::int64_t unit = static_cast<std::int64_t>(s.factor);
  return fmt::format("{}.{:03}{}", at / unit, at % unit / (unit / 1000), s.unit);
}

std::string grouped(std::int64_t value, const TextStyle& style) {
  const std::string digits = std::to_string(value);
  const std::size_t sign = value < 0 ? 1 : 0;
  std::string out = digits.substr(0, sign);
  for (std::size_t i = sign; i < digits.size(); ++i) {
    if (i > sign && (digits.size() - i) % 3 == 0) out += style.ascii ? " " : "\u2009";
    out += digits[i];
  }
  return out;
}

std::string percent(double share) { return fmt::format("{:.1f}%", share * 100.0); }

std::string plain_number(double value) {
  if (!std::isfinite(value)) return "-";
  if (std::abs(value) >= 1e15) return fmt::format("{:.3e}", value);
  if (value == std::floor(value)) return fmt::format("{:.0f}", value);
  if (std::abs(value) < 1e-6) return fmt::format("{:.3g}", value);
  const int whole = std::abs(value) >= 1.0 ? static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1 : 0;
  const int leading = std::abs(value) < 1.0 ? static_cast<int>(-std::floor(std::log10(std::abs(value)))) - 1 : 0;
  return trimmed(fmt::format("{:.{}f}", value, std::max(0, 4 - whole + leading)));
}

std::string told(double value, MetricUnit unit, const TextStyle& style) {
  if (!std::isfinite(value)) return "-";
  switch (unit) {
    case MetricUnit::time: return exact_time(value);
    case MetricUnit::share: return percent(value);
    case MetricUnit::per_second: return plain_number(value) + "/s";
    case MetricUnit::count:
      return std::abs(value) < 9e15 ? grouped(static_cast<std::int64_t>(std::llround(value)), style)
                                    : plain_number(value);
    case MetricUnit::number: return plain_number(value);
  }
  return {};
}

std::string sparkline(const std::vector<double>& values, double top, const TextStyle& style) {
  static constexpr std::array kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr std::array kAscii{".", ":", "-", "=", "+", "*", "#", "@"};
  if (top <= 0) top = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  std::string line;
  for (const double v : values) {
    const double level = top > 0 ? std::clamp(v / top, 0.0, 1.0) : 0.0;
    // Rounded, but never to the lowest block while there is something and never to the highest below the top.
    const std::size_t i = std::min<std::size_t>(static_cast<std::size_t>(level * 7.0 + 0.5), 7);
    line += style.ascii ? kAscii[i] : kBlocks[i];
  }
  return line;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
    } else {
      width += (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 ? 1 : 0;
    }
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    const std::size_t length = c < 0x80                ? 1
                               : c >= 0xC2 && c < 0xE0 ? 2
                               : c >= 0xE0 && c < 0xF0 ? 3
                               : c >= 0xF0 && c < 0xF5 ? 4
                                                       : 0;
    bool whole = length > 0 && i + length <= text.size();
    for (std::size_t k = 1; whole && k < length; ++k) whole = (static_cast<unsigned char>(text[i + k]) & 0xC0) == 0x80;
    // U+0080..U+009F are control characters too; U+202A..U+202E and U+2066..U+2069 turn the direction of the line.
    const unsigned char second = whole && length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
    const unsigned char third = whole && length > 2 ? static_cast<unsigned char>(text[i + 2]) : 0;
    const bool turns = c == 0xE2 && ((second == 0x80 && third >= 0xAA && third <= 0xAE) ||
                                     (second == 0x81 && third >= 0xA6 && third <= 0xA9));
    if (!whole || c < 0x20 || c == 0x7F || (c == 0xC2 && second < 0xA0) || turns) {
      out += '?';
      i += whole ? length : 1;
    } else {
      out += text.substr(i, length);
      i += length;
    }
  }
  return out;
}

std::string painted(std::string_view text, Paint paint, const TextStyle& style) {
  static constexpr std::array kCodes{"0", "32", "31;1", "33", "2", "1"};
  if (!style.color || paint == Paint::plain) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(paint)], text);
}

Table::Table(std::vector<std::string> heading, std::vector<Align> align) : align_(std::move(align)) {
  row(std::move(heading));
}

void Table::row(std::vector<std::string> cells) {
  cells.resize(align_.size());
  rows_.push_back({false, std::move(cells)});
}

void Table::section(std::string text) { rows_.push_back({true, {std::move(text)}}); }

std::string Table::render(int indent, int gap) const {
  std::vector<std::size_t> widths(align_.size());
  for (const Row& r : rows_) {
    for (std::size_t c = 0; !r.section && c < r.cells.size(); ++c)
      widths[c] = std::max(widths[c], display_width(r.cells[c]));
  }
  std::string out;
  for (const Row& r : rows_) {
    std::string line(static_cast<std::size_t>(indent), ' ');
    if (r.section) line += r.cells[0];
    for (std::size_t c = 0; !r.section && c < r.cells.size(); ++c) {
      if (c > 0) line.append(static_cast<std::size_t>(gap), ' ');
      const std::string fill(widths[c] - display_width(r.cells[c]), ' ');
      line += align_[c] == Align::right ? fill + r.cells[c] : r.cells[c] + fill;
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    out += line + "\n";
  }
  return out;
}

}  // namespace gmpsim
