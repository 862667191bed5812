#pragma once
// What the conditions of a scenario (`require`, `never`) may read beside metrics: shared variables, and length and
// capacity of declared channels, as they are in a running simulation.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/condition.hpp"
#include "scenarios/interpreter.hpp"

namespace gmpsim {

class SharedVariables final : public Variables {
 public:
  /// `interpreter` must outlive this.
  explicit SharedVariables(const Interpreter& interpreter);

  [[nodiscard]] std::optional<double> variable(std::string_view name, std::int64_t index) const override;
  [[nodiscard]] std::optional<double> len(std::string_view name, std::int64_t index) const override;
  [[nodiscard]] std::optional<double> cap(std::string_view name, std::int64_t index) const override;

 private:
  [[nodiscard]] const Chan* channel(std::string_view name, std::int64_t index) const;

  const Interpreter& interpreter_;
  std::map<std::string, std::size_t, std::less<>> variables_;  // "x", "x[3]" -> index in Interpreter::shared
  std::map<std::string, std::size_t, std::less<>> resources_;  // -> index in Interpreter::resources
};

}  // namespace gmpsim
