#pragma once
// The house rules that a program can check, as functions from the text of a file to the rules it breaks.
//
// Reading words, not syntax: comments and literals are blanked first, so a rule sees code only. That is enough for
// includes and names, needs no compiler, and takes milliseconds. What needs the compiler (self-contained headers,
// global variables) is checked on its products: see CMakeLists.txt here.

#include <string>
#include <string_view>
#include <vector>

namespace gmpsim::tidy {

struct Problem {
  std::string path;
  int line = 0;
  std::string what;
};

/// The text with comments, string and character literals replaced by blanks of the same length.
[[nodiscard]] std::string code_only(std::string_view text);

/// What the file breaks. `path` is relative to the root of the project and decides which rules hold.
[[nodiscard]] std::vector<Problem> check_source(std::string_view path, std::string_view text);

/// Rules for every text file, whatever its language.
[[nodiscard]] std::vector<Problem> check_text(std::string_view path, std::string_view text);

}  // namespace gmpsim::tidy
