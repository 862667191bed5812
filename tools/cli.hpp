#pragma once
// The command line: from arguments to a command, and from whatever goes wrong to a sentence and an exit code.

#include <string>
#include <vector>

#include "tools/command_tree.hpp"
#include "tools/environment.hpp"

namespace gmpsim {

/// Runs one command line (without the program's name) and returns the exit code of the process. Never throws.
[[nodiscard]] int run_command_line(const std::vector<std::string>& arguments, Environment& env);

/// The tree of commands and options, as the parser has it.
[[nodiscard]] CommandTree command_tree();

}  // namespace gmpsim
