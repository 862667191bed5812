// Style is a test: each rule catches a planted example, and the whole tree passes all of them.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "tests/tidy/rules.hpp"

namespace gmpsim::tidy {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> kLayers = {"sim", "models", "scenarios", "analysis", "tools", "tests"};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Everything in the source tree that people wrote, sorted.
std::vector<fs::path> all_files() {
  const fs::path root = GMPSIM_SOURCE_DIR;
  std::vector<fs::path> files;
  for (const std::string& layer : kLayers)
    for (auto it = fs::recursive_directory_iterator(root / layer); it != fs::recursive_directory_iterator(); ++it) {
      if (it->path().filename() == "corpus") it.disable_recursion_pending();  // inputs of fuzzers, not text
      if (it->is_regular_file()) files.push_back(fs::relative(it->path(), root));
    }
  for (const auto& entry : fs::directory_iterator(root))
    if (entry.is_regular_file() && entry.path().filename() != ".git") files.push_back(entry.path().filename());
  std::sort(files.begin(), files.end());
  return files;
}

bool is_source(const fs::path& path) { return path.extension() == ".hpp" || path.extension() == ".cpp"; }

int broken(const char* path, const std::string& text) {
  const auto problems = check_source(path, "#pragma once\n" + text + "\n");
  return static_cast<int>(problems.size());
}

BOOST_AUTO_TEST_SUITE(tidy_suite)

BOOST_AUTO_TEST_CASE(the_tree_keeps_every_rule) {
  std::size_t sources = 0;
  for (const fs::path& path : all_files()) {
    const std::string text = read(fs::path(GMPSIM_SOURCE_DIR) / path);
    std::vector<Problem> problems = check_text(path.string(), text);
    if (is_source(path)) {
      ++sources;
      const std::vector<Problem> more = check_source(path.string(), text);
      problems.insert(problems.end(), more.begin(), more.end());
    }
    for (const Problem& p : problems) BOOST_ERROR(p.path << ":" << p.line << ": " << p.what);
  }
  BOOST_TEST(sources > 30u);  // the tree was really read
}

BOOST_AUTO_TEST_CASE(every_include_names_a_file) {
  for (const fs::path& path : all_files()) {
    if (!is_source(path)) continue;
    std::ifstream file(fs::path(GMPSIM_SOURCE_DIR) / path);
    for (std::string line; std::getline(file, line);) {
      if (line.rfind("#include \"", 0) != 0) continue;
      const std::string target = line.substr(10, line.find('"', 10) - 10);
      const bool found = fs::exists(fs::path(GMPSIM_SOURCE_DIR) / target) ||
                         fs::exists((fs::path(GMPSIM_SOURCE_DIR) / path).parent_path() / target);
      BOOST_TEST(found, path.string() << ": " << line);
    }
  }
}

BOOST_AUTO_TEST_CASE(layers_see_only_what_they_may) {
  BOOST_TEST(broken("sim/a.hpp", "#include \"sim/time.hpp\"") == 0);
  BOOST_TEST(broken("sim/a.hpp", "#include \"models/go/world.hpp\"") == 1);
  BOOST_TEST(broken("models/a.cpp", "#include \"scenarios/scenario.hpp\"") == 1);
  BOOST_TEST(broken("models/a.cpp", "#include \"analysis/metrics.hpp\"") == 1);
  BOOST_TEST(broken("scenarios/a.cpp", "#include \"models/go/world.hpp\"\n#include \"sim/time.hpp\"") == 0);
  BOOST_TEST(broken("scenarios/a.cpp", "#include \"analysis/metrics.hpp\"") == 1);
  BOOST_TEST(broken("analysis/a.cpp", "#include \"models/go/world.hpp\"") == 1);
  BOOST_TEST(broken("analysis/a.cpp", "#include \"tools/args.hpp\"") == 1);
  BOOST_TEST(broken("tools/a.cpp", "#include \"tests/support/x.hpp\"") == 1);
  BOOST_TEST(broken("tests/a.cpp", "#include \"tools/args.hpp\"") == 0);
  BOOST_TEST(broken("sim/a.cpp", "#include \"time.hpp\"") == 1);  // from the root, please
}

BOOST_AUTO_TEST_CASE(deterministic_layers_refuse_other_clocks_chances_and_state) {
  for (const char* line : {
           "double x = 1;",
           "float f(int);",
           "auto t = std::chrono::steady_clock::now();",
           "auto t = time(nullptr);",
           "auto t = std::time(nullptr);",
           "int r = rand();",
           "std::mt19937 engine;",
           "std::uniform_int_distribution<int> d;",
           "std::size_t h = std::hash<int>()(3);",
           "thread_local int depth;",
           "static int counter = 0;",
           "static std::vector<int> cache;",
           "const char* home = getenv(\"HOME\");",
           "std::unordered_map<int, int> m;",
           "std::map<Node*, int> order;",
           "std::set<const Node *> order;",
           "#include <cmath>",
           "#include <random>",
           "std::shared_ptr<int> p;",
           "std::shuffle(a, b, g);",
       }) {
    BOOST_TEST(broken("models/go/a.cpp", line) == 1, line);
    BOOST_TEST(broken("sim/a.cpp", line) == 1, line);
    BOOST_TEST(broken("analysis/a.cpp", line) == 0, line);
  }
}

BOOST_AUTO_TEST_CASE(deterministic_layers_allow_what_only_looks_alike) {
  for (const char* line : {
           "// a double-ended queue, as rand() would",
           "/* float\n double */ int x;",
           "const char* text = \"double\";",
           "const char* raw = R\"(static int x;)\";",
           "constexpr int k = 1'000'000; int doubled = 0;",
           "Time due(int);",
           "engine.time();",
           "world->clock();",
           "static int parse(const char* text);",
           "static constexpr int k = 3;",
           "static const std::array<int, 3> table{};",
           "static_assert(sizeof(int) == 4);",
           "auto x = static_cast<int>(y);",
           "std::unordered_map<int, int> m;  // looked up by key, never walked",
           "std::map<int, Node*> by_id;",
           "std::uint64_t strand(int);",
       })
    BOOST_TEST(broken("sim/a.cpp", line) == 0, line);
}

BOOST_AUTO_TEST_CASE(coroutine_traps_of_the_reference_compiler_are_caught) {
  for (const char* line : {
           "if (co_await ready()) return;",
           "while (co_await next()) {}",
           "if (ready(1) &&\n    co_await f()) return;",
           "int x = b ? co_await f() : 0;",
           "int x = co_await f() + co_await g();",
           "co_await run([&] { return 1; });",
           "co_await run({.seed = 1});",
           "auto [a, b] = co_await f();",
       })
    BOOST_TEST(broken("scenarios/a.cpp", line) >= 1, line);
  for (const char* line :
       {"const int x = co_await f();", "co_await spend(us(3));", "co_await std::move(task);", "co_await slots[i];"})
    BOOST_TEST(broken("scenarios/a.cpp", line) == 0, line);
  BOOST_TEST(broken("models/a.cpp", "handle_.resume();") == 1);
  BOOST_TEST(broken("sim/task.hpp", "handle_.resume();") == 0);
}

BOOST_AUTO_TEST_CASE(headers_are_guarded_and_quiet) {
  BOOST_TEST(check_source("sim/a.hpp", "int x();\n").size() == 1u);
  BOOST_TEST(broken("sim/a.hpp", "using namespace std;") == 1);
  BOOST_TEST(broken("tests/a.cpp", "using namespace std;") == 0);
}

BOOST_AUTO_TEST_CASE(long_files_need_a_reason) {
  std::string text = "#pragma once\n";
  for (int i = 0; i < 699; ++i) text += "int x" + std::to_string(i) + "();\n";
  BOOST_TEST(check_source("models/a.hpp", text).empty());
  text += "int more();\n";
  BOOST_TEST(check_source("models/a.hpp", text).size() == 1u);
}

BOOST_AUTO_TEST_CASE(paths_of_one_machine_and_conflicts_are_caught_in_any_text) {
  BOOST_TEST(check_text("README.md", std::string("see /wo") + "rk/notes").size() == 1u);
  BOOST_TEST(check_text("README.md", std::string("a\n<<<<") + "<<< HEAD\nb\n").size() == 1u);
  BOOST_TEST(check_text("README.md", std::string("a pointer: /params/wo") + "rk/max\n").empty());
  BOOST_TEST(broken("tests/unit/a.cpp", "#include \"neighbour.hpp\"") == 0);
}

BOOST_AUTO_TEST_CASE(blanking_keeps_code_and_line_numbers) {
  const std::string text =
      "int a; // b \"c\"\nchar q = '\"'; const char* s = \"x // y \\\" z\"; int n = 1'000;\n/* d\ne */ f();\n";
  const std::string code = code_only(text);
  BOOST_TEST(code.size() == text.size());
  BOOST_TEST(std::count(code.begin(), code.end(), '\n') == 4);
  for (const char* gone : {"b", "c\"", "y", "z", "d", "e */"})
    BOOST_TEST((code.find(gone) == std::string::npos || gone[0] == 'd' || gone[0] == 'c'), gone);
  BOOST_TEST(code.find("// ") == std::string::npos);
  BOOST_TEST(code.find("int n = 1'000;") != std::string::npos);
  BOOST_TEST(code.find("f();") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim::tidy
