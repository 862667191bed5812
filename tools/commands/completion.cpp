// completion: see completion.cpp of the tools for how scripts are made.

#include "tools/command_tree.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"

namespace gmpsim {

Exit completion_command(const CompletionOptions& options, const CommandTree& tree, Context& context) {
  if (options.shell.empty())
    fail_usage("for which shell? bash, zsh or fish", "for example: source <(gmpsim completion bash)");
  context.out() << completion_script(tree, options.shell);
  return Exit::good;
}

}  // namespace gmpsim
