#pragma once
// Checks of our own logic: on in every build, abort with a message. Bad input never reaches one
// (house rule: if a file, a flag or a simulated program can cause it, it is an error or an outcome).

#include <string>

namespace gmpsim {

/// Prints what was violated and where, then aborts (the command line maps the abort to exit code 6).
[[noreturn]] void check_failed(const char* condition, const char* why, const char* file, int line);

/// An internal invariant was violated; thrown by `check_failed` so that the command line can print how to report it.
struct CheckFailure {
  std::string text;
};

}  // namespace gmpsim

#define GMPSIM_CHECK(condition, why)                               \
  do {                                                             \
    if (!(condition)) [[unlikely]]                                 \
      ::gmpsim::check_failed(#condition, why, __FILE__, __LINE__); \
  } while (false)
