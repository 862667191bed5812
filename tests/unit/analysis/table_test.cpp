#include <boost/test/unit_test.hpp>

#include "analysis/table.hpp"

using namespace gmpsim;

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(times_are_told_as_people_read_them) {
  for (const auto& [ns, brief, exact] : {std::tuple{0.0, "0ns", "0ns"},
                                         {7.0, "7ns", "7ns"},
                                         {999.0, "999ns", "999ns"},
                                         {1000.0, "1us", "1.00us"},
                                         {703'000.0, "703us", "703us"},
                                         {703'400.0, "703us", "703us"},
                                         {1.9e6, "1.9ms", "1.90ms"},
                                         {5.2e6, "5.2ms", "5.20ms"},
                                         {14.12e6, "14.1ms", "14.1ms"},
                                         {99.96e6, "100ms", "100ms"},
                                         {999'999.0, "1ms", "1.00ms"},
                                         {2.2e9, "2.2s", "2.20s"},
                                         {-1500.0, "-1.5us", "-1.50us"},
                                         {3600e9, "3600s", "3600s"}}) {
    BOOST_TEST(short_time(ns) == brief);
    BOOST_TEST(exact_time(ns) == exact);
  }
  BOOST_TEST(instant(1'204'000'000) == "1.204s");
  BOOST_TEST(instant(41'203'999) == "41.203ms");
  BOOST_TEST(instant(999) == "999ns");
  BOOST_TEST(instant(kNever) == "the end");
}

BOOST_AUTO_TEST_CASE(numbers_are_grouped_and_shortened) {
  const TextStyle plain{.ascii = true};
  BOOST_TEST(grouped(17'964, plain) == "17 964");
  BOOST_TEST(grouped(-1'234'567, plain) == "-1 234 567");
  BOOST_TEST(grouped(999, plain) == "999");
  BOOST_TEST(display_width(grouped(17'964, TextStyle{})) == 6u);
  BOOST_TEST(percent(0.651) == "65.1%");
  for (const auto& [v, text] : {std::pair{0.0021, "0.0021"},
                                {3.0, "3"},
                                {0.8333333, "0.8333"},
                                {12.3456, "12.35"},
                                {123456.7, "123457"},
                                {1e20, "1.000e+20"},
                                {99.9, "99.9"}})
    BOOST_TEST(plain_number(v) == text);
}

BOOST_AUTO_TEST_CASE(sparklines_have_a_utf8_and_an_ascii_form) {
  const std::vector<double> values{0, 1, 2, 3.5, 7};
  BOOST_TEST(sparkline(values, 7, TextStyle{}) == "▁▂▃▅█");
  BOOST_TEST(sparkline(values, 0, TextStyle{.ascii = true}) == ".:-+@");
  BOOST_TEST(sparkline({0, 0}, 0, TextStyle{}) == "▁▁");
  BOOST_TEST(sparkline({}, 0, TextStyle{}) == "");
  BOOST_TEST(sparkline({99}, 7, TextStyle{}) == "█");
}

BOOST_AUTO_TEST_CASE(columns_align_whatever_the_cells_hold) {
  Table t({"name", "n"}, {Table::Align::left, Table::Align::right});
  t.row({"é", "1"});
  t.section("-- rest");
  t.row({painted("long name", Paint::bad, TextStyle{.color = true}), "17"});
  t.row({"x"});
  BOOST_TEST(t.render(1, 2) == " name        n\n é           1\n -- rest\n \x1b[31;1mlong name\x1b[0m  17\n x\n");
}

BOOST_AUTO_TEST_CASE(untrusted_names_cannot_reach_the_terminal) {
  BOOST_TEST(printable("a\x1b[31mb\n\t") == "a?[31mb??");
  BOOST_TEST(printable("gr\xc3\xbc\xc3\x9f") == "gr\xc3\xbc\xc3\x9f");
  BOOST_TEST(printable("\xff\xc3") == "??");
  BOOST_TEST(printable("\xc2\x9b"
                       "31m") == "?31m");  // an 8-bit control
  BOOST_TEST(printable("a\xe2\x80\xae"
                       "b") == "a?b");                       // turns the text around
  BOOST_TEST(painted("x", Paint::bad, TextStyle{}) == "x");  // no colour unless asked for
}

BOOST_AUTO_TEST_SUITE_END()
