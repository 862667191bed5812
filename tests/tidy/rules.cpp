#include "tests/tidy/rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <utility>

namespace gmpsim::tidy {

namespace {

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }
bool is_header(std::string_view path) { return path.ends_with(".hpp"); }

/// The layer of a path: its first folder.
std::string_view layer_of(std::string_view path) { return path.substr(0, path.find('/')); }

/// Which layers a file of `layer` may include from.
std::vector<std::string_view> visible_from(std::string_view layer) {
  if (layer == "sim") return {"sim"};
  if (layer == "models") return {"models", "sim"};
  if (layer == "scenarios") return {"scenarios", "models", "sim"};
  if (layer == "analysis") return {"analysis", "sim"};
  if (layer == "tools") return {"tools", "analysis", "scenarios", "models", "sim"};
  return {"tests", "tools", "analysis", "scenarios", "models", "sim"};
}

/// Where simulated things happen: no floating point, no clock but the simulated one, no state beside the world.
bool is_deterministic_layer(std::string_view layer) { return layer == "sim" || layer == "models"; }

struct Ban {
  const char* pattern;  ///< of one line of code
  const char* why;
};

constexpr std::array kDeterministicBans{
    Ban{R"(\b(double|float)\b)", "floating point: state is integers, doubles begin in analysis"},
    Ban{R"(\bthread_local\b)", "thread-local state: many engines run side by side"},
    Ban{R"(\bstd::hash\b)", "std::hash differs between libraries: use mix64 or the Hasher"},
    Ban{R"(\w+_distribution\b)", "std:: distributions differ between libraries: use a Sampler"},
    Ban{R"(\b(mt19937|minstd_rand|random_device|default_random_engine|s?rand)\b)",
        "another source of chance: ask the Chooser"},
    Ban{R"(\bstd::(shuffle|sample|random_shuffle)\b)", "not specified exactly: draw from the Chooser"},
    Ban{R"(\b(system|steady|high_resolution|file|utc)_clock\b)", "another clock than the simulated one"},
    Ban{R"((^|[^\w.>:])(std::)?(time|clock|gettimeofday|clock_gettime|getenv|setlocale)\s*\()",
        "what the machine says flows into the run"},
    Ban{R"(#include\s*<(cmath|math\.h|random|chrono|ctime|time\.h|thread|mutex|future|filesystem|locale|iostream|fstream)>)",
        "nothing in this header belongs in a deterministic layer"},
    Ban{R"(\bshared_ptr\b)", "ownership is values, unique_ptr and ids"},
    Ban{R"(\b(map|set)<\s*(const\s+)?[\w:]+\s*\*)", "ordered by address"},
};

constexpr std::array kCoroutineBans{
    Ban{R"(co_await.*\bco_await\b)", "one co_await per statement (g++ 12 evaluates several wrongly)"},
    Ban{R"(\?.*\bco_await\b)", "no co_await in a conditional expression (g++ 12 runs the wrong branch)"},
    Ban{R"(\bco_await\b[^;]*\[[&=\w, ]*\]\s*[({])", "name the lambda before the co_await (g++ 12 destroys it twice)"},
    Ban{R"(\bco_await\b[^;]*\{\s*\.)", "name the aggregate before the co_await (g++ 12 destroys it twice)"},
    Ban{R"(\bauto\s*\[.*=\s*co_await\b)", "no structured binding of a co_await (later g++ mishandle it)"},
};

/// Longer than a reader likes, each for a reason.
struct LongFile {
  const char* path;
  const char* why;
};
constexpr int kLongestFile = 700;
constexpr std::array kLongFiles{
    LongFile{"models/go/proc.cpp", "the scheduler, in the order of Go's proc.go so that both can be read side by side"},
    LongFile{"scenarios/op_compiler.cpp", "the one class that operations compile through"},
    LongFile{"scenarios/expression.cpp", "lexer, parser, compiler and evaluator of one small language, read together"},
};

int line_at(std::string_view text, std::size_t offset) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

template <std::size_t N>
void check_bans(const std::array<Ban, N>& bans, const std::vector<std::string>& code, std::string_view path,
                std::vector<Problem>& out) {
  for (const Ban& ban : bans) {
    const std::regex pattern(ban.pattern);
    for (std::size_t i = 0; i < code.size(); ++i)
      if (std::regex_search(code[i], pattern)) out.push_back({std::string(path), static_cast<int>(i) + 1, ban.why});
  }
}

void check_includes(std::string_view path, const std::vector<std::string>& lines, std::vector<Problem>& out) {
  static const std::regex include(R"re(^\s*#\s*include\s*"([^"]+)")re");
  const std::vector<std::string_view> visible = visible_from(layer_of(path));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (!std::regex_search(lines[i], match, include)) continue;
    const std::string target = match[1];
    const int line = static_cast<int>(i) + 1;
    const bool neighbour = target.find('/') == std::string::npos;
    if (neighbour && layer_of(path) == "tests") continue;  // the support of one folder of tests
    if (neighbour)
      out.push_back({std::string(path), line,
                     "include \"" + target + "\" from the root: \"" + std::string(path.substr(0, path.rfind('/') + 1)) +
                         target + "\""});
    else if (std::find(visible.begin(), visible.end(), layer_of(target)) == visible.end())
      out.push_back(
          {std::string(path), line,
           std::string(layer_of(path)) + " must not see " + std::string(layer_of(target)) + " (" + target + ")"});
  }
}

/// `static` variables that can change. A function has its parenthesis first.
void check_statics(std::string_view path, std::string_view code, std::vector<Problem>& out) {
  static const std::regex word(R"(\bstatic\b)");
  for (auto it = std::cregex_iterator(code.data(), code.data() + code.size(), word); it != std::cregex_iterator();
       ++it) {
    const auto begin = static_cast<std::size_t>(it->position());
    const std::size_t end = code.find_first_of(";={(", begin);
    if (end == std::string_view::npos || code[end] == '(') continue;
    const std::string declaration(code.substr(begin, end - begin));
    if (!std::regex_search(declaration, std::regex(R"(\bconst(expr|init)?\b)")))
      out.push_back({std::string(path), line_at(code, begin), "static variable that can change"});
  }
}

/// No co_await between the parentheses of if, while, switch, for: g++ 12 traps there under AddressSanitizer.
void check_conditions(std::string_view path, std::string_view code, std::vector<Problem>& out) {
  static const std::regex keyword(R"(\b(if|while|switch|for)\s*(constexpr\s*)?\()");
  for (auto it = std::cregex_iterator(code.data(), code.data() + code.size(), keyword); it != std::cregex_iterator();
       ++it) {
    const auto begin = static_cast<std::size_t>(it->position() + it->length());
    std::size_t end = begin;
    for (int depth = 1; end < code.size() && depth > 0; ++end)
      depth += code[end] == '(' ? 1 : code[end] == ')' ? -1 : 0;
    if (code.substr(begin, end - begin).find("co_await") != std::string_view::npos)
      out.push_back(
          {std::string(path), line_at(code, begin), "name the result of co_await first (g++ 12 traps in conditions)"});
  }
}

/// Hash tables may be asked, not walked: whoever declares one says so.
void check_unordered(std::string_view path, const std::vector<std::string>& code, const std::vector<std::string>& lines,
                     std::vector<Problem>& out) {
  static const std::regex unordered(R"(\bstd::unordered_\w+<)");
  for (std::size_t i = 0; i < code.size(); ++i)
    if (std::regex_search(code[i], unordered) && lines[i].find("never walked") == std::string::npos)
      out.push_back({std::string(path), static_cast<int>(i) + 1,
                     "std::unordered_*: its order differs between libraries; if it is only looked up in, say \"never "
                     "walked\" on the line"});
}

}  // namespace

std::string code_only(std::string_view text) {
  enum class In { code, line_comment, block_comment, string, character, raw };
  std::string out(text);
  In in = In::code;
  std::string raw_end;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const auto blank = [&](std::size_t n) {
      for (std::size_t k = i; k < std::min(i + n, text.size()); ++k)
        if (out[k] != '\n') out[k] = ' ';
      i += n - 1;
    };
    const bool in_word = i > 0 && (std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0 || text[i - 1] == '_');
    switch (in) {
      case In::code:
        if (c == '/' && next == '/') {
          in = In::line_comment;
          blank(2);
        } else if (c == '/' && next == '*') {
          in = In::block_comment;
          blank(2);
        } else if (c == 'R' && next == '"' && !in_word) {
          const std::size_t open = std::min(text.find('(', i), text.size());
          raw_end = ")" + std::string(text.substr(i + 2, open - i - 2)) + "\"";
          in = In::raw;
          blank(open - i + 1);
        } else if (c == '"') {
          in = In::string;
          blank(1);
        } else if (c == '\'' && !in_word) {  // not the separator of 1'000
          in = In::character;
          blank(1);
        }
        break;
      case In::line_comment:
        if (c == '\n') in = In::code;
        blank(1);
        break;
      case In::block_comment:
        if (c == '*' && next == '/') {
          in = In::code;
          blank(2);
        } else {
          blank(1);
        }
        break;
      case In::string:
      case In::character:
        if (c == '\\') {
          blank(2);
        } else {
          if (c == (in == In::string ? '"' : '\'')) in = In::code;
          blank(1);
        }
        break;
      case In::raw:
        if (text.substr(i, raw_end.size()) == raw_end) {
          in = In::code;
          blank(raw_end.size());
        } else {
          blank(1);
        }
        break;
    }
  }
  return out;
}

std::vector<Problem> check_source(std::string_view path, std::string_view text) {
  std::vector<Problem> problems;
  const std::string code = code_only(text);
  const std::vector<std::string> lines = lines_of(text);
  const std::vector<std::string> code_lines = lines_of(code);
  const std::string_view layer = layer_of(path);

  check_includes(path, lines, problems);
  if (is_header(path) && text.find("#pragma once") == std::string_view::npos)
    problems.push_back({std::string(path), 1, "a header without #pragma once"});
  if (is_header(path))
    check_bans(std::array{Ban{R"(\busing\s+namespace\b)", "using namespace in a header"}}, code_lines, path, problems);
  check_bans(kCoroutineBans, code_lines, path, problems);
  check_conditions(path, code, problems);
  if (path != "sim/task.hpp")
    check_bans(std::array{Ban{R"(\bhandle\w*\.resume\s*\()", "only sim/task.hpp resumes a coroutine"}}, code_lines,
               path, problems);
  if (is_deterministic_layer(layer)) {
    check_bans(kDeterministicBans, code_lines, path, problems);
    check_statics(path, code, problems);
    check_unordered(path, code_lines, lines, problems);
  }
  const bool excused =
      std::any_of(kLongFiles.begin(), kLongFiles.end(), [&](const LongFile& f) { return path == f.path; });
  if (static_cast<int>(lines.size()) > kLongestFile && !excused)
    problems.push_back({std::string(path), kLongestFile + 1,
                        std::to_string(lines.size()) +
                            " lines: split the file, or give a reason in kLongFiles (tests/tidy/rules.cpp)"});
  return problems;
}

std::vector<Problem> check_text(std::string_view path, std::string_view text) {
  std::vector<Problem> problems;
  // Spelled in two halves, or this file would break the rule.
  static const std::array private_paths{std::string("/wo") + "rk/", std::string("../sha") + "red"};
  for (const std::string& needle : private_paths)
    for (std::size_t at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1)) {
      const char before = at == 0 ? ' ' : text[at - 1];
      const bool inside_a_path =
          std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '.' || before == '_';
      if (!inside_a_path)
        problems.push_back({std::string(path), line_at(text, at), "a path of one developer's machine: " + needle});
    }
  for (const std::string_view marker : {"<<<<<<< ", ">>>>>>> "})
    if (starts_with(text, marker) || text.find("\n" + std::string(marker)) != std::string_view::npos)
      problems.push_back({std::string(path), 1, "a merge conflict"});
  return problems;
}

}  // namespace gmpsim::tidy
