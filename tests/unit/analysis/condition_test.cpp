#include <boost/test/unit_test.hpp>

#include "analysis/condition.hpp"
#include "trace_builder.hpp"

using namespace gmpsim;
using fixtures::Story;

namespace {

struct Shared final : Variables {
  std::optional<double> variable(std::string_view name, std::int64_t index) const override {
    if (name == "x" && index < 0) return 3;
    if (name == "row" && index >= 0 && index < 4) return 10.0 * static_cast<double>(index);
    return std::nullopt;
  }
  std::optional<double> len(std::string_view name, std::int64_t) const override {
    return name == "jobs" ? std::optional<double>(2) : std::nullopt;
  }
  std::optional<double> cap(std::string_view name, std::int64_t) const override {
    return name == "jobs" ? std::optional<double>(8) : std::nullopt;
  }
};

struct Fixture {
  Story story;
  Metrics metrics{story.info};
  Shared shared;
  Fixture() {
    story.starts(0, 1, 0)
        .label(10, Kind::span_begin, 1, 1, 10)
        .label(5'200'010, Kind::span_end, 1, 1, 10)
        .label(20, Kind::mark, 1, 0);
    story.tell(metrics);
  }
  std::optional<double> value(std::string_view text) const {
    const ConditionParse p = parse_condition(text);
    BOOST_TEST_REQUIRE(p.condition.has_value(), text << ": " << p.error.message << " at " << p.error.offset);
    return p.condition->value(metrics, &shared);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(condition, Fixture)

BOOST_AUTO_TEST_CASE(arithmetic_binds_as_in_c) {
  for (const auto& [text, expected] : {std::pair{"1 + 2 * 3", 7.0},
                                       {"(1 + 2) * 3", 9.0},
                                       {"7 - 2 - 1", 4.0},
                                       {"12 / 4 / 3", 1.0},
                                       {"-2 * -3", 6.0},
                                       {"7 % 4", 3.0},
                                       {"1 < 2 == 1", 1.0},
                                       {"1 ? 2 : 3 ? 4 : 5", 2.0},
                                       {"0 ? 2 : 0 ? 4 : 5", 5.0},
                                       {"!0 && !1 || 1", 1.0},
                                       {"!!5", 1.0},
                                       {"min(4, 2, 3) + max(1, 9)", 11.0},
                                       {"2 > 1 && 1 >= 1 && 1 != 2", 1.0},
                                       {"true + false + nil", 1.0},
                                       {"0.1 * 10", 1.0},
                                       {".5 + 1.25", 1.75}}) {
    BOOST_TEST(value(text).value_or(-99) == expected, text);
  }
}

BOOST_AUTO_TEST_CASE(units_scale) {
  for (const auto& [text, expected] : {std::pair{"8ms", 8e6},
                                       {"1.5us", 1500.0},
                                       {"2s", 2e9},
                                       {"7ns", 7.0},
                                       {"4KiB", 4096.0},
                                       {"1MiB", 1048576.0},
                                       {"9000/s", 9000.0},
                                       {"5%", 0.05},
                                       {"5% + 1", 1.05},
                                       {"5 % 3", 2.0},
                                       {"5%3", 2.0},
                                       {"8ms / 2ms", 4.0},
                                       {"1/s", 1.0}}) {
    BOOST_TEST(value(text).value_or(-99) == expected, text);
  }
}

BOOST_AUTO_TEST_CASE(metrics_and_variables_are_read) {
  BOOST_TEST(*value("span.work.p99 <= 8ms") == 1.0);
  BOOST_TEST(*value("span[work].p99 > 5ms && mark[tick].count == 1") == 1.0);
  BOOST_TEST(*value("x + row[x - 1]") == 23.0);
  BOOST_TEST(*value("len(jobs) < cap(jobs)") == 1.0);
  BOOST_TEST(*value("goroutines.live") == 1.0);
  BOOST_TEST(parse_condition("len(jobs) > 1").condition->reads_variables());
  BOOST_TEST(!parse_condition("goroutines.live > 1").condition->reads_variables());
}

BOOST_AUTO_TEST_CASE(the_unknown_spreads_as_in_kleenes_logic) {
  const char* const unknown = "span.boom.p99 < 1ms";  // never measured
  BOOST_TEST(!value(unknown).has_value());
  BOOST_TEST(!value(std::string(unknown) + " && 1").has_value());
  BOOST_TEST(*value(std::string(unknown) + " && 0") == 0.0);
  BOOST_TEST(*value(std::string("1 || ") + unknown) == 1.0);
  BOOST_TEST(!value(std::string("0 || ") + unknown).has_value());
  BOOST_TEST(!value(std::string("!(") + unknown + ")").has_value());
  BOOST_TEST(!value("1 / 0").has_value());
  BOOST_TEST(!value("row[9]").has_value());
  BOOST_TEST(*value("span.boom.count == 0") == 1.0);
}

BOOST_AUTO_TEST_CASE(mistakes_have_a_place_and_a_suggestion) {
  const std::vector<std::string> variables{"counter"}, spans{"request"}, marks{"rejected"}, objects{"jobs", "locks"},
      programs{"worker"}, classes{"latency"}, reasons{"sync.Mutex.Lock", "chan receive (nil chan)"};
  const ConditionNames names{.variables = &variables,
                             .channels = &objects,
                             .objects = &objects,
                             .spans = &spans,
                             .marks = &marks,
                             .logs = &marks,
                             .programs = &programs,
                             .classes = &classes,
                             .reasons = &reasons};
  const auto wrong = [&](std::string_view text, std::size_t offset, std::string_view suggestion) {
    const ConditionParse p = parse_condition(text, names);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(!p.condition.has_value());
      BOOST_TEST(!p.error.message.empty());
      BOOST_TEST(p.error.offset == offset, p.error.message << ": " << p.error.offset << " != " << offset);
      BOOST_TEST(p.error.suggestion == suggestion);
    }
  };
  wrong("", 0, "");
  wrong("1 +", 3, "");
  wrong("(1", 2, "");
  wrong("1 = 2", 2, "==");
  wrong("1 & 2", 2, "&&");
  wrong("5mss", 1, "ms");
  wrong("span.reqest.p99 < 1ms", 5, "request");
  wrong("1 < span[request].p999999", 18, "");
  wrong("mark.rejectd.rate < 1", 5, "rejected");
  wrong("conter > 1", 0, "counter");
  wrong("delay[class:latncy].p99 > 1ms", 12, "latency");
  wrong("wait[job].max > 1ms", 5, "jobs");
  wrong("wait[sync.Mutex.Lok].max > 1ms", 5, "sync.Mutex.Lock");
  wrong("min(1)", 0, "");
  wrong("1 ? 2", 5, "");
  wrong("x[1]", 0, "");
  wrong("1 2", 2, "");
  BOOST_TEST(parse_condition("wait[sync.Mutex.Lock].max < 1s && wait[chan receive (nil chan)].count == 0", names)
                 .condition.has_value());
  BOOST_TEST(parse_condition("wait[locks[3]].max > 1ms && wait[chan_receive].p50 < 1s && counter < 1", names)
                 .condition.has_value());
}

BOOST_AUTO_TEST_CASE(an_array_is_named_by_its_elements) {
  const std::vector<std::string> variables{"row", "one"}, channels{"c"}, objects{"c", "locks"};
  const std::map<std::string, std::int64_t> arrays{{"row", 3}, {"c", 2}, {"locks", 2}};
  const ConditionNames names{.variables = &variables, .channels = &channels, .objects = &objects, .arrays = &arrays};
  const auto said = [&](std::string_view text) {
    const ConditionParse p = parse_condition(text, names);
    return p.condition ? std::string("good") : p.error.message;
  };
  BOOST_TEST(said("wait[locks[1]].max < 1ms && row[2] == 1 && len(c[1]) == 0 && one == 1") == "good");
  BOOST_TEST(said("wait[locks].max < 1ms") == "\"locks\" is an array of 2: name an element, locks[0]");
  BOOST_TEST(said("wait[locks[7]].max < 1ms") == "the elements of \"locks\" are locks[0] to locks[1]");
  BOOST_TEST(said("len(c[5]) == 0") == "the elements of \"c\" are c[0] to c[1]");
  BOOST_TEST(said("row == 1") == "\"row\" is an array of 3: name an element, row[0]");
  BOOST_TEST(said("row[3] == 1") == "the elements of \"row\" are row[0] to row[2]");
  BOOST_TEST(said("one[0] == 1") == "\"one\" is no array");
  const ConditionParse length = parse_condition("len(c) == 2 && len(locks) == 2 && len(row) == 3", names);
  BOOST_TEST_REQUIRE(length.condition.has_value(), length.error.message);
}

BOOST_AUTO_TEST_CASE(depth_and_length_are_limited) {
  BOOST_TEST(!parse_condition(std::string(2000, '(')).condition.has_value());
  BOOST_TEST(!parse_condition(std::string(2000, '!') + "1").condition.has_value());
  BOOST_TEST(!parse_condition(std::string(2000, '-') + "1").condition.has_value());
  BOOST_TEST(!parse_condition(std::string(5000, '1')).condition.has_value());
  std::string ternary = "1";
  for (int i = 0; i < 900; ++i) ternary += "?1:1";
  BOOST_TEST(!parse_condition(ternary).condition.has_value());
  std::string sum = "1";
  for (int i = 0; i < 2000; ++i) sum += "+1";
  BOOST_TEST(*value(sum) == 2001.0);
}

BOOST_AUTO_TEST_CASE(no_bytes_crash_the_parser) {
  std::uint64_t x = 42;
  const std::string alphabet = "span[].p9 ()!<>=&|?:+-*/%0123msx,\"\x80";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (int k = 0; k < 12; ++k) {
      x ^= x << 13, x ^= x >> 7, x ^= x << 17;
      text += alphabet[x % alphabet.size()];
    }
    const ConditionParse p = parse_condition(text);
    if (p.condition) (void)p.condition->explain(metrics, &shared);
    BOOST_TEST_REQUIRE((p.condition.has_value() || (!p.error.message.empty() && p.error.offset <= text.size())));
  }
}

BOOST_AUTO_TEST_CASE(a_condition_explains_itself_with_its_values) {
  const auto explained = [&](std::string_view text) {
    return parse_condition(text).condition->explain(metrics, &shared);
  };
  BOOST_TEST(explained("span.work.p99 <= 8ms && mark[tick].count < 5") ==
             "span.work.p99 5.20ms <= 8ms, mark[tick].count 1 < 5");
  BOOST_TEST(explained("span.boom.p99 < 1ms") == "span.boom.p99 (nothing measured) < 1ms");
  BOOST_TEST(explained("!(x > 2)") == "not x 3 > 2");
  BOOST_TEST(explained("len(jobs) <= cap(jobs)") == "len(jobs) 2 <= cap(jobs) 8");
  BOOST_TEST(explained("x + 1  == 4 ") == "x + 1 (4) == 4");
}

BOOST_AUTO_TEST_SUITE_END()
