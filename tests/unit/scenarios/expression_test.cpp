// The expression language: what parses, what it means, what fails and where.

#include "scenarios/expression.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <map>

namespace gmpsim {
namespace {

/// A world of a few names: x = 7 and y = -3 in variables, p a parameter, s shared, a[3] shared, c a channel, m[2] mutexes.
class Sandbox : public Names, public ExprHost {
 public:
  Symbol find(std::string_view name) const override {
    if (name == "x") return {.kind = Symbol::Kind::slot, .index = 0};
    if (name == "y") return {.kind = Symbol::Kind::slot, .index = 1};
    if (name == "r") return {.kind = Symbol::Kind::slot, .index = 2};
    if (name == "p") return {.kind = Symbol::Kind::constant, .value = 5};
    if (name == "s") return {.kind = Symbol::Kind::shared, .index = 0};
    if (name == "a") return {.kind = Symbol::Kind::shared, .index = 1, .count = 3};
    if (name == "c") return {.kind = Symbol::Kind::resource, .index = 0, .holds = ValueKind::chan, .object = 0};
    if (name == "m")
      return {.kind = Symbol::Kind::resource, .index = 1, .count = 2, .holds = ValueKind::mutex, .object = 1};
    if (name == "rate") return {.kind = Symbol::Kind::refused, .why = "is no number"};
    return {};
  }
  std::vector<std::string> visible() const override { return {"x", "y", "r", "p", "s", "a", "c", "m", "workers"}; }

  bool len(Value v, Value& out) override {
    return v.kind == ValueKind::chan ? (out = Value{std::int64_t{2}}, true) : v.is_nil();
  }
  bool cap(Value v, Value& out) override {
    return v.kind == ValueKind::chan ? (out = Value{std::int64_t{9}}, true) : v.is_nil();
  }
  bool newchan(std::int64_t capacity, Value& out) override {
    out = Value(ValueKind::chan, 100 + capacity);
    return true;
  }
  bool fresh(std::uint32_t object, Value& out) override {
    out = Value(ValueKind::mutex, 200 + object);
    return true;
  }
  bool err(Value, Value&) override { return false; }
  std::int64_t rand(std::uint32_t site, std::int64_t n) override {
    asked.push_back(site);
    return n - 1;
  }
  std::int64_t now() override { return 1000; }
  std::int64_t self() override { return 4; }
  std::int64_t gauge(GaugeName which) override { return 50 + static_cast<int>(which); }

  struct Result {
    bool parsed = false;
    bool good = false;
    Value value;
    std::string failure;
    std::string failed_at;  // the text to which the failure points
    std::vector<ExprProblem> problems;
    std::size_t words = 0;
  };
  Result run(const std::string& text) {
    Result out;
    const std::optional<Ast> ast = parse_expression(text, *this, out.problems);
    if (!ast) return out;
    out.parsed = true;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places;
    std::vector<ExprWord> code;
    emit_expression(
        *ast,
        [&](std::uint32_t begin, std::uint32_t end) {
          places.emplace_back(begin, end);
          return static_cast<std::uint32_t>(places.size() - 1);
        },
        [](std::uint32_t n) { return std::int64_t{n}; }, code);
    out.words = code.size() - 1;
    const Value slots[] = {Value{std::int64_t{7}}, Value{std::int64_t{-3}}, Value(ValueKind::chan, 77)};
    const Value shared[] = {Value{std::int64_t{11}}, Value{std::int64_t{20}}, Value{std::int64_t{21}},
                            Value{std::int64_t{22}}};
    const Value resources[] = {Value(ValueKind::chan, 77), Value(ValueKind::mutex, 78), Value(ValueKind::mutex, 79)};
    ExprEnv env{.slots = slots, .shared = shared, .resources = resources, .host = this};
    out.good = evaluate(code.data(), env, out.value);
    if (!out.good) {
      out.failure = env.failure;
      const auto [begin, end] = places.at(env.failure_place);
      out.failed_at = text.substr(begin, end - begin);
    }
    return out;
  }
  std::int64_t number(const std::string& text) {
    const Result r = run(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST_REQUIRE(r.parsed, (r.problems.empty() ? "" : r.problems[0].message));
      BOOST_TEST_REQUIRE(r.good, r.failure);
      BOOST_TEST_REQUIRE(r.value.is_integer());
    }
    return r.value.bits;
  }
  std::vector<std::uint32_t> asked;
};

struct Fixture {
  Sandbox w;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(expression, Fixture)

BOOST_AUTO_TEST_CASE(precedence_and_associativity_are_gos) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"1 + 2 * 3", 7},
      {"(1 + 2) * 3", 9},
      {"10 - 4 - 3", 3},
      {"100 / 10 / 2", 5},
      {"7 % 4 * 2", 6},
      {"1 + 2 == 3", 1},
      {"1 < 2 == 1", 1},
      {"1 || 0 && 0", 1},
      {"0 && 0 || 1", 1},
      {"!0 + 1", 2},
      {"!(0 + 1)", 0},
      {"-2 * -3", 6},
      {"- -2", 2},
      {"1 ? 2 : 3", 2},
      {"0 ? 2 : 0 ? 3 : 4", 4},
      {"1 ? 0 ? 1 : 2 : 3", 2},
      {"1 == 1 ? 5 + 1 : 0", 6},
      {"3 > 2 && 2 > 1", 1},
      {"2 >= 3 || 3 <= 2", 0},
      {"1 != 2", 1},
  };
  for (const auto& [text, value] : cases) BOOST_TEST(w.number(text) == value, text);
}

BOOST_AUTO_TEST_CASE(the_same_with_variables_so_that_nothing_is_folded) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"x + y * 3", -2},
      {"(x + y) * x", 28},
      {"x - y - x", 3},
      {"x / 2 / 3", 1},
      {"x % 4 * 2", 6},
      {"x - (y - x)", 17},
      {"x * (y + (x - (y * x)))", 175},
      {"x < y == 0", 1},
      {"x > y ? x : y", 7},
      {"y > x ? x : y", -3},
      {"x && y", 1},
      {"x && 0", 0},
      {"0 || y", 1},
      {"y == -3 || x / 0", 1},
      {"y == 3 && x / 0", 0},
      {"!x", 0},
      {"-x", -7},
      {"min(x, y)", -3},
      {"max(x, y, 9)", 9},
      {"max(y, min(x, 5))", 5},
      {"x + (y > 0 ? 1 : 2) * 10", 27},
      {"(x && y) + (x || y)", 2},
      {"1 + (x ? y : 1)", -2},
  };
  for (const auto& [text, value] : cases) BOOST_TEST(w.number(text) == value, text);
}

BOOST_AUTO_TEST_CASE(division_truncates_toward_zero) {
  BOOST_TEST(w.number("-7 / 2") == -3);
  BOOST_TEST(w.number("-7 % 2") == -1);
  BOOST_TEST(w.number("7 / -2") == -3);
  BOOST_TEST(w.number("y / 2") == -1);
  BOOST_TEST(w.number("y % 2") == -1);
  BOOST_TEST(w.number("(-9223372036854775808) % -1") == 0);
}

BOOST_AUTO_TEST_CASE(literals_have_units) {
  BOOST_TEST(w.number("250us") == 250'000);
  BOOST_TEST(w.number("1.5ms") == 1'500'000);
  BOOST_TEST(w.number("2ns * p") == 10);
  BOOST_TEST(w.number("4KiB + 1") == 4097);
  BOOST_TEST(w.number("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(w.number("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(w.number("10%3") == 1);  // a remainder, no percentage
  BOOST_TEST(!w.run("0.5").parsed);
  BOOST_TEST(!w.run("0.5ns").parsed);
  BOOST_TEST(!w.run("9223372036854775808").parsed);
  BOOST_TEST(!w.run("5parsecs").parsed);
}

BOOST_AUTO_TEST_CASE(names_resources_and_functions) {
  BOOST_TEST(w.number("nil == false && true == 1") == 1);
  BOOST_TEST(w.number("s + a[0] + a[x - 5]") == 11 + 20 + 22);
  BOOST_TEST(w.number("len(a)") == 3);
  BOOST_TEST(w.number("len(m) * 10 + len(c)") == 22);
  BOOST_TEST(w.number("cap(c)") == 9);
  BOOST_TEST(w.number("len(nil)") == 0);
  BOOST_TEST(w.number("now() + self()") == 1004);
  BOOST_TEST(w.number("goroutines.live") == 50);
  BOOST_TEST(w.number("procs.idle + x") == 60);
  BOOST_TEST(w.number("c == r") == 1);
  BOOST_TEST(w.number("c != m[0]") == 1);
  BOOST_TEST(w.number("c == nil") == 0);
  BOOST_TEST((w.run("newchan(p)").value == Value(ValueKind::chan, 105)));
  BOOST_TEST((w.run("new(m)").value == Value(ValueKind::mutex, 201)));
  BOOST_TEST((w.run("x > 0 ? c : nil").value == Value(ValueKind::chan, 77)));
}

BOOST_AUTO_TEST_CASE(random_sites_are_numbered_in_order_and_drawn_only_when_reached) {
  BOOST_TEST(w.number("rand(10) + rand(100)") == 108);
  BOOST_TEST(w.asked == (std::vector<std::uint32_t>{0, 1}), boost::test_tools::per_element());
  w.asked.clear();
  BOOST_TEST(w.number("y > 0 ? rand(5) : rand(6)") == 5);
  BOOST_TEST(w.asked == (std::vector<std::uint32_t>{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(failures_point_to_their_part_of_the_text) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"1 + x / (y + 3)", "division by zero", "x / (y + 3"},
      {"x % 0", "division by zero", "x % 0"},
      {"9223372036854775807 + x", "integer overflow", "9223372036854775807 + x"},
      {"x - 9223372036854775807 - 9", "integer overflow", "x - 9223372036854775807 - 9"},
      {"x * 9223372036854775807", "integer overflow", "x * 9223372036854775807"},
      {"-9223372036854775808 / -1", "integer overflow", "-9223372036854775808 / -1"},
      {"1 / 0", "division by zero", "1 / 0"},
      {"c + 1", "an integer is needed here", "c + 1"},
      {"1 + r", "an integer is needed here", "1 + r"},
      {"!c", "an integer is needed here", "!c"},
      {"x && c", "an integer is needed here", "c"},
      {"c ? 1 : 2", "an integer is needed here", "c"},
      {"a[x]", "the index is out of range", "a[x]"},
      {"m[y]", "the index is out of range", "m[y]"},
      {"rand(y)", "rand takes a number above 0", "rand(y)"},
      {"newchan(y)", "a capacity cannot be negative", "newchan(y)"},
      {"len(x)", "len takes a channel", "len(x)"},
      {"err(nil)", "err takes a context", "err(nil)"},
  };
  for (const auto& [text, failure, where] : cases) {
    const auto r = w.run(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST_REQUIRE(r.parsed, (r.problems.empty() ? "" : r.problems[0].message));
      BOOST_TEST(!r.good);
      BOOST_TEST(r.failure == failure);
      BOOST_TEST(r.failed_at == where);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_never_evaluated_never_fails) {
  BOOST_TEST(w.number("0 && 1 / 0") == 0);
  BOOST_TEST(w.number("1 || 1 / 0") == 1);
  BOOST_TEST(w.number("1 ? 2 : 1 / 0") == 2);
  BOOST_TEST(w.number("x ? 2 : c + 1") == 2);
}

BOOST_AUTO_TEST_CASE(problems_name_place_and_remedy) {
  const std::tuple<const char*, const char*, const char*, const char*> cases[] = {
      {"wrokers + 1", "E0403", "wrokers", "did you mean \"workers\"?"},
      {"lenn(c)", "E0403", "lenn", "did you mean \"len\"?"},
      {"len", "E0403", "len", "call it: len(…)"},
      {"x = 1", "E0401", "=", "a comparison is ==; values are stored with let or set"},
      {"x & 1", "E0401", "&", "the logical operators are && and ||; there are none on bits"},
      {"rate + 1", "E0405", "rate", ""},
      {"a + 1", "E0404", "a", "name one of its elements: a[0]"},
      {"x[0]", "E0404", "x", "arrays are resources with \"array\": n"},
      {"1 +", "E0401", "", ""},
      {"(1", "E0401", "", ""},
      {"1 2", "E0401", "2", ""},
      {"min()", "E0403", "min()", ""},
      {"rand(1, 2)", "E0403", "rand(1, 2)", ""},
      {"", "E0401", "", ""},
      {"x ? 1", "E0401", "", ""},
      {"€", "E0401", "€", ""},
  };
  for (const auto& [text, code, where, hint] : cases) {
    const auto r = w.run(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(!r.parsed);
      BOOST_TEST_REQUIRE(r.problems.size() == 1u);
      BOOST_TEST(r.problems[0].code == code);
      BOOST_TEST(std::string(text).substr(r.problems[0].begin, r.problems[0].end - r.problems[0].begin) == where);
      if (*hint != '\0') BOOST_TEST(r.problems[0].hint == hint);
    }
  }
}

BOOST_AUTO_TEST_CASE(several_wrong_names_are_told_at_once) {
  const auto r = w.run("foo + bar * baz(1)");
  BOOST_TEST(r.problems.size() == 3u);
}

BOOST_AUTO_TEST_CASE(constants_fold_to_one_word_and_simple_expressions_to_two) {
  BOOST_TEST(w.run("2 * (3 + p) - 1ms").words == 1u);
  BOOST_TEST(w.run("x + 1").words == 2u);
  BOOST_TEST(w.run("x < y").words == 2u);
}

BOOST_AUTO_TEST_CASE(deep_or_long_texts_are_refused_not_executed) {
  for (const char* piece : {"(", "-", "1?", "a[", "min(", "x+("}) {
    std::string text;
    while (text.size() < kExprMaxLength - 4) text += piece;
    BOOST_TEST(!w.run(text).parsed);
  }
  BOOST_TEST(!w.run(std::string(kExprMaxLength + 1, '1')).parsed);
  // Nested as deep as is allowed, with a value waiting on each level.
  std::string deep;
  for (int i = 0; i < 95; ++i) deep += "x == x + x * (";
  deep += "x";
  for (int i = 0; i < 95; ++i) deep += ")";
  const auto r = w.run(deep);
  BOOST_TEST(r.parsed);
  BOOST_TEST(r.good);
  // Long without being deep.
  std::string wide = "x";
  while (wide.size() < kExprMaxLength - 4) wide += "+x";
  BOOST_TEST(w.run(wide).good);
}

BOOST_AUTO_TEST_CASE(facts_tell_times_from_plain_numbers) {
  std::vector<ExprProblem> problems;
  const auto plain = [&](const char* text) { return parse_expression(text, w, problems)->facts().plain_literals; };
  BOOST_TEST(plain("5"));
  BOOST_TEST(plain("2 * (3 + 4)"));
  BOOST_TEST(!plain("5ns"));
  BOOST_TEST(!plain("2ns * 4"));
  BOOST_TEST(!plain("p"));
  BOOST_TEST(!plain("x * 3"));
  BOOST_TEST(!plain("rand(5)"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
