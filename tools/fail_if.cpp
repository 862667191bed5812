#include "tools/fail_if.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "scenarios/diagnostics.hpp"
#include "tools/failure.hpp"
#include "tools/times.hpp"

namespace gmpsim {
namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

std::optional<double> decimal(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

FailIf::FailIf(const std::string& text) : text_(trimmed(text)) {
  const std::size_t comparison = text_.find_first_of("<>");
  std::string right = comparison == std::string::npos ? "" : trimmed(text_.substr(comparison + 1));
  if (right.starts_with("=")) right = trimmed(right.substr(1));
  if (right.starts_with("+") || right.starts_with("-")) {
    above_ = text_[comparison] == '>';
    threshold_text_ = right;
    const double sign = right[0] == '-' ? -1 : 1;
    const std::string amount = trimmed(right.substr(1));
    const std::string name = trimmed(text_.substr(0, comparison));
    const MetricParse metric = parse_metric(name);
    if (!metric.ref)
      fail_usage("--fail-if: " + in_quotes(name) + ": " + metric.error,
                 metric.suggestion.empty() ? "gmpsim list metrics" : "did you mean " + metric.suggestion + "?");
    std::optional<double> value;
    relative_ = amount.ends_with("%");
    if (relative_) {
      value = decimal(amount.substr(0, amount.size() - 1));
      if (value) value = *value / 100;
    } else if (const auto time = time_of(amount)) {
      value = static_cast<double>(*time);
    } else {
      value = decimal(amount);
    }
    if (!value) fail_usage("--fail-if: " + in_quotes(right) + " is no difference", "for example +5%, -2ms, +0.1");
    threshold_ = sign * *value;
    metric_ = ComparedMetric{name, name};
    return;
  }
  ConditionParse parsed = parse_condition(text_);
  if (!parsed.condition) {
    std::string mark = text_;
    mark.insert(std::min(parsed.error.offset, mark.size()), " >>> ");
    fail_usage("--fail-if: " + parsed.error.message + ": " + mark,
               parsed.error.suggestion.empty() ? "for example 'span.request.p99 > +5%' or 'span.request.p99 > 8ms'"
                                               : "did you mean " + parsed.error.suggestion + "?");
  }
  if (parsed.condition->reads_variables())
    fail_usage("--fail-if knows metrics, not the variables of programs", "gmpsim list metrics");
  condition_ = std::move(parsed.condition);
}

bool FailIf::holds(const Metrics& metrics) const {
  if (!condition_) return false;
  const std::optional<double> value = condition_->value(metrics, nullptr);
  return value && *value != 0;
}

std::vector<std::string> FailIf::broken(const Comparison& comparison) const {
  std::vector<std::string> out;
  if (!metric_) return out;
  for (const Comparison::Row& row : comparison.rows) {
    if (row.metric.name != metric_->name) continue;
    for (std::size_t p = 1; p < comparison.policies.size(); ++p) {
      const auto& v = row.versus[p];
      if (!v || std::isnan(v->difference)) continue;
      const double difference = relative_ ? v->relative : v->difference;
      const bool beyond = above_ ? difference > threshold_ : difference < threshold_;
      const bool sure = !v->interval_known || v->significant;
      if (!beyond || !sure) continue;
      const std::string told_difference =
          relative_ ? fmt::format("{:+.1f}%", difference * 100)
                    : (difference >= 0 ? "+" : "-") + told(std::abs(difference), row.unit, {});
      out.push_back(fmt::format("{}: {} differs by {}, {} than {}", comparison.policies[p], row.metric.name,
                                told_difference, above_ ? "more" : "less", threshold_text_));
    }
    break;
  }
  return out;
}

}  // namespace gmpsim
