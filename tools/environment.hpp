#pragma once
// The world outside a command: its streams, what is known of the terminal, variables. Tests hand in their own; nothing
// else in the tools touches std::cout, isatty or getenv.

#include <functional>
#include <iosfwd>
#include <string>

namespace gmpsim {

struct Environment {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;  ///< data: the same bytes for the same input
  std::ostream* err = nullptr;  ///< progress, warnings, timing, hints
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  int width = 100;          ///< columns of the terminal
  unsigned processors = 1;  ///< how many threads are worth having
  std::function<std::string(const char*)> variable = [](const char*) { return std::string(); };
};

/// That of this process.
[[nodiscard]] Environment process_environment();

/// Does the locale (LC_ALL, LC_CTYPE, LANG; the first that is set) say UTF-8?
[[nodiscard]] bool speaks_utf8(const Environment& env);

/// May colour be used on a stream? `when` is auto, always or never.
[[nodiscard]] bool use_color(const Environment& env, bool is_terminal, const std::string& when);

}  // namespace gmpsim
