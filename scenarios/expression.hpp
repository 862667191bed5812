#pragma once
// The expression language: integers and references, evaluated in one instant.
//
// The way of an expression: text -> parse -> Ast (constants folded) -> emit -> a few words of code -> evaluate. The
// code is for a machine with an accumulator and a small stack: a leaf loads the accumulator, a binary operation takes
// its right side from the stack, from an immediate or from a variable, so that `x + 1` is two words. Words that can
// fail know where in the document they come from.
//
// Precedence and associativity are Go's (|| lowest, then &&, comparisons, + -, * / %, unary), with C's `?:` below all
// of them. `/` and `%` truncate toward zero. Overflow, division by zero and operands of the wrong kind are failures of
// the evaluation, never of the process: what would fail is not folded but left to run time, because it may never be
// reached. Rejected: walking the tree at run time (a pointer chase per node), one closure per node (allocation, two
// calls per node). Invariants: nesting is bounded by kExprMaxDepth, so neither the parser nor the stack of an
// evaluation can overflow; code only jumps forward, so an evaluation ends.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/units.hpp"
#include "scenarios/value.hpp"

namespace gmpsim {

inline constexpr std::size_t kExprMaxDepth = 100;
inline constexpr std::size_t kExprMaxLength = 4096;

/// What a name means where an expression stands.
struct Symbol {
  enum class Kind : std::uint8_t {
    unknown,
    constant,  ///< a parameter: `value`
    slot,      ///< a variable of the goroutine: `index`
    shared,    ///< a `var` resource: `index` of its (first) cell, `count` of an array
    resource,  ///< any other resource: `index` in the table of resources, `count` of an array
    refused,   ///< known, but not usable here: `why`
  };
  Kind kind = Kind::unknown;
  std::uint32_t index = 0;
  std::uint32_t count = 0;  ///< elements of an array; 0: not an array
  std::int64_t value = 0;
  ValueKind holds = ValueKind::integer;  ///< resource: what kind of reference it is
  std::uint32_t object = 0;              ///< resource: its number among the declared ones (for `new`)
  std::string why;
};

/// The names that an expression may use.
class Names {
 public:
  virtual ~Names() = default;
  [[nodiscard]] virtual Symbol find(std::string_view name) const = 0;
  /// All names that are visible, for suggestions.
  [[nodiscard]] virtual std::vector<std::string> visible() const = 0;
  /// Where names come from, for a name that is like none of them.
  [[nodiscard]] virtual std::string help(std::string_view) const { return {}; }
};

/// Gauges of the running world that programs may read.
enum class GaugeName : std::uint8_t {
  goroutines_live,
  goroutines_runnable,
  procs_total,
  procs_idle,
  threads_total,
  timers_pending,
  heap_live,
  heap_stacks,
};
[[nodiscard]] std::optional<GaugeName> gauge_named(std::string_view name);
[[nodiscard]] std::vector<std::string> gauge_names();

/// Something wrong with an expression; `begin`, `end` are offsets in its text.
struct ExprProblem {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string code;
  std::string message;
  std::string hint;
};

/// What is known about the value of an expression before it is evaluated.
struct ExprFacts {
  bool constant = false;
  Value value;                 ///< when constant
  Unit says = Unit::none;      ///< certainly a time or a size
  bool plain_literals = true;  ///< made of literals without a unit alone: no time, whatever its value
  bool is_reference = false;   ///< certainly a reference, of kind `kind`
  ValueKind kind = ValueKind::integer;
  bool is_integer = false;  ///< certainly an integer
};

/// A parsed expression.
class Ast {
 public:
  enum class Op : std::uint8_t {
    constant,
    slot,
    shared,
    shared_at,
    resource,
    resource_at,
    gauge,
    neg,
    logical_not,
    add,
    sub,
    mul,
    div,
    mod,
    eq,
    ne,
    lt,
    le,
    gt,
    ge,
    logical_and,
    logical_or,
    conditional,
    min,
    max,
    len,
    cap,
    newchan,
    fresh,
    err,
    rand,
    now,
    self,
  };
  struct Node {
    Op op = Op::constant;
    bool unit = false;                    ///< constant: not a literal without a unit
    Unit says = Unit::none;               ///< a time or a size, by the units of literals; none: it cannot be told
    ValueKind kind = ValueKind::integer;  ///< resource: what kind of reference it is
    std::uint32_t begin = 0, end = 0;     ///< where it stands in the text
    std::uint32_t a = 0, b = 0, c = 0;    ///< operands: indices of nodes
    std::uint32_t index = 0, count = 0;   ///< slot, shared, resource; gauge; rand: which of the expression's draws
    std::int64_t value = 0;
  };
  std::vector<Node> nodes;
  std::uint32_t root = 0;
  std::uint32_t draws = 0;  ///< how many `rand` it contains

  [[nodiscard]] ExprFacts facts() const;
};

/// Parses `text` and resolves its names. Nothing is returned when there was a problem; all problems go to `out`.
[[nodiscard]] std::optional<Ast> parse_expression(std::string_view text, const Names& names,
                                                  std::vector<ExprProblem>& out);

// --- evaluation

/// One word of code.
struct ExprWord {
  enum class Op : std::uint8_t {
    end,
    load,
    shared,
    shared_at,
    resource,
    resource_at,
    gauge,
    neg,
    logical_not,
    add,
    sub,
    mul,
    div,
    mod,
    eq,
    ne,
    lt,
    le,
    gt,
    ge,
    truth,         ///< acc = acc != 0
    and_jump,      ///< 0 stays and jumps
    or_jump,       ///< non-zero becomes 1 and jumps
    branch_false,  ///< 0 jumps
    jump,
    min,
    max,
    len,
    cap,
    newchan,
    fresh,
    err,
    rand,
    now,
    self,
  };
  enum class Right : std::uint8_t { stack, immediate, slot };  ///< where the right (or only) side comes from
  Op op = Op::end;
  Right right = Right::stack;
  bool push = false;        ///< save the accumulator first
  std::uint32_t place = 0;  ///< where a failure is reported
  std::int64_t value =
      0;  ///< immediate, slot, index, distance of a jump; *_at: index in the low, count in the high half
};
static_assert(sizeof(ExprWord) == 16);

/// Appends the code of `ast` to `code`. `place_of(begin, end)` numbers a place in the text; `site_of(n)` gives the
/// random site of its n-th draw.
template <class PlaceOf, class SiteOf>
void emit_expression(const Ast& ast, PlaceOf&& place_of, SiteOf&& site_of, std::vector<ExprWord>& code);

/// What an evaluation asks of the world it runs in. Answers false when the operand does not fit; `why` then says so.
class ExprHost {
 public:
  virtual ~ExprHost() = default;
  virtual bool len(Value v, Value& out) = 0;
  virtual bool cap(Value v, Value& out) = 0;
  virtual bool newchan(std::int64_t capacity, Value& out) = 0;
  virtual bool fresh(std::uint32_t object, Value& out) = 0;
  virtual bool err(Value context, Value& out) = 0;
  virtual std::int64_t rand(std::uint32_t site, std::int64_t n) = 0;
  virtual std::int64_t now() = 0;
  virtual std::int64_t self() = 0;
  virtual std::int64_t gauge(GaugeName which) = 0;
  /// Shared cell `cell` was read; called when `ExprEnv::watched`.
  virtual void loaded(std::uint32_t /*cell*/) {}
};

/// What an evaluation reads, and where it reports a failure.
struct ExprEnv {
  const Value* slots = nullptr;
  const Value* shared = nullptr;
  const Value* resources = nullptr;
  ExprHost* host = nullptr;
  bool watched = false;                         ///< the host wants to know what is read of the shared variables
  const char* failure = nullptr;                ///< set when an evaluation failed
  ValueKind failure_kind = ValueKind::integer;  ///< of the operand that did not fit, if that was it
  std::uint32_t failure_place = 0;
};

/// Evaluates the code at `word`. False on failure: `env.failure` and `env.failure_place` say what and where.
[[nodiscard]] bool evaluate(const ExprWord* word, ExprEnv& env, Value& out);

// --- emission (a template, so that the compiler of programs keeps its own tables)

namespace detail {
[[nodiscard]] ExprWord::Op word_of(Ast::Op op);

template <class PlaceOf, class SiteOf>
class Emitter {
 public:
  Emitter(const Ast& ast, PlaceOf& place_of, SiteOf& site_of, std::vector<ExprWord>& code)
      : ast_(ast), place_of_(place_of), site_of_(site_of), code_(code) {}

  /// `live`: the accumulator holds something that is still needed, so the first load saves it.
  void node(std::uint32_t at, bool live) {
    const Ast::Node& n = ast_.nodes[at];
    switch (n.op) {
      case Ast::Op::constant:
        word(n, {.op = ExprWord::Op::load, .right = ExprWord::Right::immediate, .push = live, .value = n.value});
        break;
      case Ast::Op::slot:
        word(n, {.op = ExprWord::Op::load, .right = ExprWord::Right::slot, .push = live, .value = n.index});
        break;
      case Ast::Op::shared:
      case Ast::Op::resource:
      case Ast::Op::gauge:
      case Ast::Op::fresh:
      case Ast::Op::now:
      case Ast::Op::self: word(n, {.op = word_of(n.op), .push = live, .value = n.index}); break;
      case Ast::Op::shared_at:
      case Ast::Op::resource_at:
        node(n.a, live);
        word(n, {.op = word_of(n.op), .value = static_cast<std::int64_t>(std::uint64_t{n.count} << 32 | n.index)});
        break;
      case Ast::Op::neg:
      case Ast::Op::logical_not:
      case Ast::Op::len:
      case Ast::Op::cap:
      case Ast::Op::newchan:
      case Ast::Op::err:
        node(n.a, live);
        word(n, {.op = word_of(n.op)});
        break;
      case Ast::Op::rand:
        node(n.a, live);
        word(n, {.op = ExprWord::Op::rand, .value = site_of_(n.index)});
        break;
      case Ast::Op::logical_and:
      case Ast::Op::logical_or: {
        node(n.a, live);
        const std::size_t jump = word(ast_.nodes[n.a], {.op = word_of(n.op)});
        node(n.b, false);
        word(ast_.nodes[n.b], {.op = ExprWord::Op::truth});
        land(jump);
        break;
      }
      case Ast::Op::conditional: {
        node(n.a, live);
        const std::size_t otherwise = word(ast_.nodes[n.a], {.op = ExprWord::Op::branch_false});
        node(n.b, false);
        const std::size_t done = word(n, {.op = ExprWord::Op::jump});
        land(otherwise);
        node(n.c, false);
        land(done);
        break;
      }
      default: binary(n, live); break;
    }
  }

 private:
  void binary(const Ast::Node& n, bool live) {
    node(n.a, live);
    const Ast::Node& right = ast_.nodes[n.b];
    if (right.op == Ast::Op::constant) {
      word(n, {.op = word_of(n.op), .right = ExprWord::Right::immediate, .value = right.value});
    } else if (right.op == Ast::Op::slot) {
      word(n, {.op = word_of(n.op), .right = ExprWord::Right::slot, .value = right.index});
    } else {
      node(n.b, true);
      word(n, {.op = word_of(n.op)});
    }
  }
  std::size_t word(const Ast::Node& n, ExprWord w) {
    w.place = place_of_(n.begin, n.end);
    code_.push_back(w);
    return code_.size() - 1;
  }
  void land(std::size_t jump) { code_[jump].value = static_cast<std::int64_t>(code_.size() - jump); }

  const Ast& ast_;
  PlaceOf& place_of_;
  SiteOf& site_of_;
  std::vector<ExprWord>& code_;
};
}  // namespace detail

template <class PlaceOf, class SiteOf>
void emit_expression(const Ast& ast, PlaceOf&& place_of, SiteOf&& site_of, std::vector<ExprWord>& code) {
  detail::Emitter emitter(ast, place_of, site_of, code);
  emitter.node(ast.root, false);
  code.push_back({});
}

}  // namespace gmpsim
