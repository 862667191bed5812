#include "scenarios/diagnostics.hpp"

#include <boost/test/unit_test.hpp>

#include "scenarios/json.hpp"

using namespace gmpsim;

namespace {

Diagnostic at(const std::string& text, std::uint32_t begin, std::uint32_t end) {
  Diagnostic d{.code = "E0107", .message = "m"};
  d.source = std::make_shared<const SourceText>(SourceText{"f.json", text});
  d.span = {begin, end};
  locate(d);
  return d;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(diagnostics)

BOOST_AUTO_TEST_CASE(a_problem_looks_as_the_manual_shows) {
  const std::string line = "  \"runtime\": { \"profile\": \"go1.22\", \"gomaxproc\": 4 },";
  Diagnostic d = at(std::string(16, '\n') + line + "\n}", 16 + 36, 16 + 47);
  d.message = "unknown key \"gomaxproc\"";
  d.hint = "did you mean \"gomaxprocs\"?";
  d.note = "known here: gomaxprocs, max_threads, note, overrides, profile";
  d.pointer = "/runtime/gomaxproc";
  Diagnostics out;
  out.add(d);
  BOOST_TEST(out.render(false) ==
             "error[E0107]: unknown key \"gomaxproc\"\n"
             "  --> f.json:17:37   /runtime/gomaxproc\n"
             "17 |   \"runtime\": { \"profile\": \"go1.22\", \"gomaxproc\": 4 },\n"
             "   |                                     ^^^^^^^^^^^ did you mean \"gomaxprocs\"?\n"
             "   = known here: gomaxprocs, max_threads, note, overrides, profile     more: gmpsim explain E0107\n"
             "1 error in f.json\n");
  BOOST_TEST(out.render(true).find("\x1b[1;31m^^^^^^^^^^^\x1b[0m") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(columns_count_characters_and_carets_stand_below_them) {
  const std::string text = "{\"gr\xc3\xbc\xc3\x9f\x65\": x}";  // grüße: two bytes each for ü and ß
  const Diagnostic d = at(text, static_cast<std::uint32_t>(text.find('x')), static_cast<std::uint32_t>(text.find('x') + 1));
  BOOST_TEST(d.column == 11u);
  BOOST_TEST(d.caret == 10u);
  BOOST_TEST(d.caret_width == 1u);
}

BOOST_AUTO_TEST_CASE(long_lines_are_cut_around_the_place) {
  const std::string text(100'000, 'x');
  const Diagnostic d = at(text, 50'000, 50'003);
  BOOST_TEST(d.column == 50'001u);
  BOOST_TEST(d.source_line.size() < 200u);
  BOOST_TEST(d.caret_width == 3u);
  BOOST_TEST(d.caret > 10u);
}

BOOST_AUTO_TEST_CASE(a_value_of_many_lines_is_marked_where_it_begins) {
  const Diagnostic d = at("{ \"a\": {\n \"b\": 1 } }", 7, 19);
  BOOST_TEST(d.caret == 7u);
  BOOST_TEST(d.caret_width == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_from_a_document_reaches_the_terminal_as_a_command) {
  const std::string hostile = "a\x1b[31m\xe2\x80\xae" "b\x07\xc2\x9b";
  BOOST_TEST(in_quotes(hostile) == "\"a\\u001b[31m\\u202eb\\u0007\\u009b\"");
  const Diagnostic d = at(hostile, 0, 1);
  for (const char c : d.source_line) BOOST_TEST(static_cast<unsigned char>(c) >= 0x20);
  BOOST_TEST(d.source_line == "a?[31m?b??");
}

BOOST_AUTO_TEST_CASE(fifty_are_kept_and_all_are_counted) {
  Diagnostics out;
  for (int i = 0; i < 70; ++i) out.add({.code = "E0101", .message = "m"});
  BOOST_TEST(out.all().size() == Diagnostics::kLimit);
  BOOST_TEST(out.errors() == 70u);
  BOOST_TEST(out.full());
  BOOST_TEST(out.render(false).find("and 20 more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_nearest_name_is_within_two_edits_and_a_swap_is_one) {
  const std::vector<std::string> known{"gomaxprocs", "profile", "overrides", "cap", "init"};
  BOOST_TEST(nearest("gomaxproc", known) == "gomaxprocs");
  BOOST_TEST(nearest("porfile", known) == "profile");
  BOOST_TEST(nearest("override", known) == "overrides");
  BOOST_TEST(nearest("overrrride", known) == "");
  BOOST_TEST(nearest("cpa", known) == "cap");
  BOOST_TEST(nearest("xyz", known) == "");
  BOOST_TEST(nearest("", known) == "");
  BOOST_TEST(nearest(std::string(1'000'000, 'x'), known) == "");
}

BOOST_AUTO_TEST_CASE(lists_of_names_are_sorted_and_end) {
  BOOST_TEST(known_names("known", {"b", "a"}) == "known: a, b");
  std::vector<std::string> many;
  for (int i = 10; i < 50; ++i) many.push_back("n" + std::to_string(i));
  BOOST_TEST(known_names("names", many).find("n21 and 28 more") != std::string::npos);
  BOOST_TEST(known_names("known", {}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
