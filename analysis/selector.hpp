#pragma once
// Who is meant: "*", "program:worker", "class:latency", "goroutine:worker#2" (n-th of its program, from 1),
// "goroutine:worker" (the first) or "goroutine:G7" (by number).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/transition.hpp"

namespace gmpsim {

class Selector {
 public:
  enum class By : std::uint8_t { everyone, program, klass, ordinal, number };

  /// An empty message on success; else what is wrong, for people.
  static std::string parse(std::string_view text, Selector& into);

  [[nodiscard]] bool matches(const TraceInfo& info, std::uint32_t g, std::uint32_t program,
                             std::uint32_t ordinal) const;
  [[nodiscard]] bool matches_program(const TraceInfo& info, std::uint32_t program) const;
  /// By::program, By::klass and By::everyone cover whole programs; the others one goroutine.
  [[nodiscard]] bool single() const { return by_ == By::ordinal || by_ == By::number; }
  [[nodiscard]] By by() const { return by_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  By by_ = By::everyone;
  std::string text_ = "*";
  std::string name_;
  std::uint32_t number_ = 1;
};

/// The known name nearest to `word` within edit distance 2 (a transposition counts one), or "" when none is near.
[[nodiscard]] std::string closest_name(std::string_view word, const std::vector<std::string>& known);

}  // namespace gmpsim
