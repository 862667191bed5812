#include "analysis/condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "analysis/table.hpp"

namespace gmpsim {

// --- reading: one function a level of precedence, each returning the index of the node it made

/// Of "[7]"; -1 for anything else.
double number_in(std::string_view index) {
  double n = -1;
  if (index.size() > 2 && index.front() == '[' && index.back() == ']')
    std::from_chars(index.data() + 1, index.data() + index.size() - 1, n);
  return n;
}

class ConditionParser {
 public:
  ConditionParser(std::string_view text, const ConditionNames& names) : text_(text), names_(names) {
    out_.text_ = std::string(text);
  }

  ConditionParse run() {
    if (text_.size() > Condition::kMaxText) {
      fail(Condition::kMaxText, 1, fmt::format("a condition has at most {} characters", Condition::kMaxText));
    } else {
      choose();
      blank();
      if (ok() && at_ < text_.size()) unexpected("an operator such as && or <= is missing before");
    }
    ConditionParse result;
    if (!ok()) {
      result.error = *error_;
      return result;
    }
    for (const MetricRef& m : out_.metrics_) out_.kinds_ |= m.kinds;
    result.condition = std::move(out_);
    return result;
  }

 private:
  using Op = Condition::Op;
  using Node = Condition::Node;

  struct Level {
    std::string_view spelling;
    Op op;
    int level;
  };
  // Longer spellings first, so that "<=" is not read as "<".
  static constexpr std::array kBinary{
      Level{"||", Op::logical_or, 1}, Level{"&&", Op::logical_and, 2}, Level{"==", Op::equal, 3},
      Level{"!=", Op::not_equal, 3},  Level{"<=", Op::less_equal, 4},  Level{">=", Op::greater_equal, 4},
      Level{"<", Op::less, 4},        Level{">", Op::greater, 4},      Level{"+", Op::add, 5},
      Level{"-", Op::sub, 5},         Level{"*", Op::mul, 6},          Level{"/", Op::div, 6},
      Level{"%", Op::mod, 6}};

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  std::uint32_t fail(std::size_t offset, std::size_t length, std::string message, std::string suggestion = {}) {
    if (ok())
      error_ = ConditionError{std::min(offset, text_.size()), length, std::move(message), std::move(suggestion)};
    return 0;
  }
  std::uint32_t unexpected(std::string_view why) {
    blank();
    if (at_ >= text_.size()) return fail(at_, 1, "the condition ends too early: " + std::string(why));
    const std::size_t length = std::max<std::size_t>(word(at_).size(), 1);
    return fail(at_, length, fmt::format("{} \"{}\"", why, printable(text_.substr(at_, length))),
                text_[at_] == '='   ? "=="
                : text_[at_] == '&' ? "&&"
                : text_[at_] == '|' ? "||"
                                    : "");
  }

  void blank() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  bool take(std::string_view spelling) {
    blank();
    if (text_.substr(at_, spelling.size()) != spelling) return false;
    at_ += spelling.size();
    return true;
  }
  static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  [[nodiscard]] std::string_view word(std::size_t from) const {
    std::size_t end = from;
    while (end < text_.size() && is_word(text_[end])) ++end;
    return text_.substr(from, end - from);
  }

  std::uint32_t make(Op op, std::size_t begin, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0) {
    Node n;
    n.op = op;
    n.a = a;
    n.b = b;
    n.c = c;
    n.begin = static_cast<std::uint32_t>(begin);
    n.end = static_cast<std::uint32_t>(at_);
    out_.nodes_.push_back(n);
    return static_cast<std::uint32_t>(out_.nodes_.size() - 1);
  }
  [[nodiscard]] Node& node(std::uint32_t n) { return out_.nodes_[n]; }

  /// Every way down passes here, so that no input nests deeper than the stack allows.
  bool descend() {
    if (++depth_ <= Condition::kMaxDepth) return true;
    fail(at_, 1, fmt::format("nested deeper than {}", Condition::kMaxDepth));
    return false;
  }

  std::uint32_t choose() {
    if (!ok() || !descend()) return 0;
    blank();
    const std::size_t begin = at_;
    std::uint32_t result = binary(1);
    if (ok() && take("?")) {
      const std::uint32_t then = choose();
      if (ok() && !take(":")) unexpected("\":\" of ?: expected, not");
      const std::uint32_t otherwise = ok() ? choose() : 0;
      if (ok()) result = make(Op::choose, begin, result, then, otherwise);
    }
    --depth_;
    return result;
  }

  std::uint32_t binary(int level) {
    if (level > 6) return unary();
    blank();
    const std::size_t begin = at_;
    std::uint32_t left = binary(level + 1);
    while (ok()) {
      blank();
      const auto found = std::find_if(kBinary.begin(), kBinary.end(), [&](const Level& l) {
        return text_.substr(at_, l.spelling.size()) == l.spelling;
      });
      if (found == kBinary.end() || found->level != level) break;
      at_ += found->spelling.size();
      const std::uint32_t right = binary(level + 1);
      if (!ok()) break;
      left = make(found->op, begin, left, right);
    }
    return left;
  }

  std::uint32_t unary() {
    if (!ok()) return 0;
    blank();
    const std::size_t begin = at_;
    const bool negate = at_ < text_.size() && text_[at_] == '-';
    const bool invert = at_ < text_.size() && text_[at_] == '!' && text_.substr(at_, 2) != "!=";
    if (!negate && !invert) return primary();
    ++at_;
    if (!descend()) return 0;
    const std::uint32_t operand = unary();
    --depth_;
    return ok() ? make(negate ? Op::negate : Op::logical_not, begin, operand) : 0;
  }

  std::uint32_t primary() {
    blank();
    if (at_ >= text_.size()) return unexpected("a value is missing");
    const std::size_t begin = at_;
    if (is_digit(text_[at_]) || (text_[at_] == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])))
      return number();
    if (take("(")) {
      const std::uint32_t inside = choose();
      if (ok() && !take(")")) return unexpected("\")\" expected, not");
      if (ok()) {
        node(inside).begin = static_cast<std::uint32_t>(begin);
        node(inside).end = static_cast<std::uint32_t>(at_);
      }
      return inside;
    }
    if (!is_word(text_[at_])) return unexpected("a value is expected, not");
    return named();
  }

  std::uint32_t number() {
    struct Scale {
      std::string_view unit;
      double factor;
    };
    static constexpr std::array kUnits{Scale{"ns", 1.0},        Scale{"us", 1e3},          Scale{"ms", 1e6},
                                       Scale{"s", 1e9},         Scale{"B", 1.0},           Scale{"KiB", 1024.0},
                                       Scale{"MiB", 1048576.0}, Scale{"GiB", 1073741824.0}};
    const std::size_t begin = at_;
    std::size_t digits = at_;
    bool point = false;
    while (digits < text_.size() &&
           (is_digit(text_[digits]) ||
            (text_[digits] == '.' && !point && digits + 1 < text_.size() && is_digit(text_[digits + 1])))) {
      point |= text_[digits] == '.';
      ++digits;
    }
    double value = 0;
    const auto [end, bad] =
        std::from_chars(text_.data() + begin, text_.data() + digits, value, std::chars_format::fixed);
    if (bad != std::errc{} || end != text_.data() + digits || !std::isfinite(value))
      return fail(begin, digits - begin, "this is no number");
    at_ = digits;
    const std::string_view unit = word(at_);
    MetricUnit told = MetricUnit::number;
    if (!unit.empty()) {
      const auto found = std::find_if(kUnits.begin(), kUnits.end(), [&](const Scale& s) { return s.unit == unit; });
      if (found == kUnits.end()) {
        std::vector<std::string> known;
        for (const Scale& s : kUnits) known.emplace_back(s.unit);
        std::string near = closest_name(unit, known);
        return fail(at_, unit.size(), fmt::format("\"{}\" is no unit: ns us ms s, B KiB MiB GiB, /s, %", unit), near);
      }
      value *= found->factor;
      at_ += unit.size();
      told = found->unit.back() == 's' ? MetricUnit::time : MetricUnit::number;
    } else if (text_.substr(at_, 2) == "/s" && (at_ + 2 >= text_.size() || !is_word(text_[at_ + 2]))) {
      at_ += 2;
      told = MetricUnit::per_second;
    } else if (at_ < text_.size() && text_[at_] == '%' && !operand_follows(at_ + 1)) {
      ++at_;
      value /= 100.0;
      told = MetricUnit::share;
    }
    const std::uint32_t n = make(Op::number, begin);
    node(n).number = value;
    node(n).name = static_cast<std::uint32_t>(told);
    return n;
  }

  /// "5% < x" is a share, "5 % 3" a remainder: what follows decides.
  [[nodiscard]] bool operand_follows(std::size_t from) const {
    while (from < text_.size() && text_[from] == ' ') ++from;
    return from < text_.size() && (is_word(text_[from]) || text_[from] == '(');
  }

  std::uint32_t named() {
    const std::size_t begin = at_;
    const std::string_view name = word(at_);
    const bool dotted = begin + name.size() < text_.size() && text_[begin + name.size()] == '.';
    if (dotted || is_metric_family(name)) return metric();
    at_ += name.size();
    if (name == "true" || name == "false" || name == "nil") {
      const std::uint32_t n = make(Op::number, begin);
      node(n).number = name == "true" ? 1 : 0;
      return n;
    }
    if (name == "min" || name == "max") {
      if (!take("(")) return unexpected("\"(\" expected, not");
      std::uint32_t result = choose();
      bool more = false;
      while (ok() && take(",")) {
        const std::uint32_t next = choose();
        if (ok()) result = make(name == "min" ? Op::min : Op::max, begin, result, next);
        more = true;
      }
      if (ok() && !take(")")) return unexpected("\")\" expected, not");
      return ok() && !more ? fail(begin, name.size(), std::string(name) + " compares at least two values") : result;
    }
    if (name == "len" || name == "cap") {
      if (!take("(")) return unexpected("\"(\" expected, not");
      blank();
      const std::uint32_t result = variable(name == "len" ? Op::len : Op::cap, names_.channels, "channel");
      if (ok() && !take(")")) return unexpected("\")\" expected, not");
      if (!ok()) return 0;
      node(result).begin = static_cast<std::uint32_t>(begin);
      node(result).end = static_cast<std::uint32_t>(at_);
      return result;
    }
    at_ = begin;
    return variable(Op::variable, names_.variables, "shared variable or metric");
  }

  std::uint32_t variable(Op op, const std::vector<std::string>* known, std::string_view what) {
    const std::size_t begin = at_;
    const std::string_view name = word(at_);
    if (name.empty()) return unexpected("a name is expected, not");
    const bool indexed = begin + name.size() < text_.size() && text_[begin + name.size()] == '[';
    const std::optional<std::int64_t> elements = elements_of(name);
    if (op == Op::len && elements && !indexed) {  // of the array itself
      at_ += name.size();
      const std::uint32_t n = make(Op::number, begin);
      node(n).number = static_cast<double>(*elements);
      return n;
    }
    if (known != nullptr && std::find(known->begin(), known->end(), name) == known->end()) {
      std::vector<std::string> candidates = *known;
      if (op == Op::variable) {
        for (const MetricDoc& doc : list_metrics())
          candidates.push_back(doc.name.substr(0, doc.name.find_first_of("[.")));
      }
      return fail(begin, name.size(), fmt::format("there is no {} \"{}\"", what, name), closest_name(name, candidates));
    }
    if (!fits(name, indexed, begin)) return 0;
    at_ += name.size();
    std::uint32_t index = 0;
    if (indexed) {
      ++at_;
      index = choose();
      if (ok() && !take("]")) return unexpected("\"]\" expected, not");
    }
    if (!ok()) return 0;
    if (indexed && elements && node(index).op == Op::number && !in_range(name, node(index).number, *elements, begin))
      return 0;
    const std::uint32_t n = make(op, begin, index);
    node(n).indexed = indexed;
    node(n).name = static_cast<std::uint32_t>(out_.names_.size());
    out_.names_.emplace_back(name);
    out_.reads_variables_ = true;
    return n;
  }

  // --- arrays, where it is known what is one

  [[nodiscard]] std::optional<std::int64_t> elements_of(std::string_view name) const {
    if (names_.arrays == nullptr) return std::nullopt;
    const auto found = names_.arrays->find(std::string(name));
    return found == names_.arrays->end() ? std::nullopt : std::optional(found->second);
  }

  bool fits(std::string_view name, bool indexed, std::size_t begin) {
    if (names_.arrays == nullptr) return true;
    const std::optional<std::int64_t> elements = elements_of(name);
    if (indexed == elements.has_value()) return true;
    fail(begin, name.size(),
         elements ? fmt::format("\"{}\" is an array of {}: name an element, {}[0]", name, *elements, name)
                  : fmt::format("\"{}\" is no array", name));
    return false;
  }

  bool in_range(std::string_view name, double index, std::int64_t elements, std::size_t begin) {
    if (index >= 0 && index < static_cast<double>(elements)) return true;
    fail(begin, name.size(), fmt::format("the elements of \"{}\" are {}[0] to {}[{}]", name, name, name, elements - 1));
    return false;
  }

  std::uint32_t metric() {
    const std::size_t begin = at_;
    std::size_t end = begin + word(begin).size();
    if (end < text_.size() && text_[end] == '[') {
      int depth = 1;
      for (++end; end < text_.size() && depth > 0; ++end) depth += text_[end] == '[' ? 1 : text_[end] == ']' ? -1 : 0;
    }
    while (end + 1 < text_.size() && text_[end] == '.' && is_word(text_[end + 1])) end += 1 + word(end + 1).size();
    MetricParse parsed = parse_metric(text_.substr(begin, end - begin));
    if (!parsed.ref) {
      const std::size_t offset = std::min(begin + parsed.offset, text_.size());
      return fail(offset, std::max<std::size_t>(1, end > offset ? end - offset : 1), parsed.error, parsed.suggestion);
    }
    at_ = end;
    if (!known_key(*parsed.ref, begin)) return 0;
    if (parsed.ref->family == MetricRef::Family::mark && parsed.ref->stat == MetricRef::Stat::rate && !names_.arrivals)
      return fail(begin, end - begin, "the rate of a mark is per arrival, and the scenario has no arrivals",
                  std::string(text_.substr(begin, text_.rfind('.', end) - begin)) + ".per_s");
    const std::uint32_t n = make(Op::metric, begin);
    node(n).name = static_cast<std::uint32_t>(out_.metrics_.size());
    out_.metrics_.push_back(std::move(*parsed.ref));
    return n;
  }

  /// Refuses names that the scenario does not have; a threshold over a misspelt span would never be decided.
  bool known_key(const MetricRef& ref, std::size_t begin) {
    using Family = MetricRef::Family;
    const std::vector<std::string>* known = nullptr;
    std::string_view what;
    std::string name = ref.key;
    switch (ref.family) {
      case Family::span:
        known = names_.spans;
        what = "span";
        break;
      case Family::mark:
        known = names_.marks;
        what = "mark";
        break;
      case Family::log:
        known = names_.logs;
        what = "log";
        break;
      case Family::wait:
        known = names_.objects;
        what = "resource or reason to wait";
        break;
      case Family::delay:
      case Family::late:
      case Family::run:
      case Family::cpu:
        name = ref.who.name();
        if (ref.who.by() == Selector::By::klass)
          known = names_.classes, what = "class";
        else if (ref.who.by() == Selector::By::program || ref.who.by() == Selector::By::ordinal)
          known = names_.programs, what = "program";
        break;
      default: break;
    }
    if (known == nullptr) return true;
    if (std::find(known->begin(), known->end(), name) != known->end())
      return ref.family != Family::wait || fits(name, false, text_.find(name, begin + 1));
    std::vector<std::string> candidates;
    if (ref.family == Family::wait) {
      // An element of an array ("locks[3]"), or a reason to wait.
      const std::string base = name.substr(0, name.find('['));
      if (std::find(known->begin(), known->end(), base) != known->end()) {
        const std::size_t at = text_.find(base, begin + 1);
        if (!fits(base, true, at)) return false;
        const std::optional<std::int64_t> elements = elements_of(base);
        return !elements || in_range(base, number_in(std::string_view(name).substr(base.size())), *elements, at);
      }
      for (std::size_t r = 1; r < static_cast<std::size_t>(WaitReason::kCount); ++r)
        candidates.emplace_back(name_of(static_cast<WaitReason>(r)));
      if (names_.reasons != nullptr)
        candidates.insert(candidates.end(), names_.reasons->begin(), names_.reasons->end());
      if (std::find(candidates.begin(), candidates.end(), name) != candidates.end()) return true;
    }
    candidates.insert(candidates.begin(), known->begin(), known->end());
    const std::size_t key = text_.find(name, begin + 1);
    fail(key == std::string_view::npos ? begin : key, std::max<std::size_t>(1, name.size()),
         fmt::format("there is no {} \"{}\"", what, printable(name)), closest_name(name, candidates));
    return false;
  }

  std::string_view text_;
  const ConditionNames& names_;
  Condition out_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<ConditionError> error_;
};

ConditionParse parse_condition(std::string_view text, const ConditionNames& names) {
  return ConditionParser(text, names).run();
}

// --- evaluation

std::optional<double> Condition::value(const Metrics& metrics, const Variables* variables) const {
  if (nodes_.empty()) return std::nullopt;
  const std::optional<double> v = eval(static_cast<std::uint32_t>(nodes_.size() - 1), metrics, variables);
  return v && std::isnan(*v) ? std::nullopt : v;
}

std::optional<double> Condition::eval(std::uint32_t index, const Metrics& metrics, const Variables* variables) const {
  const Node& n = nodes_[index];
  const auto operand = [&](std::uint32_t i) { return eval(i, metrics, variables); };
  const auto truth = [](bool b) { return std::optional<double>(b ? 1.0 : 0.0); };
  switch (n.op) {
    case Op::number: return n.number;
    case Op::metric: return metrics.value_of(metrics_[n.name]);
    case Op::variable:
    case Op::len:
    case Op::cap: {
      if (variables == nullptr) return std::nullopt;
      std::int64_t element = -1;
      if (n.indexed) {
        const std::optional<double> i = operand(n.a);
        if (!i || !(*i >= 0) || *i > 1e9) return std::nullopt;
        element = static_cast<std::int64_t>(*i);
      }
      const std::string& name = names_[n.name];
      return n.op == Op::variable ? variables->variable(name, element)
             : n.op == Op::len    ? variables->len(name, element)
                                  : variables->cap(name, element);
    }
    case Op::negate: {
      const auto a = operand(n.a);
      return a ? std::optional<double>(-*a) : a;
    }
    case Op::logical_not: {
      const auto a = operand(n.a);
      return a ? truth(*a == 0) : a;
    }
    case Op::logical_and:
    case Op::logical_or: {
      // Kleene: a false side decides &&, a true one ||, even beside an unknown.
      const bool decides = n.op == Op::logical_or;
      const auto a = operand(n.a);
      if (a && (*a != 0) == decides) return truth(decides);
      const auto b = operand(n.b);
      if (b && (*b != 0) == decides) return truth(decides);
      return a && b ? truth(!decides) : std::nullopt;
    }
    case Op::choose: {
      const auto a = operand(n.a);
      return a ? operand(*a != 0 ? n.b : n.c) : a;
    }
    default: break;
  }
  const auto left = operand(n.a);
  const auto right = operand(n.b);
  if (!left || !right) return std::nullopt;
  const double a = *left;
  const double b = *right;
  switch (n.op) {
    case Op::add: return a + b;
    case Op::sub: return a - b;
    case Op::mul: return a * b;
    case Op::div: return b == 0 ? std::optional<double>{} : a / b;
    case Op::mod: return b == 0 ? std::optional<double>{} : std::fmod(a, b);
    case Op::less: return truth(a < b);
    case Op::less_equal: return truth(a <= b);
    case Op::greater: return truth(a > b);
    case Op::greater_equal: return truth(a >= b);
    case Op::equal: return truth(a == b);
    case Op::not_equal: return truth(a != b);
    case Op::min: return std::min(a, b);
    case Op::max: return std::max(a, b);
    default: return std::nullopt;
  }
}

std::vector<std::string> Condition::watched() const {
  std::vector<std::string> all;
  for (const MetricRef& m : metrics_) {
    if (m.who.single()) all.push_back(m.who.text());
  }
  return all;
}

// --- words

std::string_view Condition::text_of(std::uint32_t index) const {
  std::string_view text = std::string_view(text_).substr(nodes_[index].begin, nodes_[index].end - nodes_[index].begin);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);  // blanks before the operator that follows
  return text;
}

MetricUnit Condition::unit_of(std::uint32_t index) const {
  const Node& n = nodes_[index];
  switch (n.op) {
    case Op::number: return static_cast<MetricUnit>(n.name);
    case Op::metric: return metrics_[n.name].unit;
    case Op::negate: return unit_of(n.a);
    case Op::add:
    case Op::sub:
    case Op::min:
    case Op::max:
      return unit_of(n.a) == MetricUnit::number || unit_of(n.a) == MetricUnit::count ? unit_of(n.b) : unit_of(n.a);
    case Op::choose: return unit_of(n.b);
    default: return MetricUnit::number;
  }
}

/// One side of a comparison: a literal as written, a name with its value behind it, what is computed with it in brackets.
void Condition::explain_side(std::uint32_t index, MetricUnit unit, const Metrics& metrics, const Variables* variables,
                             std::string& out) const {
  out += text_of(index);
  if (nodes_[index].op == Op::number) return;
  const std::optional<double> v = eval(index, metrics, variables);
  if (!v) {
    out += " (nothing measured)";
    return;
  }
  const Op op = nodes_[index].op;
  const bool is_name = op == Op::metric || op == Op::variable || op == Op::len || op == Op::cap;
  const std::string value = told(*v, unit, TextStyle{});
  out += is_name ? " " + value : " (" + value + ")";
}

void Condition::explain_node(std::uint32_t index, const Metrics& metrics, const Variables* variables,
                             std::string& out) const {
  const Node& n = nodes_[index];
  switch (n.op) {
    case Op::logical_and:
    case Op::logical_or:
      explain_node(n.a, metrics, variables, out);
      out += n.op == Op::logical_and ? ", " : " or ";
      explain_node(n.b, metrics, variables, out);
      return;
    case Op::logical_not:
      out += "not ";
      explain_node(n.a, metrics, variables, out);
      return;
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::equal:
    case Op::not_equal: {
      static constexpr std::array kSpelled{" < ", " <= ", " > ", " >= ", " == ", " != "};
      MetricUnit unit = unit_of(n.a);
      if (unit == MetricUnit::number || unit == MetricUnit::count)
        unit = unit_of(n.b) == MetricUnit::count ? unit : unit_of(n.b);
      explain_side(n.a, unit, metrics, variables, out);
      out += kSpelled[static_cast<std::size_t>(n.op) - static_cast<std::size_t>(Op::less)];
      explain_side(n.b, unit, metrics, variables, out);
      return;
    }
    default: explain_side(index, unit_of(index), metrics, variables, out); return;
  }
}

std::string Condition::explain(const Metrics& metrics, const Variables* variables) const {
  std::string out;
  if (!nodes_.empty()) explain_node(static_cast<std::uint32_t>(nodes_.size() - 1), metrics, variables, out);
  return out;
}

}  // namespace gmpsim
