// gmpsim: a deterministic simulator of Go's scheduler. See cli.hpp.

#include <iostream>

#include "tools/cli.hpp"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  gmpsim::Environment env = gmpsim::process_environment();
  return gmpsim::run_command_line({argv + 1, argv + argc}, env);
}
