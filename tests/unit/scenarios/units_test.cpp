#include "scenarios/units.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

using namespace gmpsim;

namespace {

std::int64_t value(const char* text, Unit unit) {
  const QuantityResult r = parse_quantity(text);
  BOOST_TEST_CONTEXT(text) {
    BOOST_TEST_REQUIRE(bool(r));
    BOOST_TEST((r.quantity.unit == unit));
  }
  return r.quantity.value;
}

QuantityProblem problem(const char* text) { return parse_quantity(text).problem; }

}  // namespace

BOOST_AUTO_TEST_SUITE(units)

BOOST_AUTO_TEST_CASE(times_are_exact_nanoseconds) {
  BOOST_TEST(value("5ns", Unit::time) == 5);
  BOOST_TEST(value("250us", Unit::time) == 250'000);
  BOOST_TEST(value("250\xc2\xb5s", Unit::time) == 250'000);
  BOOST_TEST(value("1.5ms", Unit::time) == 1'500'000);
  BOOST_TEST(value("59.904us", Unit::time) == 59'904);
  BOOST_TEST(value("0.1ms", Unit::time) == 100'000);
  BOOST_TEST(value("0.000000001s", Unit::time) == 1);
  BOOST_TEST(value("2.50s", Unit::time) == 2'500'000'000);
  BOOST_TEST(value("9223372036854775807ns", Unit::time) == std::numeric_limits<std::int64_t>::max());
}

BOOST_AUTO_TEST_CASE(sizes_percentages_and_plain_numbers) {
  BOOST_TEST(value("64MiB", Unit::size) == 64 << 20);
  BOOST_TEST(value("1.5KiB", Unit::size) == 1536);
  BOOST_TEST(value("512B", Unit::size) == 512);
  BOOST_TEST(value("40%", Unit::percent) == 400'000);
  BOOST_TEST(value("99.9%", Unit::percent) == 999'000);
  BOOST_TEST(value("12", Unit::none) == 12);
}

BOOST_AUTO_TEST_CASE(rates_are_rational) {
  const Quantity q = parse_quantity("9000/s").quantity;
  BOOST_TEST(q.value == 9000);
  BOOST_TEST(q.per == 1'000'000'000);
  const Quantity slow = parse_quantity("0.25/s").quantity;  // 25 in 100 seconds
  BOOST_TEST(slow.value == 25);
  BOOST_TEST(slow.per == 100'000'000'000);
  BOOST_TEST((problem("5/KiB") == QuantityProblem::unknown_unit));
}

BOOST_AUTO_TEST_CASE(what_is_no_quantity_says_why) {
  BOOST_TEST((problem("") == QuantityProblem::not_a_number));
  BOOST_TEST((problem("ms") == QuantityProblem::not_a_number));
  BOOST_TEST((problem("-5ms") == QuantityProblem::not_a_number));
  BOOST_TEST((problem(".5ms") == QuantityProblem::not_a_number));
  BOOST_TEST((problem("5m") == QuantityProblem::unknown_unit));
  BOOST_TEST((problem("5 ms") == QuantityProblem::unknown_unit));
  BOOST_TEST((problem("5msx") == QuantityProblem::unknown_unit));
  BOOST_TEST((problem("0.5ns") == QuantityProblem::not_whole));
  BOOST_TEST((problem("1.5") == QuantityProblem::not_whole));
  BOOST_TEST((problem("9223372036854775808ns") == QuantityProblem::too_large));
  BOOST_TEST((problem("10000000000s") == QuantityProblem::too_large));
  BOOST_TEST((problem("99999999999999999999999999999999999999999999s") == QuantityProblem::too_large));
  BOOST_TEST((problem("0.00000000000000000000000000000000000000000001s") == QuantityProblem::not_whole));
}

BOOST_AUTO_TEST_CASE(a_quantity_ends_where_its_unit_ends) {
  BOOST_TEST(scan_quantity("2ns * k").length == 3u);
  BOOST_TEST(scan_quantity("6/2").length == 1u);
  BOOST_TEST(scan_quantity("6/s+1").length == 3u);
}

BOOST_AUTO_TEST_CASE(decimals_in_parts_per_million) {
  BOOST_TEST(parse_scaled("0.9", 6).value() == 900'000);
  BOOST_TEST(parse_scaled("1", 6).value() == 1'000'000);
  BOOST_TEST(parse_scaled("99.9", 6).value() == 99'900'000);
  BOOST_TEST(parse_scaled("1e-3", 6).value() == 1'000);
  BOOST_TEST(parse_scaled("-2.5e1", 1).value() == -250);
  BOOST_TEST(parse_scaled("0e99", 6).value() == 0);
  BOOST_TEST(!parse_scaled("0.0000001", 6).has_value());
  BOOST_TEST(!parse_scaled("1e30", 6).has_value());
  BOOST_TEST(!parse_scaled("1e-99", 6).has_value());
  BOOST_TEST(!parse_scaled("1e999", 6).has_value());
  BOOST_TEST(!parse_scaled("x", 6).has_value());
}

BOOST_AUTO_TEST_CASE(times_are_written_in_the_largest_unit_that_reads_well) {
  BOOST_TEST(time_text(0) == "0ns");
  BOOST_TEST(time_text(250'000) == "250us");
  BOOST_TEST(time_text(1'500'000) == "1.5ms");
  BOOST_TEST(time_text(2'200'000'000) == "2.2s");
  BOOST_TEST(time_text(1'000'001) == "1000.001us");
  BOOST_TEST(time_text(-5'000) == "-5us");
  BOOST_TEST(time_text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775.808us");
}

BOOST_AUTO_TEST_SUITE_END()
