#pragma once
// The command line as plain data, made by walking the parser's own tree (cli.cpp). Help and completion scripts are made
// from it, so they cannot forget a flag.

#include <string>
#include <vector>

namespace gmpsim {

struct CommandOption {
  std::vector<std::string> names;  ///< "-q", "--quiet"; empty for a positional
  std::string value;               ///< "": a flag; "N"; or words: "table|json|csv"
  std::string doc;
  bool many = false;    ///< positional: any number
  bool common = false;  ///< every command has it

  [[nodiscard]] bool positional() const { return names.empty(); }
  /// The words of "a|b|c"; empty when any value may stand.
  [[nodiscard]] std::vector<std::string> words() const;
};

struct CommandTree {
  std::string name;
  std::string summary;                ///< one line, lower case, without a full stop
  std::string details;                ///< paragraphs for --help
  std::vector<std::string> examples;  ///< command lines with a remark behind "#"
  std::string group;
  std::vector<CommandOption> options;
  std::vector<CommandTree> commands;

  [[nodiscard]] const CommandTree* find(const std::string& command) const;
};

/// What `gmpsim`, `gmpsim help`, `-h` (short) and `--help` (all) print.
[[nodiscard]] std::string help_text(const CommandTree& tree, int width);
[[nodiscard]] std::string help_text(const CommandTree& tree, const CommandTree& command, bool all, int width);

/// A completion script; `shell` is bash, zsh or fish.
[[nodiscard]] std::string completion_script(const CommandTree& tree, const std::string& shell);

}  // namespace gmpsim
