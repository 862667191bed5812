#pragma once
// A command line run inside the test: what it said, and how it ended.

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tools/cli.hpp"

namespace gmpsim {

struct Said {
  int code = 0;
  std::string out;
  std::string err;
};

struct Around {
  std::string input;
  std::map<std::string, std::string> variables{{"LANG", "C.UTF-8"}, {"TERM", "xterm"}};
  bool terminal = false;
  unsigned processors = 2;
};

inline Said gmpsim_says(const std::vector<std::string>& arguments, const Around& around = {}) {
  std::istringstream in(around.input);
  std::ostringstream out, err;
  Environment env;
  env.in = &in;
  env.out = &out;
  env.err = &err;
  env.out_is_terminal = env.err_is_terminal = around.terminal;
  env.processors = around.processors;
  env.variable = [&](const char* name) {
    const auto found = around.variables.find(name);
    return found == around.variables.end() ? std::string() : found->second;
  };
  Said said;
  said.code = run_command_line(arguments, env);
  said.out = out.str();
  said.err = err.str();
  return said;
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Runs a scenario and gives what it says of the check `name`: "PASS", "UNDECIDED", or "FAIL" with what each line of the
/// culprits says up to its first comma: "FAIL G1 stuck; G2 other;".
inline std::string judged_scenario(const std::string& text, const std::string& name) {
  const Said said = gmpsim_says({"run", "-", "--ascii"}, {.input = text});
  for (const char* verdict : {"PASS", "UNDECIDED", "FAIL"}) {
    const std::size_t at = said.out.find(std::string("  ") + verdict + " " + name);
    if (at == std::string::npos) continue;
    std::string out = verdict;
    if (out != "FAIL") return out;
    std::size_t line = said.out.find('\n', at) + 1;
    while (said.out.compare(line, 9, "         ") == 0) {
      const std::size_t end = said.out.find('\n', line);
      const std::size_t comma = said.out.find(',', line);
      out += " " + said.out.substr(line + 9, std::min(comma, end) - line - 9) + ";";
      line = end + 1;
    }
    return out;
  }
  return "no verdict: " + said.out + said.err;
}

}  // namespace gmpsim
