// Every command in the documents is executed, and what it prints is what the document shows.
//
// A fenced block of language `console` holds commands, each on a line that begins with "$ " (a backslash at the end
// continues it), and below each what it prints. Words after the language:
//
//   exact      the output must be the one shown, byte for byte
//   head=N     only the first N lines are shown, and a line "…" follows
//   exit=N     the exit code of the last command, else 0
//   skip       not executed here: what sets up a machine or builds (the continuous build does that)
//
// Fences of any language: `file=NAME` writes the block to that file first, `from=PATH` says that the block is part of a file
// of the project, word for word.
// A token (g1-…) in a command stands for the one that was printed last, and is kept up to date like output.
// All commands of a document run in one empty folder, in order, with the program in PATH and the folders of the project
// beside them. With GMPSIM_UPDATE_DOCS=1 the documents are rewritten with what the commands print now.
// Other fences for shells are refused, so that no command escapes.

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <sys/wait.h>

namespace fs = std::filesystem;
namespace bdata = boost::unit_test::data;

namespace {

/// Every page of the project, sorted.
const std::vector<std::string>& documents() {
  static const std::vector<std::string> all = [] {
    const fs::path root = GMPSIM_SOURCE_DIR;
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(root))
      if (entry.path().extension() == ".md") out.push_back(entry.path().filename().string());
    for (const char* folder : {"sim", "models", "scenarios", "analysis", "tools", "tests"})
      for (const auto& entry : fs::recursive_directory_iterator(root / folder))
        if (entry.path().extension() == ".md") out.push_back(fs::relative(entry.path(), root).string());
    std::sort(out.begin(), out.end());
    return out;
  }();
  return all;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  BOOST_TEST_REQUIRE(file.good());
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// What stands behind the language of a fence.
struct Fence {
  std::string language;
  bool exact = false;
  bool skip = false;
  std::size_t head = 0;  // 0: everything
  int exit = 0;
  std::string file;
  std::string from;
};

Fence read_fence(const std::string& line) {
  std::istringstream words(line.substr(3));
  Fence fence;
  words >> fence.language;
  for (std::string word; words >> word;) {
    if (word == "exact")
      fence.exact = true;
    else if (word == "skip")
      fence.skip = true;
    else if (word.starts_with("head="))
      fence.head = std::stoul(word.substr(5));
    else if (word.starts_with("exit="))
      fence.exit = std::stoi(word.substr(5));
    else if (word.starts_with("file="))
      fence.file = word.substr(5);
    else if (word.starts_with("from="))
      fence.from = word.substr(5);
    else
      BOOST_ERROR("unknown word in a fence: " + line);
  }
  return fence;
}

/// A folder to run in, removed afterwards.
class Sandbox {
 public:
  explicit Sandbox(std::string name) : root_(fs::path(GMPSIM_BINARY_DIR) / "docs" / name) {
    fs::remove_all(root_);
    fs::create_directories(root_);
    for (const char* folder : {"scenarios", "tests", "models", "tools"})
      fs::create_directory_symlink(fs::path(GMPSIM_SOURCE_DIR) / folder, root_ / folder);
  }
  ~Sandbox() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  void write_file(const std::string& name, const std::string& text) const { write(root_ / name, text); }

  struct Answer {
    std::string output;
    int exit = 0;
  };
  Answer run(const std::string& command) const {
    write(root_ / ".command", command + "\n");
    const std::string path =
        std::string(GMPSIM_BINARY_DIR) + ":" + GMPSIM_BINARY_DIR + "/programs:/usr/local/bin:/usr/bin:/bin";
    const std::string line = "cd '" + root_.string() + "' && env -i PATH='" + path + "' HOME='" + root_.string() +
                             "' LC_ALL=C.UTF-8 TERM=dumb timeout 120 bash .command </dev/null 2>&1";
    Answer answer;
    FILE* pipe = popen(line.c_str(), "r");
    BOOST_TEST_REQUIRE((pipe != nullptr));
    char buffer[4096];
    while (const std::size_t n = fread(buffer, 1, sizeof buffer, pipe)) answer.output.append(buffer, n);
    const int status = pclose(pipe);
    answer.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return answer;
  }

 private:
  fs::path root_;
};

/// The document as it should be: every executed block with what its commands print now.
std::string executed(const std::string& document, const std::string& text) {
  std::string name = document;
  for (char& c : name)
    if (c == '/') c = '-';
  const Sandbox sandbox(name);
  static const std::regex kToken("\\bg1-[A-Za-z0-9_-]+");
  std::string token;  // printed last
  std::vector<std::string> out;
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size();) {
    out.push_back(lines[i]);
    if (!lines[i].starts_with("```")) {
      ++i;
      continue;
    }
    const Fence fence = read_fence(lines[i]);
    std::size_t end = i + 1;
    while (end < lines.size() && lines[end] != "```") ++end;
    BOOST_TEST_REQUIRE(end < lines.size(), document << ": the fence in line " << i + 1 << " is not closed");
    BOOST_TEST((fence.language != "sh" && fence.language != "bash" && fence.language != "shell"),
               document << ":" << i + 1 << ": commands stand in fences of language console");
    const std::string block =
        joined({lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, lines.begin() + static_cast<std::ptrdiff_t>(end)});
    if (!fence.file.empty()) sandbox.write_file(fence.file, block);
    if (!fence.from.empty()) {
      const std::string whole = read(fs::path(GMPSIM_SOURCE_DIR) / fence.from);
      BOOST_TEST((whole.find(block) != std::string::npos),
                 document << ":" << i + 1 << ": not word for word in " << fence.from);
    }
    const bool run = fence.language == "console" && !fence.skip;
    int exit = 0;
    for (std::size_t at = i + 1; at < end;) {
      out.push_back(lines[at]);
      const std::size_t begin = at++;
      if (!run) continue;
      BOOST_TEST_REQUIRE(lines[begin].starts_with("$ "), document << ":" << begin + 1 << ": a command was expected");
      std::string command = lines[begin].substr(2);
      while (command.ends_with("\\") && at < end) {
        out.push_back(lines[at]);
        command.back() = '\n';
        command = command.substr(0, command.size() - 1) + " " + lines[at++];
      }
      if (!token.empty()) {
        command = std::regex_replace(command, kToken, token);
        out.back() = std::regex_replace(out.back(), kToken, token);
      }
      const std::size_t shown = at;
      while (at < end && !lines[at].starts_with("$ ")) ++at;
      const Sandbox::Answer answer = sandbox.run(command);
      exit = answer.exit;
      for (std::sregex_iterator found(answer.output.begin(), answer.output.end(), kToken), none; found != none; ++found)
        token = found->str();
      BOOST_TEST((exit == fence.exit || at < end), document << ":" << begin + 1 << ": exit code " << exit
                                                            << " of: " << command << "\n"
                                                            << answer.output);
      if (!fence.exact) {
        out.insert(out.end(), lines.begin() + static_cast<std::ptrdiff_t>(shown),
                   lines.begin() + static_cast<std::ptrdiff_t>(at));
        continue;
      }
      std::vector<std::string> printed = lines_of(answer.output);
      for (std::string& line : printed) line.erase(line.find_last_not_of(' ') + 1);
      if (fence.head != 0 && printed.size() > fence.head) {
        printed.resize(fence.head);
        printed.push_back("…");
      }
      out.insert(out.end(), printed.begin(), printed.end());
    }
    out.push_back(lines[end]);
    i = end + 1;
  }
  return joined(out);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(docs)

BOOST_DATA_TEST_CASE(commands_print_what_the_document_shows, bdata::make(documents()), document) {
  const fs::path path = fs::path(GMPSIM_SOURCE_DIR) / document;
  BOOST_TEST_REQUIRE(fs::exists(path), document << " is missing");
  const std::string text = read(path);
  const std::string now = executed(document, text);
  if (std::getenv("GMPSIM_UPDATE_DOCS") != nullptr) {
    if (now != text) write(path, now);
    return;
  }
  const std::vector<std::string> want = lines_of(text);
  const std::vector<std::string> have = lines_of(now);
  for (std::size_t i = 0; i < std::max(want.size(), have.size()); ++i) {
    const std::string shown = i < want.size() ? want[i] : "(end)";
    const std::string printed = i < have.size() ? have[i] : "(end)";
    BOOST_TEST_REQUIRE(shown == printed, document << ":" << i + 1 << "\n  shown    " << shown << "\n  printed  "
                                                  << printed << "\n  (GMPSIM_UPDATE_DOCS=1 rewrites the documents)");
  }
}

// The checker itself: a document that is wrong must be noticed.
BOOST_AUTO_TEST_CASE(a_wrong_document_is_noticed) {
  BOOST_TEST(executed("self", "```console exact\n$ echo one; echo two\nthree\n```\n") ==
             "```console exact\n$ echo one; echo two\none\ntwo\n```\n");
  BOOST_TEST(executed("self", "```console exact head=1\n$ seq 3\n```\n") ==
             "```console exact head=1\n$ seq 3\n1\n…\n```\n");
  BOOST_TEST(executed("self", "```console\n$ echo kept \\\n  as it is\nlike this\n```\n") ==
             "```console\n$ echo kept \\\n  as it is\nlike this\n```\n");
  BOOST_TEST(executed("self", "```console skip\n$ false\n```\n") == "```console skip\n$ false\n```\n");
  BOOST_TEST(executed("self", "```console exact\n$ echo g1-new\n$ echo g1-old\n```\n") ==
             "```console exact\n$ echo g1-new\ng1-new\n$ echo g1-new\ng1-new\n```\n");
  BOOST_TEST(executed("self", "```json file=a.txt\n12\n```\n```console exact\n$ cat a.txt\n```\n") ==
             "```json file=a.txt\n12\n```\n```console exact\n$ cat a.txt\n12\n```\n");
  BOOST_TEST(executed("self", "```console exact exit=3\n$ touch here\n$ ls here; exit 3\n```\n") ==
             "```console exact exit=3\n$ touch here\n$ ls here; exit 3\nhere\n```\n");
}

BOOST_AUTO_TEST_SUITE_END()
