#include "scenarios/units.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace gmpsim {
namespace {

__extension__ typedef __int128 Wide;  // a product of 64-bit numbers fits

constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();

struct NamedUnit {
  std::string_view name;
  Unit unit;
  std::int64_t factor;
};

// The same as in expressions (expression.cpp), and few on purpose: a minute is "60s", a megabyte one of two things.
constexpr NamedUnit kUnits[] = {
    {"ns", Unit::time, 1},
    {"us", Unit::time, 1'000},
    {"\xC2\xB5s", Unit::time, 1'000},
    {"ms", Unit::time, 1'000'000},
    {"s", Unit::time, 1'000'000'000},
    {"B", Unit::size, 1},
    {"KiB", Unit::size, std::int64_t{1} << 10},
    {"MiB", Unit::size, std::int64_t{1} << 20},
    {"GiB", Unit::size, std::int64_t{1} << 30},
    {"TiB", Unit::size, std::int64_t{1} << 40},
    {"%", Unit::percent, 10'000},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_unit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80 || c == '%'; }

/// digits * 10^-scale
struct Decimal {
  Wide digits = 0;
  int scale = 0;
  bool too_large = false;
  std::size_t length = 0;
};

Decimal scan_decimal(std::string_view text) {
  Decimal d;
  std::size_t at = 0;
  const auto take = [&](bool fraction) {
    for (; at < text.size() && is_digit(text[at]); ++at) {
      if (d.digits > kMost) {
        d.too_large = true;  // go on, to find the end
        continue;
      }
      d.digits = d.digits * 10 + (text[at] - '0');
      if (fraction) ++d.scale;
    }
  };
  take(false);
  if (at > 0 && at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) {
    ++at;
    take(true);
  }
  while (d.scale > 0 && d.digits % 10 == 0) d.digits /= 10, --d.scale;
  d.length = at;
  return d;
}

Wide power_of_ten(int n) {
  Wide p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

/// `d * factor` as an integer.
QuantityProblem scaled(const Decimal& d, std::int64_t factor, std::int64_t& out) {
  if (d.too_large) return QuantityProblem::too_large;
  if (d.scale > 38) return QuantityProblem::not_whole;  // no product of 127 bits is a multiple of 10^39
  const Wide divisor = power_of_ten(d.scale);
  const Wide product = d.digits * factor;  // below 2^64 * 2^63
  if (product % divisor != 0) return QuantityProblem::not_whole;
  if (product / divisor > kMost) return QuantityProblem::too_large;
  out = static_cast<std::int64_t>(product / divisor);
  return QuantityProblem::none;
}

const NamedUnit* unit_named(std::string_view name) {
  for (const NamedUnit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

/// "9000/s": the events and the time in which they happen, without a fraction: 0.5/s is one in two seconds.
QuantityResult rate(const Decimal& d, std::string_view text) {
  std::size_t end = d.length + 1;
  while (end < text.size() && in_unit(text[end])) ++end;
  QuantityResult r{.length = end};
  const NamedUnit* unit = unit_named(text.substr(d.length + 1, end - d.length - 1));
  if (unit == nullptr || unit->unit != Unit::time) {
    r.problem = QuantityProblem::unknown_unit;
    return r;
  }
  const Wide per = power_of_ten(std::min(d.scale, 19)) * unit->factor;  // 10^19 is beyond kMost already
  if (d.too_large || d.digits > kMost || per > kMost) {
    r.problem = QuantityProblem::too_large;
    return r;
  }
  r.quantity = {Unit::rate, static_cast<std::int64_t>(d.digits), static_cast<Duration>(per)};
  return r;
}

}  // namespace

QuantityResult scan_quantity(std::string_view text) {
  const Decimal d = scan_decimal(text);
  if (d.length == 0) return {.problem = QuantityProblem::not_a_number};
  // A slash begins a rate only before the name of a time; "6 / 2" and "x/y" are divisions.
  if (d.length + 1 < text.size() && text[d.length] == '/' && in_unit(text[d.length + 1])) {
    const QuantityResult r = rate(d, text);
    if (r.problem != QuantityProblem::unknown_unit) return r;
  }
  std::size_t end = d.length;
  while (end < text.size() && in_unit(text[end])) ++end;
  QuantityResult r{.length = end};
  if (end == d.length) {
    r.problem = scaled(d, 1, r.quantity.value);
    return r;
  }
  const NamedUnit* unit = unit_named(text.substr(d.length, end - d.length));
  if (unit == nullptr) {
    r.problem = QuantityProblem::unknown_unit;
    return r;
  }
  r.quantity.unit = unit->unit;
  r.problem = scaled(d, unit->factor, r.quantity.value);
  return r;
}

QuantityResult parse_quantity(std::string_view text) {
  QuantityResult r = scan_quantity(text);
  if (r && r.length != text.size()) r.problem = QuantityProblem::unknown_unit;
  return r;
}

std::optional<std::int64_t> parse_scaled(std::string_view text, int digits) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  Decimal d = scan_decimal(text);
  if (d.length == 0 || d.too_large) return std::nullopt;
  text.remove_prefix(d.length);
  if (!text.empty()) {
    // 1e-3: the exponent moves the point.
    if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
    text.remove_prefix(1);
    const bool down = text.starts_with('-');
    if (down || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty() || text.size() > 2) return std::nullopt;
    int exponent = 0;
    for (const char c : text) {
      if (!is_digit(c)) return std::nullopt;
      exponent = exponent * 10 + (c - '0');
    }
    d.scale += down ? exponent : -exponent;
  }
  if (d.digits == 0) return 0;
  Wide value = d.digits;
  for (int shift = digits - d.scale; shift > 0; --shift) {
    value *= 10;
    if (value > kMost) return std::nullopt;
  }
  for (int shift = digits - d.scale; shift < 0; ++shift) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
  }
  if (value > kMost) return std::nullopt;
  return static_cast<std::int64_t>(negative ? -value : value);
}

std::string time_text(Duration d) {
  if (d == 0) return "0ns";
  const std::string sign = d < 0 ? "-" : "";
  const auto magnitude = d < 0 ? 0 - static_cast<std::uint64_t>(d) : static_cast<std::uint64_t>(d);
  static constexpr std::array<std::pair<std::uint64_t, const char*>, 4> kSteps{{{1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "us"}, {1, "ns"}}};
  for (const auto& [factor, name] : kSteps) {
    if (magnitude < factor) continue;
    std::string fraction = std::to_string(factor + magnitude % factor).substr(1);
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
    if (fraction.size() > 3) continue;  // 1000001ns reads better than 1.000001ms
    return sign + std::to_string(magnitude / factor) + (fraction.empty() ? "" : "." + fraction) + name;
  }
  return sign + std::to_string(magnitude) + "ns";
}

std::string_view units_of(Unit unit) {
  switch (unit) {
    case Unit::time: return "ns, us, ms, s";
    case Unit::size: return "B, KiB, MiB, GiB, TiB";
    case Unit::rate: return "/ns, /us, /ms, /s";
    case Unit::percent: return "%";
    case Unit::none: return "";
  }
  return "";
}

}  // namespace gmpsim
