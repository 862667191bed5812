#include "scenarios/constants.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/grammar_check.hpp"
#include "scenarios/units.hpp"

namespace gmpsim {
namespace {

constexpr const char* kTimeHint = "times are strings with a unit: \"5s\", \"5ms\", \"5us\", \"5ns\"";
constexpr const char* kSizeHint = "sizes are strings with a unit: \"64MiB\", \"4KiB\", \"512B\"";
constexpr const char* kRateHint = "rates are events in a time: \"9000/s\", \"1.5/ms\"";

Constant problem(const Node& node, std::string code, std::string message, std::string hint = {}) {
  return {.code = std::move(code), .message = std::move(message), .hint = std::move(hint), .span = node.span};
}

/// How the user wrote it, for messages: 5, "5", true, an object.
std::string shown_node(const Node& node) {
  switch (node.type) {
    case Node::Type::integer:
    case Node::Type::number: return displayable(node.text);
    case Node::Type::string: return in_quotes(node.text);
    default: return std::string(node.kind());
  }
}

/// Advice for a single quantity that did not parse: "5", "5m", "0.5ns", "5 ms".
std::string advice(const QuantityResult& r, const Node& node, const char* otherwise) {
  if (r.problem == QuantityProblem::not_whole) return "nothing is shorter than 1ns or smaller than 1B";
  if (r.problem == QuantityProblem::too_large) return "it does not fit into 64 bits";
  const std::string_view text = node.text;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string number = displayable(text.substr(0, digits));
  const std::string_view unit = text.substr(digits);
  if (unit == "m" || unit == "min") return "write minutes as seconds: 5 minutes are \"300s\"";
  if (unit == "sec" || unit == "secs") return "write \"" + number + "s\"";
  if (unit == "msec" || unit == "millis") return "write \"" + number + "ms\"";
  if (unit == "usec" || unit == "micros" || unit == "\xCE\xBCs") return "write \"" + number + "us\"";
  if (unit == "k" || unit == "K" || unit == "KB" || unit == "kB" || unit == "kb") return "write \"" + number + "KiB\"";
  if (unit == "M" || unit == "MB" || unit == "Mb") return "write \"" + number + "MiB\"";
  if (unit == "G" || unit == "GB" || unit == "Gb") return "write \"" + number + "GiB\"";
  return otherwise;
}

/// Digits and letters alone: the user means one quantity, not an expression.
bool is_one_quantity(std::string_view text) {
  return !text.empty() && text[0] >= '0' && text[0] <= '9' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

}  // namespace

Constants::Constants(const std::vector<Param>& params) {
  for (const Param& param : params) params_.emplace(param.name, &param);
}

Symbol Constants::find(std::string_view name) const {
  const auto found = params_.find(name);
  if (found == params_.end()) return {};
  const Param& param = *found->second;
  if (param.unit == Param::Unit::rate || param.unit == Param::Unit::text) {
    return {.kind = Symbol::Kind::refused,
            .why = "is no number: it can only stand as {\"param\": \"" + param.name + "\"}"};
  }
  return {.kind = Symbol::Kind::constant, .value = param.value};
}

std::string Constants::help(std::string_view) const {
  return params_.empty() ? "the scenario has no parameters" : known_names("parameters", visible());
}

std::vector<std::string> Constants::visible() const {
  constexpr std::size_t kEnough = 1000;  // for suggestions
  std::vector<std::string> out;
  for (const auto& [name, param] : params_) {
    if (out.size() == kEnough) break;
    out.emplace_back(name);
  }
  return out;
}

Constant Constants::expression(const Node& node, bool needs_unit, std::string_view what) const {
  std::vector<ExprProblem> problems;
  const auto ast = parse_expression(node.text, *this, problems);
  if (!ast) {
    if (problems.empty()) return problem(node, "E0401", in_quotes(node.text) + " is not " + std::string(what));
    const ExprProblem& first = problems.front();
    Constant out = problem(node, first.code, first.message, first.hint);
    // The text begins after the quote; escapes inside the string would shift the place, then the whole string is shown.
    if (node.span.end - node.span.begin == node.text.size() + 2) {
      out.span.begin =
          node.span.begin + 1 + std::min<std::uint32_t>(first.begin, static_cast<std::uint32_t>(node.text.size()));
      out.span.end = std::clamp(node.span.begin + 1 + first.end, out.span.begin + 1, node.span.end);
    }
    return out;
  }
  const ExprFacts facts = ast->facts();
  if (!facts.constant)
    return problem(node, "E0219", in_quotes(node.text) + " is not constant",
                   "outside programs only literals and parameters count");
  if (!facts.value.is_integer()) return problem(node, "E0219", in_quotes(node.text) + " is not a number");
  const Unit needed = what == "a time" ? Unit::time : Unit::size;
  if (needs_unit && (facts.plain_literals || (facts.says != Unit::none && facts.says != needed))) {
    return problem(node, what == "a time" ? "E0212" : "E0213", in_quotes(node.text) + " is not " + std::string(what),
                   what == "a time" ? kTimeHint : kSizeHint);
  }
  return {.value = facts.value.bits};
}

Constant Constants::integer(const Node& node) const {
  if (node.is(Node::Type::integer)) return {.value = node.integer};
  if (!node.is(Node::Type::string))
    return problem(node, "E0215", shown_node(node) + " is not an integer",
                   node.is(Node::Type::number) ? "write it without a point" : "");
  const QuantityResult r = parse_quantity(node.text);
  if (r && r.quantity.unit != Unit::none)
    return problem(node, "E0215", in_quotes(node.text) + " is not an integer",
                   "a plain number is meant here, without a unit");
  return expression(node, false, "an integer");
}

Constant Constants::time(const Node& node) const {
  if (!node.is(Node::Type::string)) return problem(node, "E0212", shown_node(node) + " is not a time", kTimeHint);
  const QuantityResult r = parse_quantity(node.text);
  if (r && r.quantity.unit == Unit::time) return {.value = r.quantity.value};
  if (r && r.quantity.unit != Unit::none)
    return problem(node, "E0212", in_quotes(node.text) + " is not a time", kTimeHint);
  if (node.text.empty() || is_one_quantity(node.text))
    return problem(node, "E0212", in_quotes(node.text) + " is not a time", advice(r, node, kTimeHint));
  return expression(node, true, "a time");
}

Constant Constants::size(const Node& node) const {
  if (!node.is(Node::Type::string)) return problem(node, "E0213", shown_node(node) + " is not a size", kSizeHint);
  const QuantityResult r = parse_quantity(node.text);
  if (r && r.quantity.unit == Unit::size) return {.value = r.quantity.value};
  if (r && r.quantity.unit != Unit::none)
    return problem(node, "E0213", in_quotes(node.text) + " is not a size", kSizeHint);
  if (node.text.empty() || is_one_quantity(node.text))
    return problem(node, "E0213", in_quotes(node.text) + " is not a size", advice(r, node, kSizeHint));
  return expression(node, true, "a size");
}

Constant Constants::rate(const Node& node) const {
  if (!node.is(Node::Type::string)) return problem(node, "E0214", shown_node(node) + " is not a rate", kRateHint);
  const QuantityResult r = parse_quantity(node.text);
  if (r && r.quantity.unit == Unit::rate) return {.value = r.quantity.value, .per = r.quantity.per};
  return problem(node, "E0214", in_quotes(node.text) + " is not a rate",
                 r.problem == QuantityProblem::too_large ? "it does not fit into 64 bits" : kRateHint);
}

Constant Constants::ratio(const Node& node) const {
  if (node.is(Node::Type::string)) {
    const QuantityResult r = parse_quantity(node.text);
    if (r && r.quantity.unit == Unit::percent) return {.value = r.quantity.value};
    if (r.problem == QuantityProblem::not_whole && node.text.ends_with('%'))
      return problem(node, "E0217", in_quotes(node.text) + " is too fine", "parts per million are the finest");
    return problem(node, "E0217", in_quotes(node.text) + " is not a number", "write 0.4 or \"40%\"");
  }
  if (!node.is(Node::Type::integer) && !node.is(Node::Type::number))
    return problem(node, "E0217", shown_node(node) + " is not a number");
  const auto value = parse_scaled(node.text, 6);
  if (!value)
    return problem(node, "E0217", displayable(node.text) + " is too fine or too large",
                   "six digits after the point are the finest");
  return {.value = *value};
}

Constant Constants::seed(const Node& node) const {
  constexpr const char* kHint = "a seed is an integer, or hexadecimal text of up to 16 digits: \"0x5eed\"";
  if (node.is(Node::Type::integer)) {
    if (node.integer < 0) return problem(node, "E0211", node.text + " is too small", "at least 0");
    return {.value = node.integer};
  }
  const std::string_view text = node.text;
  if (!node.is(Node::Type::string) || text.size() < 3 || text.size() > 18 || text[0] != '0' ||
      (text[1] != 'x' && text[1] != 'X')) {
    return problem(node, "E0218", shown_node(node) + " is not a seed", kHint);
  }
  std::uint64_t value = 0;
  for (const char c : text.substr(2)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return problem(node, "E0218", shown_node(node) + " is not a seed", kHint);
    value = value << 4 | static_cast<std::uint64_t>(digit);
  }
  return {.value = static_cast<std::int64_t>(value)};
}

Constant Constants::number(const Node& node, const Type& type) const {
  Constant out;
  std::string (*text)(std::int64_t) = [](std::int64_t v) { return std::to_string(v); };
  switch (type.form) {
    case Form::time: out = time(node), text = [](std::int64_t v) { return time_text(v); }; break;
    case Form::size: out = size(node), text = [](std::int64_t v) { return std::to_string(v) + "B"; }; break;
    case Form::ratio:
      out = ratio(node);
      text = [](std::int64_t v) {
        return v % 1'000'000 == 0 ? std::to_string(v / 1'000'000) : std::to_string(v) + " parts per million";
      };
      break;
    case Form::rate: out = rate(node); break;
    case Form::seed: out = seed(node); break;
    default: out = integer(node); break;
  }
  if (!out) return out;
  if (type.min != Type::kNoMin && out.value < type.min)
    return problem(node, "E0211", shown_node(node) + " is too small", "at least " + text(type.min));
  if (type.max != Type::kNoMax && out.value > type.max)
    return problem(node, "E0211", shown_node(node) + " is too large", "at most " + text(type.max));
  return out;
}

Distribution typed_distribution(const Node& node, const Constants& constants) {
  Distribution out;
  if (!node.is(Node::Type::object)) {
    out.value = constants.time(node).value;
    return out;
  }
  const auto time = [&](const char* key) -> std::optional<Duration> {
    const Node* value = node.find(key);
    if (value == nullptr) return std::nullopt;
    return constants.time(*value).value;
  };
  const auto ppm = [&](const char* key) {
    const Node* value = node.find(key);
    return value == nullptr ? 0 : constants.ratio(*value).value;
  };
  const Node* dist = node.find("dist");
  const std::string_view kind = dist == nullptr ? std::string_view{} : std::string_view{dist->text};
  using Kind = Distribution::Kind;
  out.kind = kind == "exp"         ? Kind::exp
             : kind == "uniform"   ? Kind::uniform
             : kind == "normal"    ? Kind::normal
             : kind == "lognormal" ? Kind::lognormal
             : kind == "pareto"    ? Kind::pareto
                                   : Kind::constant;
  out.value = time("value").value_or(0);
  out.mean = time("mean").value_or(0);
  out.sd = time("sd").value_or(0);
  out.median = time("median").value_or(0);
  out.p99 = time("p99");
  out.sigma_ppm = ppm("sigma");
  out.alpha_ppm = ppm("alpha");
  out.min = time("min").value_or(0);
  out.max = time("max");
  if (const Node* stream = node.find("stream")) out.stream = stream->text;
  return out;
}

void check_distribution(const Node& node, const Distribution& d, const std::string& pointer, Diagnostics& out) {
  const auto refuse = [&](const char* key, std::string message, std::string hint) {
    const Node* at = node.find(key);
    out.add(
        at_node(at == nullptr ? node : *at, pointer_to(pointer, key), "E0216", std::move(message), std::move(hint)));
  };
  if (d.max && *d.max < d.min) refuse("max", "max is below min", "min is " + time_text(d.min));
  if (d.p99 && *d.p99 < d.median) refuse("p99", "p99 is below the median", "the median is " + time_text(d.median));
}

std::optional<Distribution> read_distribution(const Node& node, const std::string& pointer, const Constants& constants,
                                              Diagnostics& out) {
  const std::size_t before = out.errors();
  check_grammar(node, distribution_type(), pointer, constants, out);
  if (out.errors() != before) return std::nullopt;
  const Distribution d = typed_distribution(node, constants);
  check_distribution(node, d, pointer, out);
  if (out.errors() != before) return std::nullopt;
  return d;
}

}  // namespace gmpsim
