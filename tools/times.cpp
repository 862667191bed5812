#include "tools/times.hpp"

#include "scenarios/units.hpp"

namespace gmpsim {

std::optional<Duration> time_of(std::string_view text) {
  const QuantityResult result = parse_quantity(text);
  if (!result || result.quantity.unit != Unit::time) return std::nullopt;
  return result.quantity.value;
}

}  // namespace gmpsim
