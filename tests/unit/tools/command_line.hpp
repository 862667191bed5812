#pragma once
// A command line run inside the test: what it said, and how it ended.

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

}  // namespace gmpsim
