#pragma once
// Plain values from nodes: what a time, a size, a count, a ratio in a document comes to once parameters are known.
//
// Outside programs nothing happens at run time, so an expression there has to be a constant: literals and parameters.
// The same functions serve the checker (which reports the problem) and the typing (which takes the value), so the two
// cannot disagree.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/expression.hpp"
#include "scenarios/grammar.hpp"
#include "scenarios/json.hpp"
#include "scenarios/scenario.hpp"

namespace gmpsim {

/// A value, or why there is none.
struct Constant {
  std::int64_t value = 0;  ///< time: ns; size: bytes; ratio: parts per million
  Duration per = 0;        ///< rate
  std::string code;        ///< "" when there is a value
  std::string message;
  std::string hint;
  SourceSpan span;  ///< of the problem: the node, or a part of it
  [[nodiscard]] explicit operator bool() const { return code.empty(); }
};

class Constants : public Names {
 public:
  /// `params` must outlive this.
  explicit Constants(const std::vector<Param>& params);

  [[nodiscard]] Constant integer(const Node& node) const;
  [[nodiscard]] Constant time(const Node& node) const;
  [[nodiscard]] Constant size(const Node& node) const;
  [[nodiscard]] Constant ratio(const Node& node) const;
  [[nodiscard]] Constant rate(const Node& node) const;
  [[nodiscard]] Constant seed(const Node& node) const;
  /// The one that `type.form` asks for, with the bounds of `type` checked.
  [[nodiscard]] Constant number(const Node& node, const Type& type) const;

  // Names: parameters are constants, everything else is refused.
  [[nodiscard]] Symbol find(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string> visible() const override;
  [[nodiscard]] std::string help(std::string_view name) const override;

 private:
  [[nodiscard]] Constant expression(const Node& node, bool needs_unit, std::string_view what) const;

  std::map<std::string_view, const Param*> params_;
};

/// Checks `node`, an object {"dist": …}, and reads it. Problems go to `out`.
[[nodiscard]] std::optional<Distribution> read_distribution(const Node& node, const std::string& pointer, const Constants& constants,
                                                            Diagnostics& out);

/// What the grammar cannot say about a distribution: bounds and quantiles in their order.
void check_distribution(const Node& node, const Distribution& d, const std::string& pointer, Diagnostics& out);

/// Reads a distribution, or a time, that has been checked before: problems yield default values.
[[nodiscard]] Distribution typed_distribution(const Node& node, const Constants& constants);

}  // namespace gmpsim
