// Every code in the sources has an explanation, and every explanation a code in the sources.

#include "scenarios/codes.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace gmpsim;

namespace {

std::set<std::string> codes_in_sources() {
  std::set<std::string> out;
  const std::regex code("\"([EW]0[0-9]{3})\"");
  for (const char* folder : {"/scenarios", "/tools", "/models"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(GMPSIM_SOURCE_DIR) + folder)) {
      const auto extension = entry.path().extension();
      if ((extension != ".cpp" && extension != ".hpp") || entry.path().filename() == "codes.cpp") continue;
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      const std::string source = text.str();
      for (std::sregex_iterator match(source.begin(), source.end(), code), end; match != end; ++match) out.insert((*match)[1]);
    }
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(codes)

BOOST_AUTO_TEST_CASE(every_code_has_an_explanation) {
  const std::set<std::string> used = codes_in_sources();
  BOOST_TEST(used.size() > 50u);
  for (const std::string& code : used) BOOST_TEST(explain_code(code).has_value(), code << " has no entry in codes.cpp");
}

BOOST_AUTO_TEST_CASE(every_explanation_belongs_to_a_code) {
  const std::set<std::string> used = codes_in_sources();
  for (const std::string& code : all_codes()) BOOST_TEST(used.count(code) == 1u, code << " is explained, but nothing gives it");
}

BOOST_AUTO_TEST_CASE(codes_are_in_order_and_unknown_ones_have_no_text) {
  const std::vector<std::string> codes = all_codes();
  BOOST_TEST(std::is_sorted(codes.begin(), codes.end()));
  BOOST_TEST((std::adjacent_find(codes.begin(), codes.end()) == codes.end()));
  BOOST_TEST(!explain_code("E9999").has_value());
  BOOST_TEST(explain_code("E0212")->find("not a time") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
