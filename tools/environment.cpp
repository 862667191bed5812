#include "tools/environment.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace gmpsim {

Environment process_environment() {
  Environment env;
  env.in = &std::cin;
  env.out = &std::cout;
  env.err = &std::cerr;
  env.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  env.err_is_terminal = isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) env.width = size.ws_col;
  env.processors = std::max(1u, std::thread::hardware_concurrency());
  env.variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  return env;
}

bool speaks_utf8(const Environment& env) {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value = env.variable(name);
    if (value.empty()) continue;
    std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return std::tolower(c); });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

bool use_color(const Environment& env, bool is_terminal, const std::string& when) {
  if (when == "always") return true;
  if (when == "never" || !env.variable("NO_COLOR").empty()) return false;
  return is_terminal && env.variable("TERM") != "dumb";
}

}  // namespace gmpsim
