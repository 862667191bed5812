#include "scenarios/expression.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "scenarios/diagnostics.hpp"
#include "scenarios/units.hpp"

namespace gmpsim {

const char* name_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::integer: return "an integer";
    case ValueKind::chan: return "a channel";
    case ValueKind::mutex: return "a mutex";
    case ValueKind::rwmutex: return "a rwmutex";
    case ValueKind::wait_group: return "a wait group";
    case ValueKind::cond: return "a cond";
    case ValueKind::once: return "a once";
    case ValueKind::semaphore: return "a semaphore";
    case ValueKind::timer: return "a timer or ticker";
    case ValueKind::context: return "a context";
    case ValueKind::pool: return "a pool";
    case ValueKind::device: return "a socket or file";
    case ValueKind::library: return "a C library";
    case ValueKind::runtime_mutex: return "a mutex of the runtime";
    case ValueKind::tuple: return "a tuple";
  }
  return "?";
}

namespace {

constexpr std::array<std::pair<std::string_view, GaugeName>, 8> kGauges{{
    {"goroutines.live", GaugeName::goroutines_live},
    {"goroutines.runnable", GaugeName::goroutines_runnable},
    {"procs.total", GaugeName::procs_total},
    {"procs.idle", GaugeName::procs_idle},
    {"threads.total", GaugeName::threads_total},
    {"timers.pending", GaugeName::timers_pending},
    {"heap.live", GaugeName::heap_live},
    {"heap.stacks", GaugeName::heap_stacks},
}};

struct Function {
  std::string_view name;
  Ast::Op op;
  std::uint32_t least;  // number of arguments
  std::uint32_t most;
};
constexpr std::array<Function, 10> kFunctions{{
    {"min", Ast::Op::min, 1, 1000},
    {"max", Ast::Op::max, 1, 1000},
    {"len", Ast::Op::len, 1, 1},
    {"cap", Ast::Op::cap, 1, 1},
    {"newchan", Ast::Op::newchan, 1, 1},
    {"new", Ast::Op::fresh, 1, 1},
    {"err", Ast::Op::err, 1, 1},
    {"rand", Ast::Op::rand, 1, 1},
    {"now", Ast::Op::now, 0, 0},
    {"self", Ast::Op::self, 0, 0},
}};

constexpr std::int64_t kMostElements = std::int64_t{1} << 45;  // of 8 bytes, in an address space of 2^48
constexpr const char* kOverflow = "integer overflow";
constexpr const char* kDivisionByZero = "division by zero";
constexpr const char* kNeedsInteger = "an integer is needed here";

/// One operation on two values (the left is ignored by those with one operand). Null, or what went wrong.
const char* apply(ExprWord::Op op, Value l, Value r, Value& out) {
  using Op = ExprWord::Op;
  if (op == Op::eq || op == Op::ne) {
    out = Value{static_cast<std::int64_t>((l == r) == (op == Op::eq))};
    return nullptr;
  }
  if (!r.is_integer() || !l.is_integer()) [[unlikely]]
    return kNeedsInteger;
  const std::int64_t x = l.bits;
  const std::int64_t y = r.bits;
  std::int64_t z = 0;
  switch (op) {
    case Op::add:
      if (__builtin_add_overflow(x, y, &z)) return kOverflow;
      break;
    case Op::sub:
      if (__builtin_sub_overflow(x, y, &z)) return kOverflow;
      break;
    case Op::mul:
      if (__builtin_mul_overflow(x, y, &z)) return kOverflow;
      break;
    case Op::div:
      if (y == 0) return kDivisionByZero;
      if (y == -1 && x == std::numeric_limits<std::int64_t>::min()) return kOverflow;
      z = x / y;
      break;
    case Op::mod:
      if (y == 0) return kDivisionByZero;
      z = y == -1 ? 0 : x % y;
      break;
    case Op::lt: z = x < y; break;
    case Op::le: z = x <= y; break;
    case Op::gt: z = x > y; break;
    case Op::ge: z = x >= y; break;
    case Op::min: z = std::min(x, y); break;
    case Op::max: z = std::max(x, y); break;
    case Op::neg:
      if (__builtin_sub_overflow(std::int64_t{0}, y, &z)) return kOverflow;
      break;
    case Op::logical_not: z = y == 0; break;
    case Op::truth: z = y != 0; break;
    default: break;
  }
  out = Value{z};
  return nullptr;
}

}  // namespace

ExprWord::Op detail::word_of(Ast::Op op) {
  switch (op) {
    case Ast::Op::constant:
    case Ast::Op::slot: return ExprWord::Op::load;
    case Ast::Op::shared: return ExprWord::Op::shared;
    case Ast::Op::shared_at: return ExprWord::Op::shared_at;
    case Ast::Op::resource: return ExprWord::Op::resource;
    case Ast::Op::resource_at: return ExprWord::Op::resource_at;
    case Ast::Op::gauge: return ExprWord::Op::gauge;
    case Ast::Op::neg: return ExprWord::Op::neg;
    case Ast::Op::logical_not: return ExprWord::Op::logical_not;
    case Ast::Op::add: return ExprWord::Op::add;
    case Ast::Op::sub: return ExprWord::Op::sub;
    case Ast::Op::mul: return ExprWord::Op::mul;
    case Ast::Op::div: return ExprWord::Op::div;
    case Ast::Op::mod: return ExprWord::Op::mod;
    case Ast::Op::eq: return ExprWord::Op::eq;
    case Ast::Op::ne: return ExprWord::Op::ne;
    case Ast::Op::lt: return ExprWord::Op::lt;
    case Ast::Op::le: return ExprWord::Op::le;
    case Ast::Op::gt: return ExprWord::Op::gt;
    case Ast::Op::ge: return ExprWord::Op::ge;
    case Ast::Op::logical_and: return ExprWord::Op::and_jump;
    case Ast::Op::logical_or: return ExprWord::Op::or_jump;
    case Ast::Op::conditional: return ExprWord::Op::branch_false;
    case Ast::Op::min: return ExprWord::Op::min;
    case Ast::Op::max: return ExprWord::Op::max;
    case Ast::Op::len: return ExprWord::Op::len;
    case Ast::Op::cap: return ExprWord::Op::cap;
    case Ast::Op::newchan: return ExprWord::Op::newchan;
    case Ast::Op::fresh: return ExprWord::Op::fresh;
    case Ast::Op::err: return ExprWord::Op::err;
    case Ast::Op::rand: return ExprWord::Op::rand;
    case Ast::Op::now: return ExprWord::Op::now;
    case Ast::Op::self: return ExprWord::Op::self;
  }
  return ExprWord::Op::end;
}

std::vector<std::string> gauge_names() {
  std::vector<std::string> out;
  for (const auto& [name, gauge] : kGauges) out.emplace_back(name);
  return out;
}

std::optional<GaugeName> gauge_named(std::string_view name) {
  for (const auto& [known, gauge] : kGauges) {
    if (known == name) return gauge;
  }
  return std::nullopt;
}

ExprFacts Ast::facts() const {
  ExprFacts f;
  const Node& r = nodes[root];
  f.constant = r.op == Op::constant;
  f.says = r.says;
  f.value = Value{r.value};
  for (const Node& n : nodes) {
    // Folding keeps the mark of a unit, and operands that were folded away are still in `nodes`.
    f.plain_literals &= n.op == Op::constant ? !n.unit : (n.op >= Op::neg && n.op <= Op::max);
  }
  f.is_reference = r.op == Op::resource || r.op == Op::resource_at || r.op == Op::newchan || r.op == Op::fresh;
  f.kind = r.op == Op::newchan ? ValueKind::chan : r.kind;
  f.is_integer =
      !f.is_reference && r.op != Op::slot && r.op != Op::shared && r.op != Op::shared_at && r.op != Op::conditional;
  return f;
}

// --- parsing

namespace {

enum class Token : std::uint8_t {
  end,
  number,
  name,
  left,
  right,
  open,
  close,
  comma,
  question,
  colon,
  plus,
  minus,
  star,
  slash,
  percent,
  bang,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  and_and,
  or_or,
  wrong,
};

class Parser {
 public:
  Parser(std::string_view text, const Names& names, std::vector<ExprProblem>& out)
      : text_(text), names_(names), out_(out) {}

  std::optional<Ast> run() {
    if (text_.size() > kExprMaxLength) {
      problem(0, 0, "E0401", "an expression may be " + std::to_string(kExprMaxLength) + " characters long");
      return std::nullopt;
    }
    next();
    if (token_ == Token::end) {
      problem(0, 0, "E0401", "an expression is missing here");
      return std::nullopt;
    }
    ast_.root = conditional();
    if (!failed_ && token_ != Token::end) unexpected("an operator or the end");
    if (failed_ || had_problem_) return std::nullopt;
    return std::move(ast_);
  }

 private:
  // --- words
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  void next() {
    last_end_ = end_;
    while (at(end_) == ' ' || at(end_) == '\t' || at(end_) == '\n' || at(end_) == '\r') ++end_;
    begin_ = end_;
    if (begin_ >= text_.size()) {
      token_ = Token::end;
      return;
    }
    const char c = text_[begin_];
    if (is_digit(c)) return number();
    if (is_letter(c)) return name();
    const char d = at(begin_ + 1);
    const auto two = [&](Token t) {
      token_ = t;
      end_ += 2;
    };
    if (c == '=' && d == '=') return two(Token::eq);
    if (c == '!' && d == '=') return two(Token::ne);
    if (c == '<' && d == '=') return two(Token::le);
    if (c == '>' && d == '=') return two(Token::ge);
    if (c == '&' && d == '&') return two(Token::and_and);
    if (c == '|' && d == '|') return two(Token::or_or);
    ++end_;
    switch (c) {
      case '(': token_ = Token::left; return;
      case ')': token_ = Token::right; return;
      case '[': token_ = Token::open; return;
      case ']': token_ = Token::close; return;
      case ',': token_ = Token::comma; return;
      case '?': token_ = Token::question; return;
      case ':': token_ = Token::colon; return;
      case '+': token_ = Token::plus; return;
      case '-': token_ = Token::minus; return;
      case '*': token_ = Token::star; return;
      case '/': token_ = Token::slash; return;
      case '%': token_ = Token::percent; return;
      case '!': token_ = Token::bang; return;
      case '<': token_ = Token::lt; return;
      case '>': token_ = Token::gt; return;
      default: break;
    }
    while ((at(end_) & 0xC0) == 0x80) ++end_;  // the rest of a character outside ASCII
    token_ = Token::wrong;
    const std::string shown(text_.substr(begin_, end_ - begin_));
    const char* hint = c == '='               ? "a comparison is ==; values are stored with let or set"
                       : c == '&' || c == '|' ? "the logical operators are && and ||; there are none on bits"
                                              : "";
    failed_ = true;
    problem(begin_, end_, "E0401", "\"" + shown + "\" means nothing in an expression", hint);
  }

  void name() {
    token_ = Token::name;
    while (is_letter(at(end_)) || is_digit(at(end_))) ++end_;
    // A dot joins the parts of a gauge's name.
    while (at(end_) == '.' && is_letter(at(end_ + 1))) {
      ++end_;
      while (is_letter(at(end_)) || is_digit(at(end_))) ++end_;
    }
  }

  void number() {
    token_ = Token::number;
    while (is_digit(at(end_))) ++end_;
    if (at(end_) == '.') {
      ++end_;
      while (is_digit(at(end_))) ++end_;
    }
    const std::uint32_t digits_end = end_;
    if (at(end_) == '\xC2' && at(end_ + 1) == '\xB5') end_ += 2;  // µ
    while (is_letter(at(end_)) || is_digit(at(end_))) ++end_;
    // Only letters make a unit here: "10%3" and "10/s" are a remainder and a quotient.
    const QuantityResult q = parse_quantity(text_.substr(begin_, end_ - begin_));
    number_ = q.quantity.value;
    has_unit_ = q.quantity.unit != Unit::none;
    unit_ = q.quantity.unit;
    const std::string shown(text_.substr(begin_, end_ - begin_));
    switch (q.problem) {
      case QuantityProblem::none: break;
      case QuantityProblem::too_large: problem(begin_, end_, "E0402", shown + " does not fit into 64 bits"); break;
      case QuantityProblem::not_whole:
        problem(begin_, end_, "E0402", shown + " is not a whole number" + (digits_end < end_ ? " of ns or bytes" : ""));
        break;
      default:
        problem(digits_end, end_, "E0402", "\"" + shown.substr(digits_end - begin_) + "\" is no unit",
                "times: " + std::string(units_of(Unit::time)) + "; sizes: " + std::string(units_of(Unit::size)));
    }
  }

  // --- grammar; each level returns the index of its node
  std::uint32_t conditional() {
    if (++depth_ > kExprMaxDepth) {
      if (!failed_) problem(begin_, end_, "E0401", "the expression is nested too deeply");
      failed_ = true;
    }
    const std::uint32_t condition = failed_ ? nothing() : binary(0);
    std::uint32_t result = condition;
    if (!failed_ && token_ == Token::question) {
      next();
      const std::uint32_t yes = conditional();
      if (expect(Token::colon, "\":\"")) {
        const std::uint32_t no = conditional();
        if (!failed_) result = fold_conditional(condition, yes, no);
      }
    }
    --depth_;
    return result;
  }

  struct Operator {
    int level;
    Ast::Op op;
  };
  [[nodiscard]] static Operator operator_of(Token t) {
    switch (t) {
      case Token::or_or: return {1, Ast::Op::logical_or};
      case Token::and_and: return {2, Ast::Op::logical_and};
      case Token::eq: return {3, Ast::Op::eq};
      case Token::ne: return {3, Ast::Op::ne};
      case Token::lt: return {3, Ast::Op::lt};
      case Token::le: return {3, Ast::Op::le};
      case Token::gt: return {3, Ast::Op::gt};
      case Token::ge: return {3, Ast::Op::ge};
      case Token::plus: return {4, Ast::Op::add};
      case Token::minus: return {4, Ast::Op::sub};
      case Token::star: return {5, Ast::Op::mul};
      case Token::slash: return {5, Ast::Op::div};
      case Token::percent: return {5, Ast::Op::mod};
      default: return {0, Ast::Op::constant};
    }
  }

  std::uint32_t binary(int above) {
    std::uint32_t left = unary();
    for (;;) {
      const Operator o = operator_of(token_);
      if (failed_ || o.level <= above) return left;
      next();
      const std::uint32_t right = binary(o.level);
      if (failed_) return left;
      left = fold_binary(o.op, left, right);
    }
  }

  std::uint32_t unary() {
    if (token_ != Token::minus && token_ != Token::bang && token_ != Token::plus) return postfix();
    if (++depth_ > kExprMaxDepth) {
      if (!failed_) problem(begin_, end_, "E0401", "the expression is nested too deeply");
      failed_ = true;
      return nothing();
    }
    const Token t = token_;
    const std::uint32_t begin = begin_;
    const bool had_problem = had_problem_;
    next();
    // The one literal whose magnitude alone does not fit.
    if (t == Token::minus && token_ == Token::number && text_.substr(begin_, end_ - begin_) == "9223372036854775808") {
      out_.pop_back();
      had_problem_ = had_problem;
      number_ = std::numeric_limits<std::int64_t>::min();
      const std::uint32_t literal = add({.op = Ast::Op::constant, .begin = begin, .end = end_, .value = number_});
      next();
      --depth_;
      return literal;
    }
    const std::uint32_t operand = unary();
    --depth_;
    if (failed_ || t == Token::plus) return operand;
    return fold_unary(t == Token::minus ? Ast::Op::neg : Ast::Op::logical_not, operand, begin);
  }

  std::uint32_t postfix() {
    switch (token_) {
      case Token::number: {
        const std::uint32_t n = add({.op = Ast::Op::constant,
                                     .unit = has_unit_,
                                     .says = unit_,
                                     .begin = begin_,
                                     .end = end_,
                                     .value = number_});
        next();
        return n;
      }
      case Token::left: {
        next();
        const std::uint32_t inside = conditional();
        expect(Token::right, "\")\"");
        return inside;
      }
      case Token::name: return named();
      default: unexpected("a value"); return nothing();
    }
  }

  std::uint32_t named() {
    const std::uint32_t begin = begin_;
    const std::uint32_t name_end = end_;
    const std::string_view name = text_.substr(begin_, end_ - begin_);
    next();
    if (token_ == Token::left) return call(name, begin, name_end);
    if (name == "nil" || name == "false")
      return add({.op = Ast::Op::constant, .unit = true, .begin = begin, .end = name_end});
    if (name == "true")
      return add({.op = Ast::Op::constant, .unit = true, .begin = begin, .end = name_end, .value = 1});
    if (const auto gauge = gauge_named(name)) {
      return add({.op = Ast::Op::gauge, .begin = begin, .end = name_end, .index = static_cast<std::uint32_t>(*gauge)});
    }
    const Symbol s = resolve(name, begin, name_end);
    if (token_ == Token::open) return element(s, name, begin, name_end);
    if (s.count > 0) {
      problem(begin, name_end, "E0404", "\"" + std::string(name) + "\" is an array",
              "name one of its elements: " + std::string(name) + "[0]");
      return nothing();
    }
    return add({.op = op_of(s),
                .unit = true,
                .kind = s.holds,
                .begin = begin,
                .end = name_end,
                .index = s.index,
                .value = s.value});
  }

  [[nodiscard]] static Ast::Op op_of(const Symbol& s) {
    switch (s.kind) {
      case Symbol::Kind::slot: return Ast::Op::slot;
      case Symbol::Kind::shared: return Ast::Op::shared;
      case Symbol::Kind::resource: return Ast::Op::resource;
      default: return Ast::Op::constant;
    }
  }

  std::uint32_t element(const Symbol& s, std::string_view name, std::uint32_t begin, std::uint32_t name_end) {
    next();
    const std::uint32_t index = conditional();
    const std::uint32_t end = end_;
    if (!expect(Token::close, "\"]\"") || s.kind == Symbol::Kind::unknown || s.kind == Symbol::Kind::refused)
      return nothing();
    if (s.count == 0) {
      problem(begin, name_end, "E0404", "\"" + std::string(name) + "\" is not an array",
              "arrays are resources with \"array\": n");
      return nothing();
    }
    const bool shared = s.kind == Symbol::Kind::shared;
    const Ast::Node& i = ast_.nodes[index];
    if (i.op == Ast::Op::constant && i.value >= 0 && i.value < s.count) {
      return add({.op = shared ? Ast::Op::shared : Ast::Op::resource,
                  .unit = true,
                  .kind = s.holds,
                  .begin = begin,
                  .end = end,
                  .index = s.index + static_cast<std::uint32_t>(i.value)});
    }
    return add({.op = shared ? Ast::Op::shared_at : Ast::Op::resource_at,
                .unit = true,
                .kind = s.holds,
                .begin = begin,
                .end = end,
                .a = index,
                .index = s.index,
                .count = s.count});
  }

  std::uint32_t call(std::string_view name, std::uint32_t begin, std::uint32_t name_end) {
    const auto* f =
        std::find_if(kFunctions.begin(), kFunctions.end(), [&](const Function& k) { return k.name == name; });
    if (f == kFunctions.end()) {
      std::vector<std::string> known;
      for (const Function& k : kFunctions) known.emplace_back(k.name);
      const std::string near = nearest(name, known);
      problem(
          begin, name_end, "E0403", "there is no function \"" + std::string(name) + "\"",
          near.empty() ? "functions: min max len cap newchan new err rand now self" : "did you mean \"" + near + "\"?");
    }
    next();
    const bool names_resource =
        f != kFunctions.end() && (f->op == Ast::Op::len || f->op == Ast::Op::fresh) && token_ == Token::name;
    if (names_resource) {
      if (const auto whole = of_resource(f->op, begin)) return *whole;
    }
    std::vector<std::uint32_t> arguments;
    if (token_ != Token::right) {
      do {
        if (!arguments.empty()) next();
        arguments.push_back(conditional());
      } while (!failed_ && token_ == Token::comma);
    }
    const std::uint32_t end = end_;
    if (!expect(Token::right, "\",\" or \")\"") || f == kFunctions.end()) return nothing();
    if (arguments.size() < f->least || arguments.size() > f->most) {
      problem(begin, end, "E0403",
              std::string(name) + " takes " +
                  (f->most == 0   ? "no argument"
                   : f->most == 1 ? "one argument"
                                  : "at least one argument"));
      return nothing();
    }
    if (f->op == Ast::Op::fresh) {
      problem(begin, end, "E0403", "new takes the name of a resource",
              "new(r) makes a fresh copy of the declared resource r");
      return nothing();
    }
    if (f->op == Ast::Op::min || f->op == Ast::Op::max) {
      std::uint32_t result = arguments[0];
      for (std::size_t i = 1; i < arguments.size(); ++i) result = fold_binary(f->op, result, arguments[i]);
      ast_.nodes[result].begin = begin;
      ast_.nodes[result].end = end;
      return result;
    }
    Ast::Node n{.op = f->op, .begin = begin, .end = end, .a = arguments.empty() ? 0 : arguments[0]};
    if (f->op == Ast::Op::rand) n.index = ast_.draws++;
    return add(n);
  }

  // `len(x)` of an array, `new(r)`: the name of a resource rather than a value. Nothing: an ordinary argument follows.
  std::optional<std::uint32_t> of_resource(Ast::Op op, std::uint32_t begin) {
    const std::string_view name = text_.substr(begin_, end_ - begin_);
    const std::uint32_t name_begin = begin_, name_end = end_;
    const Symbol s = names_.find(name);
    std::size_t after = end_;
    while (at(after) == ' ') ++after;
    if (at(after) != ')') return std::nullopt;
    if (op == Ast::Op::len && s.count == 0) return std::nullopt;
    next();
    const std::uint32_t end = end_;
    next();
    if (op == Ast::Op::len) {
      return add({.op = Ast::Op::constant, .unit = true, .begin = begin, .end = end, .value = s.count});
    }
    if (s.kind == Symbol::Kind::unknown) {
      resolve(name, name_begin, name_end);
    } else if (s.kind != Symbol::Kind::resource) {
      problem(name_begin, name_end, "E0403", "new cannot copy \"" + std::string(name) + "\"",
              "it copies declared resources; anything but var, heap and cgo_lib");
    }
    return add({.op = Ast::Op::fresh, .unit = true, .kind = s.holds, .begin = begin, .end = end, .index = s.object});
  }

  Symbol resolve(std::string_view name, std::uint32_t begin, std::uint32_t end) {
    Symbol s = names_.find(name);
    if (s.kind == Symbol::Kind::refused) {
      problem(begin, end, "E0405", "\"" + std::string(name) + "\" " + s.why);
    } else if (s.kind == Symbol::Kind::unknown) {
      const bool function =
          std::any_of(kFunctions.begin(), kFunctions.end(), [&](const Function& f) { return f.name == name; });
      const std::string near = nearest(name, names_.visible());
      problem(
          begin, end, "E0403",
          function ? "\"" + std::string(name) + "\" is a function" : "\"" + std::string(name) + "\" is not known here",
          function       ? "call it: " + std::string(name) + "(…)"
          : near.empty() ? names_.help(name)
                         : "did you mean \"" + near + "\"?");
    }
    return s;
  }

  // --- nodes and folding
  std::uint32_t add(Ast::Node n) {
    ast_.nodes.push_back(n);
    return static_cast<std::uint32_t>(ast_.nodes.size() - 1);
  }
  // What a wrong part leaves behind, so that the rest can be looked at.
  std::uint32_t nothing() { return add({.op = Ast::Op::constant}); }
  [[nodiscard]] bool is_constant(std::uint32_t n) const { return ast_.nodes[n].op == Ast::Op::constant; }

  // What would fail is left to run time: it may stand where it is never evaluated.
  std::uint32_t fold_unary(Ast::Op op, std::uint32_t a, std::uint32_t begin) {
    const Ast::Node& x = ast_.nodes[a];
    Value v;
    if (is_constant(a) && apply(detail::word_of(op), Value{}, Value{x.value}, v) == nullptr) {
      return add(
          {.op = Ast::Op::constant, .unit = x.unit, .says = x.says, .begin = begin, .end = x.end, .value = v.bits});
    }
    return add({.op = op, .says = op == Ast::Op::neg ? x.says : Unit::none, .begin = begin, .end = x.end, .a = a});
  }

  std::uint32_t fold_binary(Ast::Op op, std::uint32_t a, std::uint32_t b) {
    const Ast::Node x = ast_.nodes[a];
    const Ast::Node y = ast_.nodes[b];
    Ast::Node n{
        .op = op, .unit = x.unit || y.unit, .says = says(op, x, y), .begin = x.begin, .end = y.end, .a = a, .b = b};
    const bool logical = op == Ast::Op::logical_and || op == Ast::Op::logical_or;
    Value v;
    if (logical && is_constant(a) && (x.value != 0) == (op == Ast::Op::logical_or)) {
      n.op = Ast::Op::constant;
      n.value = x.value != 0;
    } else if (is_constant(a) && is_constant(b)) {
      if (logical) {
        n.op = Ast::Op::constant;
        n.value = y.value != 0;
      } else if (apply(detail::word_of(op), Value{x.value}, Value{y.value}, v) == nullptr) {
        n.op = Ast::Op::constant;
        n.value = v.bits;
      }
    }
    return add(n);
  }

  /// What the result is, as far as the units of literals tell; a time and a size do not meet.
  Unit says(Ast::Op op, const Ast::Node& x, const Ast::Node& y) {
    const bool both = x.says != Unit::none && y.says != Unit::none;
    switch (op) {
      case Ast::Op::mul: return both ? Unit::none : std::max(x.says, y.says);
      case Ast::Op::div: return y.says == Unit::none ? x.says : Unit::none;
      case Ast::Op::logical_and:
      case Ast::Op::logical_or: return Unit::none;
      default: break;
    }
    if (both && x.says != y.says) problem(x.begin, y.end, "E0402", "a time and a size do not go together");
    const bool number =
        op == Ast::Op::add || op == Ast::Op::sub || op == Ast::Op::mod || op == Ast::Op::min || op == Ast::Op::max;
    return number ? std::max(x.says, y.says) : Unit::none;
  }

  std::uint32_t fold_conditional(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    if (is_constant(a)) return ast_.nodes[a].value != 0 ? b : c;
    return add(
        {.op = Ast::Op::conditional, .begin = ast_.nodes[a].begin, .end = ast_.nodes[c].end, .a = a, .b = b, .c = c});
  }

  // --- problems
  bool expect(Token t, const char* what) {
    if (failed_) return false;
    if (token_ != t) {
      unexpected(what);
      return false;
    }
    next();
    return true;
  }
  void unexpected(const char* wanted) {
    if (failed_) return;
    failed_ = true;
    if (token_ == Token::end) {
      problem(last_end_, last_end_, "E0401", std::string(wanted) + " is missing at the end of the expression");
    } else {
      problem(begin_, end_, "E0401",
              std::string(wanted) + " is expected before \"" + std::string(text_.substr(begin_, end_ - begin_)) + "\"");
    }
  }
  void problem(std::uint32_t begin, std::uint32_t end, std::string code, std::string message, std::string hint = {}) {
    had_problem_ = true;
    out_.push_back({begin, end, std::move(code), std::move(message), std::move(hint)});
  }

  std::string_view text_;
  const Names& names_;
  std::vector<ExprProblem>& out_;
  Ast ast_;
  Token token_ = Token::end;
  std::uint32_t begin_ = 0, end_ = 0, last_end_ = 0;
  std::int64_t number_ = 0;
  bool has_unit_ = false;
  Unit unit_ = Unit::none;
  std::size_t depth_ = 0;
  bool failed_ = false;       // the grammar broke: nothing more can be said
  bool had_problem_ = false;  // a name or a literal was wrong: parsing went on
};

}  // namespace

std::optional<Ast> parse_expression(std::string_view text, const Names& names, std::vector<ExprProblem>& out) {
  return Parser(text, names, out).run();
}

// --- evaluation

namespace {

// `Value` initialises itself; thousands of cells must not be cleared for each evaluation.
struct Stack {
  std::int64_t bits[4 * kExprMaxDepth + 8];
  ValueKind kinds[4 * kExprMaxDepth + 8];
};

bool fail(ExprEnv& env, const ExprWord& word, const char* why, ValueKind kind = ValueKind::integer) {
  env.failure = why;
  env.failure_kind = kind;
  env.failure_place = word.place;
  return false;
}

[[gnu::noinline]] bool fail_apply(ExprEnv& env, const ExprWord& word, Value left, Value right) {
  Value ignored;
  return fail(env, word, apply(word.op, left, right, ignored), left.is_integer() ? right.kind : left.kind);
}

}  // namespace

bool evaluate(const ExprWord* word, ExprEnv& env, Value& out) {
  using Op = ExprWord::Op;
  Stack stack;
  std::size_t depth = 0;
  Value acc;
  const auto push = [&] {
    stack.bits[depth] = acc.bits;
    stack.kinds[depth++] = acc.kind;
  };
  // The right side of a binary operation; with one from the stack, the accumulator changes sides.
  const auto right_side = [&]() -> Value {
    if (word->right == ExprWord::Right::immediate) return Value{word->value};
    if (word->right == ExprWord::Right::slot) return env.slots[word->value];
    const Value right = acc;
    --depth;
    acc = Value{stack.kinds[depth], stack.bits[depth]};
    return right;
  };
  for (;; ++word) {
    switch (word->op) {
      case Op::end: out = acc; return true;
      case Op::load:
        if (word->push) push();
        acc = word->right == ExprWord::Right::slot ? env.slots[word->value] : Value{word->value};
        break;
      case Op::shared:
        if (word->push) push();
        acc = env.shared[word->value];
        if (env.watched) [[unlikely]]
          env.host->loaded(static_cast<std::uint32_t>(word->value));
        break;
      case Op::resource:
        if (word->push) push();
        acc = env.resources[word->value];
        break;
      case Op::shared_at:
      case Op::resource_at: {
        if (!acc.is_integer()) return fail(env, *word, kNeedsInteger, acc.kind);
        const auto first = static_cast<std::uint32_t>(word->value);
        const auto count = static_cast<std::uint64_t>(word->value) >> 32;
        if (static_cast<std::uint64_t>(acc.bits) >= count) return fail(env, *word, "the index is out of range");
        const auto cell = first + static_cast<std::uint32_t>(acc.bits);
        acc = (word->op == Op::shared_at ? env.shared : env.resources)[cell];
        if (env.watched && word->op == Op::shared_at) [[unlikely]]
          env.host->loaded(cell);
        break;
      }
      case Op::gauge:
        if (word->push) push();
        acc = Value{env.host->gauge(static_cast<GaugeName>(word->value))};
        break;
      case Op::now:
        if (word->push) push();
        acc = Value{env.host->now()};
        break;
      case Op::self:
        if (word->push) push();
        acc = Value{env.host->self()};
        break;
      case Op::fresh:
        if (word->push) push();
        if (!env.host->fresh(static_cast<std::uint32_t>(word->value), acc))
          return fail(env, *word, "there is no room for another resource");
        break;
      case Op::neg:
      case Op::logical_not:
      case Op::truth:
        if (const char* why = apply(word->op, Value{}, acc, acc)) return fail(env, *word, why, acc.kind);
        break;
      case Op::and_jump:
      case Op::or_jump:
        if (!acc.is_integer()) return fail(env, *word, kNeedsInteger, acc.kind);
        if ((acc.bits != 0) == (word->op == Op::or_jump)) {
          acc.bits = acc.bits != 0;
          word += word->value - 1;
        }
        break;
      case Op::branch_false:
        if (!acc.is_integer()) return fail(env, *word, kNeedsInteger, acc.kind);
        if (acc.bits == 0) word += word->value - 1;
        break;
      case Op::jump: word += word->value - 1; break;
      case Op::len:
        if (!env.host->len(acc, acc)) return fail(env, *word, "len takes a channel", acc.kind);
        break;
      case Op::cap:
        if (!env.host->cap(acc, acc)) return fail(env, *word, "cap takes a channel", acc.kind);
        break;
      case Op::newchan:
        if (!acc.is_integer()) return fail(env, *word, kNeedsInteger, acc.kind);
        if (acc.bits < 0) return fail(env, *word, "a capacity cannot be negative");
        if (acc.bits > kMostElements) return fail(env, *word, "makechan: size out of range");
        if (!env.host->newchan(acc.bits, acc)) return fail(env, *word, "there is no room for another channel");
        break;
      case Op::err:
        if (!env.host->err(acc, acc)) return fail(env, *word, "err takes a context", acc.kind);
        break;
      case Op::rand:
        if (!acc.is_integer()) return fail(env, *word, kNeedsInteger, acc.kind);
        if (acc.bits <= 0) return fail(env, *word, "rand takes a number above 0");
        acc = Value{env.host->rand(static_cast<std::uint32_t>(word->value), acc.bits)};
        break;
      // The common operations on integers stand here once more, so that each costs one dispatch.
      case Op::add: {
        const Value right = right_side();
        std::int64_t z = 0;
        if (!(acc.is_integer() && right.is_integer()) || __builtin_add_overflow(acc.bits, right.bits, &z)) [[unlikely]]
          return fail_apply(env, *word, acc, right);
        acc = Value{z};
        break;
      }
      case Op::sub: {
        const Value right = right_side();
        std::int64_t z = 0;
        if (!(acc.is_integer() && right.is_integer()) || __builtin_sub_overflow(acc.bits, right.bits, &z)) [[unlikely]]
          return fail_apply(env, *word, acc, right);
        acc = Value{z};
        break;
      }
      case Op::mul: {
        const Value right = right_side();
        std::int64_t z = 0;
        if (!(acc.is_integer() && right.is_integer()) || __builtin_mul_overflow(acc.bits, right.bits, &z)) [[unlikely]]
          return fail_apply(env, *word, acc, right);
        acc = Value{z};
        break;
      }
      case Op::eq: {
        const Value right = right_side();
        acc = Value{static_cast<std::int64_t>(acc == right)};
        break;
      }
      case Op::ne: {
        const Value right = right_side();
        acc = Value{static_cast<std::int64_t>(acc != right)};
        break;
      }
      default: {
        const Value right = right_side();
        Value result;
        if (apply(word->op, acc, right, result) != nullptr) [[unlikely]]
          return fail_apply(env, *word, acc, right);
        acc = result;
        break;
      }
    }
  }
}

}  // namespace gmpsim
