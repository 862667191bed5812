#pragma once
// The little language of `require` and `never`: numbers with units, metric names, shared variables, arithmetic,
// comparisons, && || ! ?:, min, max. "span.request.p99 <= 8ms && mark.rejected.rate < 0.01"
//
// Values are doubles or unknown (nothing measured yet). Unknown spreads as in Kleene's logic: `unknown && false` is
// false, `unknown && true` is unknown; a verdict over an unknown condition is "undecided", never a silent pass.
//
// Rejected: sharing the integer language of programs (metrics are fractions, and analysis/ may not see scenarios/).
// Invariants: parsing accepts any bytes, is linear, and nests at most kMaxDepth; evaluation cannot fail.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/metrics.hpp"

namespace gmpsim {

/// What a condition may read beside metrics. The layer that knows the program supplies it.
class Variables {
 public:
  virtual ~Variables() = default;
  /// Value of shared variable `name`, or of its element `index` (-1: not indexed); none when there is none.
  [[nodiscard]] virtual std::optional<double> variable(std::string_view name, std::int64_t index) const = 0;
  [[nodiscard]] virtual std::optional<double> len(std::string_view name, std::int64_t index) const = 0;
  [[nodiscard]] virtual std::optional<double> cap(std::string_view name, std::int64_t index) const = 0;
};

/// Names that a reader knows, to refuse others early with the nearest. An absent list accepts everything.
struct ConditionNames {
  const std::vector<std::string>* variables = nullptr;  ///< shared variables
  const std::vector<std::string>* channels = nullptr;   ///< for len and cap
  const std::vector<std::string>* objects = nullptr;    ///< for wait[…]
  const std::vector<std::string>* spans = nullptr;
  const std::vector<std::string>* marks = nullptr;
  const std::vector<std::string>* logs = nullptr;
  const std::vector<std::string>* programs = nullptr;
  const std::vector<std::string>* classes = nullptr;
  const std::vector<std::string>* reasons = nullptr;  ///< to wait, as they are printed; also for wait[…]
  const std::map<std::string, std::int64_t>* arrays = nullptr;  ///< how many elements; what is not there is no array
  bool arrivals = true;  ///< something arrives, so that there is a rate of marks per arrival
};

struct ConditionError {
  std::size_t offset = 0;  ///< byte of the text
  std::size_t length = 1;
  std::string message;     ///< "unknown metric \"spam\""
  std::string suggestion;  ///< nearest valid spelling, or ""
};

class Condition {
 public:
  static constexpr int kMaxDepth = 64;
  static constexpr std::size_t kMaxText = 4096;

  /// Truth or value; none when it rests on something unknown.
  [[nodiscard]] std::optional<double> value(const Metrics& metrics, const Variables* variables) const;
  /// The condition with the values it read, for people: "span.request.p99 5.2ms <= 8ms, mark.rejected.rate 0.0021 <
  /// 0.01".
  [[nodiscard]] std::string explain(const Metrics& metrics, const Variables* variables) const;

  [[nodiscard]] bool reads_variables() const { return reads_variables_; }
  [[nodiscard]] std::uint64_t kinds() const { return kinds_; }  ///< bit k: a record of Kind k can change its value
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Single goroutines whose histograms it reads; hand them to MetricOptions::watch.
  [[nodiscard]] std::vector<std::string> watched() const;

 private:
  friend class ConditionParser;
  enum class Op : std::uint8_t {
    number,
    metric,
    variable,
    len,
    cap,
    negate,
    logical_not,
    add,
    sub,
    mul,
    div,
    mod,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    logical_and,
    logical_or,
    choose,
    min,
    max
  };
  struct Node {
    Op op = Op::number;
    double number = 0;
    std::uint32_t a = 0, b = 0, c = 0;  // operands, by index: always smaller than the node's own
    std::uint32_t name = 0;             // index into names_ or metrics_
    std::uint32_t begin = 0, end = 0;   // its text
    bool indexed = false;               // operand a is an index
  };
  [[nodiscard]] std::optional<double> eval(std::uint32_t node, const Metrics& metrics,
                                           const Variables* variables) const;
  void explain_node(std::uint32_t node, const Metrics& metrics, const Variables* variables, std::string& out) const;
  void explain_side(std::uint32_t node, MetricUnit unit, const Metrics& metrics, const Variables* variables,
                    std::string& out) const;
  [[nodiscard]] MetricUnit unit_of(std::uint32_t node) const;
  [[nodiscard]] std::string_view text_of(std::uint32_t node) const;

  std::string text_;
  std::vector<Node> nodes_;  // the last one is the root
  std::vector<MetricRef> metrics_;
  std::vector<std::string> names_;
  bool reads_variables_ = false;
  std::uint64_t kinds_ = 0;
};

/// The condition, or what is wrong with it and where.
struct ConditionParse {
  std::optional<Condition> condition;
  ConditionError error;
};
[[nodiscard]] ConditionParse parse_condition(std::string_view text, const ConditionNames& names = {});

}  // namespace gmpsim
