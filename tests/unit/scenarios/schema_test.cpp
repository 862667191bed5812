// The schema and the reader must agree: on the base and what makes it wrong, on the examples of the format, on the
// catalogue. The schema is judged by python3-jsonschema, where that is installed.

#include "scenarios/schema.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "documents.hpp"
#include "scenarios/compile.hpp"
#include "scenarios/extends.hpp"
#include "scenarios/grammar.hpp"
#include "scenarios/ops/registry.hpp"
#include "scenarios/reader.hpp"

using namespace gmpsim;

namespace {

struct Document {
  std::string name;
  std::string text;
  bool schema_sees = true;
  bool right = true;  ///< what both should say
};

std::string one_line(const Node& node) {
  std::string text = to_json(node);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// All documents of a folder, on one line each.
void add_folder(const std::string& folder, std::vector<Document>& out) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    Diagnostics problems;
    const auto node = parse_json(text.str(), path.string(), problems);
    BOOST_TEST_REQUIRE(node.has_value(), problems.render(false));
    out.push_back({path.filename().string(), one_line(*node)});
  }
}

std::vector<Document> documents_to_judge() {
  std::vector<Document> out;
  for (const documents::Change& change : documents::kChanges) {
    Diagnostics problems;
    auto base = parse_json(documents::kBase, "base", problems);
    auto patch = parse_json(change.patch, "patch", problems);
    merge_patch(*base, std::move(*patch));
    out.push_back({change.name, one_line(*base), change.schema_sees, *change.code == '\0'});
  }
  // Operations: what each entry beside its verb promises.
  const std::pair<const char*, bool> operations[] = {
      {R"({"run": "1ms"})", true},
      {R"({"run": {"dist": "exp", "mean": "1ms"}, "preempt": "never"})", true},
      {R"({"run": 5})", false},
      {R"({"runn": "1ms"})", false},
      {R"({"run": "1ms", "premept": "never"})", false},
      {R"({"run": "1ms", "sleep": "1ms"})", false},
      {R"({})", false},
      {R"([])", false},
      {R"({"note": "nothing"})", false},
      {R"({"yield": true, "note": "n", "x-a": 1})", true},
      {R"({"send": "jobs", "value": ["total", 1]})", true},
      {R"({"recv": "jobs", "as": "v", "ok": "k"})", true},
      {R"({"select": [{"recv": "jobs", "as": "v", "do": [{"mark": "m"}]}, {"default": true}]})", true},
      {R"({"select": [{"recv": "jobs", "foo": 1}]})", false},
      {R"({"choose": [{"weight": 2, "do": [{"yield": true}]}, {"do": []}]})", true},
      {R"({"let": {"x": "total + 1"}})", true},
      {R"({"set": {"total": "total + 1"}})", true},
      {R"({"if": "total > 1", "then": [{"yield": true}], "else": []})", true},
      {R"({"lock": {"mutex": "mu"}})", false},
      {R"({"loop": true, "forever": true, "do": [{"sleep": "1ms"}]})", true},
      {R"({"loop": true, "forever": true, "do": {"sleep": "1ms"}})", false},
      {R"({"loop": true, "do": []})", false},
      {R"({"loop": true, "times": 2, "forever": true, "do": []})", false},
      // Names are literal, everything else may be a parameter.
      {R"({"mark": {"param": "rate"}})", false},
      {R"({"log": {"param": "rate"}})", false},
      {R"({"span": {"param": "rate"}, "do": []})", false},
      {R"({"go": {"param": "rate"}})", false},
      {R"({"loop": true, "forever": true, "label": {"param": "rate"}, "do": []})", false},
      {R"({"run": {"param": "work"}})", true},
      {R"({"run": {"dist": "exp", "mean": "1ms"}, "stream": "s"})", true},
      {R"({"run": "1ms", "stream": 1})", false},
      {R"({"exit": true})", true},
      {R"({"exit": "process"})", true},
      {R"({"exit": "gorotine"})", false},
  };
  for (const auto& [operation, good] : operations) {
    std::string text = documents::kBase;
    const std::string where = "\"do\": [ { \"loop\"";
    text.insert(text.find(where) + 8, std::string(operation) + ", ");
    std::replace(text.begin(), text.end(), '\n', ' ');
    out.push_back({operation, text, true, good});
  }
  add_folder(GMPSIM_SOURCE_DIR "/tests/data/scenarios", out);
  add_folder(GMPSIM_SOURCE_DIR "/scenarios/catalogue", out);
  add_folder(GMPSIM_SOURCE_DIR "/scenarios/catalogue/bugs", out);
  add_folder(GMPSIM_SOURCE_DIR "/scenarios/catalogue/claims", out);
  return out;
}

/// "" when the document reads and compiles, else what is wrong.
std::string judge_by_reader(const Document& document) {
  Diagnostics out;
  ReadOptions options;
  auto scenario = read_scenario(document.text, "document", options, out);
  if (scenario) (void)compile(std::make_shared<const Scenario>(std::move(*scenario)), out);
  return out.has_errors() ? out.render(false) : "";
}

/// One line for each document, or nothing when there is no python3-jsonschema.
std::vector<std::string> judge_by_schema(const std::vector<Document>& documents) {
  std::string name = (std::filesystem::temp_directory_path() / "gmpsim-schema-XXXXXX").string();
  BOOST_TEST_REQUIRE(mkdtemp(name.data()) != nullptr);
  const std::filesystem::path folder = name;
  std::ofstream(folder / "schema.json") << scenario_schema();
  {
    std::ofstream lines(folder / "documents");
    for (const Document& d : documents) lines << d.text << "\n";
  }
  const std::string command = "python3 '" GMPSIM_SOURCE_DIR "/tests/support/judge_by_schema.py' '" +
                              (folder / "schema.json").string() + "' '" + (folder / "documents").string() + "' > '" +
                              (folder / "verdicts").string() + "' 2> '" + (folder / "errors").string() + "'";
  const int status = std::system(command.c_str());
  std::vector<std::string> verdicts;
  std::ifstream file(folder / "verdicts");
  for (std::string line; std::getline(file, line);) verdicts.push_back(line);
  std::stringstream errors;
  errors << std::ifstream(folder / "errors").rdbuf();
  std::filesystem::remove_all(folder);
  const int code = status / 256;
  if (code == 77 || code == 127) {
    BOOST_TEST_MESSAGE("skipped: python3 with jsonschema is not installed");
    return {};
  }
  BOOST_TEST_REQUIRE(status == 0, errors.str());
  return verdicts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schema)

BOOST_AUTO_TEST_CASE(every_verb_and_section_stands_in_the_schema) {
  const std::string text = scenario_schema();
  BOOST_TEST(scenario_schema() == text);
  for (const OpSpec& op : all_ops().all()) BOOST_TEST(text.find("\"op_" + op.verb.key + "\"") != std::string::npos);
  for (const std::string& key : scenario_type().shape->keys())
    BOOST_TEST(text.find("\"" + key + "\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_schema_judges_like_the_reader) {
  const std::vector<Document> documents = documents_to_judge();
  const std::vector<std::string> verdicts = judge_by_schema(documents);
  if (verdicts.empty()) return;
  BOOST_TEST_REQUIRE(verdicts.size() == documents.size());
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const std::string problems = judge_by_reader(documents[i]);
    const bool schema_accepts = verdicts[i] == "ok";
    const bool reader_accepts = problems.empty();
    BOOST_TEST_CONTEXT(documents[i].name << "\nschema: " << verdicts[i] << "\nreader: " << problems) {
      BOOST_TEST(reader_accepts == documents[i].right);
      BOOST_TEST(schema_accepts == (documents[i].right || !documents[i].schema_sees));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_document_that_extends_may_leave_out_and_remove) {
  const std::vector<Document> documents{
      {"leaves out",
       R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "extends": "b.json", "params": {"x": {"default": 2}}, "resources": {"jobs": {"cap": 3}}, "checks": {"slo": null}})"},
      {"misspells", R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "extends": "b.json", "param": {}})"},
  };
  const std::vector<std::string> verdicts = judge_by_schema(documents);
  if (verdicts.empty()) return;
  BOOST_TEST(verdicts.at(0) == "ok");
  BOOST_TEST(verdicts.at(1).starts_with("bad"));
}

BOOST_AUTO_TEST_SUITE_END()
