// Each text with what a person is told about it: the words, and the place as line:column.

#include "scenarios/json.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

using namespace gmpsim;
namespace bdata = boost::unit_test::data;

namespace {

struct Broken {
  std::string text;
  std::string told;  ///< "line:column message | hint", the hint from its start
};
std::ostream& operator<<(std::ostream& out, const Broken& b) { return out << b.text; }

std::string told(const Diagnostics& out) {
  std::string text;
  for (const Diagnostic& d : out.all()) {
    text += (text.empty() ? "" : "\n") + std::to_string(d.line) + ":" + std::to_string(d.column) + " " + d.message;
    if (!d.hint.empty()) text += " | " + d.hint;
  }
  return text;
}

std::string parse_and_tell(const std::string& text) {
  Diagnostics out;
  const auto node = parse_json(text, "x.json", out);
  BOOST_TEST((node.has_value() || out.has_errors()));
  return told(out);
}

const std::vector<Broken> kBroken{
    {"", "1:1 the document is empty | a document is one object"},
    {"{\"a\": 1,}", "1:8 trailing comma | remove it"},
    {"[1,2,\n]", "1:5 trailing comma | remove it"},
    {"{\"a\": 1 \"b\": 2}", "1:8 a comma is missing here"},
    {"{\n  \"a\": 1\n  \"b\": 2\n}", "2:9 a comma is missing here"},
    {"[true false]", "1:6 a comma is missing here"},
    {"{\"a\" 1}", "1:5 a colon is missing after this key"},
    {"{\"a\" = 1}", "1:6 = between a key and its value"},
    {"{'a': 1}", "1:2 single quotes | JSON strings are in double quotes"},
    {"{\"a\": 'x'}", "1:7 single quotes"},
    {"{a: 1}", "1:2 a key without quotes | write \"a\""},
    {"[NaN]", "1:2 NaN is no JSON | JSON has no infinity"},
    {"[-Infinity]", "1:2 -Infinity is no JSON"},
    {"[True]", "1:2 True is no JSON | write true"},
    {"[None]", "1:2 None is no JSON | write null"},
    {"[ms]", "1:2 text without quotes | write \"ms\""},
    {"{\"a\": 5ms}", "1:7 5ms is not a number in JSON | values with a unit are strings: \"5ms\""},
    {"{\"a\": 05}", "1:7 05 is not a number in JSON | numbers do not begin with 0"},
    {"{\"a\": 0x10}", "1:7 0x10 is not a number in JSON | numbers are decimal"},
    {"{\"a\": +5}", "1:7 +5 is not a number in JSON | leave the + out"},
    {"{\"a\": .5}", "1:7 .5 is not a number in JSON | write the 0"},
    {"{\"a\": 1_000}", "1:7 1_000 is not a number in JSON | write the digits without _"},
    {"[1e999]", "1:2 1e999 is too large"},
    {"{\"a\": \"x\n\"}", "1:7 this string does not end on its line"},
    {"{\"a\": \"x", "1:7 this string does not end"},
    {"{\"a\": \"x\ty\"}", "1:9 a control character inside a string | write \\t"},
    {"{\"a\": \"\\x\"}", "1:8 an unknown escape in a string"},
    {"{\"a\": \"\\u12\"}", "1:8 an incomplete \\u escape"},
    {"{\"a\": \"\\ud800\"}", "1:8 half of a surrogate pair"},
    {"{\"a\": \"\xff\"}", "1:8 this is not UTF-8"},
    {"{\"a\": \"\xed\xa0\x80\"}", "1:8 this is not UTF-8"},
    {std::string("// \0\n1", 6), "1:4 a NUL byte"},
    {std::string("1\0 2", 4), "1:2 a NUL byte"},
    {"\xff\xfe{", "0:0 the document is UTF-16"},
    {"{\"a\": \xe2\x80\x9cx\xe2\x80\x9d}", "1:7 a typographic quotation mark"},
    {"{\"a\":\xc2\xa0" "1}", "1:6 a no-break space"},
    {"{ \xef\xbb\xbf\"a\": 1}", "1:3 a byte order mark inside the document"},
    {"{\n\"a\": [1,\n", "2:9 the document ends inside an array | a ] is missing for the [ of line 2"},
    {"{\"a\": [1}", "1:9 a } where an array is still open"},
    {"{\"a\": 1} x", "1:10 more text after the end of the document"},
    {"[1,,2]", "1:4 a value is missing before this comma"},
    {"{,}", "1:2 a comma without a member before it"},
    {"[\"a\": 1]", "1:5 a key inside an array"},
    {"/* x", "1:1 this comment does not end"},
    {"# x\n{}", "1:1 # does not begin a comment here"},
    {"[18446744073709551615]", "1:2 18446744073709551615 is too large"},
    {"[-9223372036854775809]", "1:2 -9223372036854775809 is too large"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_DATA_TEST_CASE(a_broken_text_is_explained_at_its_place, bdata::make(kBroken), broken) {
  const std::string said = parse_and_tell(broken.text);
  BOOST_TEST(said.substr(0, broken.told.size()) == broken.told);
}

BOOST_AUTO_TEST_CASE(every_value_and_key_knows_both_ends_of_its_place) {
  const std::string text = "\xef\xbb\xbf{ // one\n  \"a\" : [ -1.5e3 , \"\\\"x\" ], /* , : */ \"b\": { \"c\": null } , \"d\": 12}";
  Diagnostics out;
  const auto root = parse_json(text, "x.json", out);
  BOOST_TEST_REQUIRE(root.has_value());
  const auto at = [&](SourceSpan span) { return text.substr(span.begin, span.end - span.begin); };
  const Node& a = root->members[0].value;
  BOOST_TEST(at(root->members[0].key_span) == "\"a\"");
  BOOST_TEST(at(a.span) == "[ -1.5e3 , \"\\\"x\" ]");
  BOOST_TEST(at(a.items[0].span) == "-1.5e3");
  BOOST_TEST(a.items[0].text == "-1.5e3");
  BOOST_TEST(at(a.items[1].span) == "\"\\\"x\"");
  BOOST_TEST(a.items[1].text == "\"x");
  BOOST_TEST(at(root->members[1].key_span) == "\"b\"");
  BOOST_TEST(at(root->members[1].value.span) == "{ \"c\": null }");
  BOOST_TEST(at(root->members[1].value.members[0].value.span) == "null");
  BOOST_TEST(at(root->members[2].value.span) == "12");
  BOOST_TEST(root->members[2].value.integer == 12);
  BOOST_TEST(at(root->span) == text.substr(3));
}

BOOST_AUTO_TEST_CASE(a_comment_ends_with_its_line_however_lines_end) {
  Diagnostics out;
  const auto root = parse_json("// a\r[ // b\r\n 1 ]", "x.json", out);
  BOOST_TEST_REQUIRE(root.has_value(), out.render(false));
  BOOST_TEST(root->items.at(0).span.begin == 14u);
}

BOOST_AUTO_TEST_CASE(integers_of_64_bits_are_exact_and_decimals_keep_their_text) {
  Diagnostics out;
  const auto root = parse_json("[9223372036854775807, -9223372036854775808, 1.0, 0.1, -0]", "x.json", out);
  BOOST_TEST_REQUIRE(root.has_value());
  BOOST_TEST(root->items[0].integer == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(root->items[1].integer == std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(root->items[2].is(Node::Type::number));
  BOOST_TEST(root->items[3].text == "0.1");
  BOOST_TEST(root->items[4].integer == 0);
}

BOOST_AUTO_TEST_CASE(a_key_twice_is_refused_with_both_places) {
  Diagnostics out;
  const auto root = parse_json("{\n \"a\": 1,\n \"b\": { \"c\": 1, \"c\": 2 },\n \"a\": 3 }", "x.json", out);
  BOOST_TEST_REQUIRE(root.has_value());  // the rest can still be checked
  BOOST_TEST_REQUIRE(out.errors() == 2u);
  BOOST_TEST(out.all()[0].pointer == "/b/c");
  BOOST_TEST(out.all()[0].hint == "first in line 3, column 9");
  BOOST_TEST(out.all()[1].pointer == "/a");
  BOOST_TEST(out.all()[1].line == 4u);
  BOOST_TEST(out.all()[1].hint == "first in line 2, column 2");
  BOOST_TEST(root->find("a")->integer == 1);
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded_long_before_the_stack_is_in_danger) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  Diagnostics fine, deep, hostile;
  BOOST_TEST(parse_json(nested(kMaxDepth), "x", fine).has_value());
  BOOST_TEST(!parse_json(nested(kMaxDepth + 1), "x", deep).has_value());
  BOOST_TEST(deep.all().at(0).code == "E0103");
  BOOST_TEST(!parse_json(std::string(5'000'000, '['), "x", hostile).has_value());
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  BOOST_TEST(!parse_json(objects, "x", hostile).has_value());
}

BOOST_AUTO_TEST_CASE(size_and_number_of_values_are_bounded) {
  Diagnostics bytes, values;
  BOOST_TEST(!parse_json(std::string(kMaxBytes + 1, ' '), "x", bytes).has_value());
  BOOST_TEST(bytes.all().at(0).code == "E0103");
  std::string many = "[0";
  for (std::size_t i = 0; i < kMaxValues; ++i) many += ",0";
  BOOST_TEST(!parse_json(many + "]", "x", values).has_value());
  BOOST_TEST(values.all().at(0).code == "E0103");
}

BOOST_AUTO_TEST_CASE(writing_what_was_read_and_reading_it_again_changes_nothing) {
  const std::string text = "{ \"b\": [1, 2.50, \"\\u0001\\n\\\"\", true, null, { }, []], \"a\": { \"long\": \"" + std::string(200, 'x') + "\" } } // end";
  Diagnostics out;
  const auto first = parse_json(text, "x", out);
  BOOST_TEST_REQUIRE(first.has_value());
  const std::string written = to_json(*first);
  const auto second = parse_json(written, "y", out);
  BOOST_TEST_REQUIRE(second.has_value());
  BOOST_TEST(to_json(*second) == written);
  BOOST_TEST(written.find("2.50") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pointers_escape_what_rfc_6901_wants) {
  BOOST_TEST(pointer_to("/a", "x/y~z") == "/a/x~1y~0z");
  BOOST_TEST(pointer_to("", std::size_t{3}) == "/3");
}

BOOST_AUTO_TEST_SUITE_END()
