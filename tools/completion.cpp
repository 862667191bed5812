// Completion scripts for bash, zsh and fish, made from the tree of the command line. What an argument may be follows
// from the name of its value: SCENARIO is a scenario of the catalogue or a file, PRESET a preset, TOPIC anything that
// has a meaning; words that may stand there are words.

#include <fmt/format.h>

#include <algorithm>

#include "tools/catalogue.hpp"
#include "tools/command_tree.hpp"
#include "tools/topics.hpp"

namespace gmpsim {
namespace {

/// What completes a value.
struct Candidates {
  std::vector<std::string> words;
  bool files = false;
};

/// Words that need no quoting in any shell; the others are typed by hand.
bool is_plain(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '/';
  });
}

Candidates candidates_for(const CommandOption& option) {
  Candidates c;
  const auto names_of_kind = [&](const char* kind) {
    for (const Topic& t : topics_of(kind)) c.words.push_back(t.name);
  };
  if (option.value == "SCENARIO" || option.value == "TOKEN|FILE") {
    if (option.value == "SCENARIO") c.words = catalogue_names();
    c.files = true;
  } else if (option.value == "FILE" || option.value == "NAME") {
    c.files = option.value == "FILE";
  } else if (option.value == "PRESET" || option.value == "POLICY" || option.value == "A,B") {
    names_of_kind("preset");
  } else if (option.value == "TEMPLATE") {
    names_of_kind("template");
  } else if (option.value == "TOPIC") {
    for (const Topic& t : all_topics()) c.words.push_back(t.name);
    std::sort(c.words.begin(), c.words.end());
    c.words.erase(std::unique(c.words.begin(), c.words.end()), c.words.end());
  } else {
    c.words = option.words();
  }
  std::erase_if(c.words, [](const std::string& w) { return !is_plain(w); });
  return c;
}

std::string in_line(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : " ") + w;
  return out;
}

std::string pattern_of(const CommandOption& option) {
  std::string out;
  for (const std::string& name : option.names) out += (out.empty() ? "" : "|") + name;
  return out;
}

std::string bash_reply(const Candidates& c) {
  if (c.words.empty() && !c.files) return "return";
  std::string out;
  if (!c.words.empty()) out += fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$cur\"))", in_line(c.words));
  if (c.files) out += std::string(out.empty() ? "" : "; ") + "COMPREPLY+=($(compgen -f -- \"$cur\"))";
  return out;
}

std::string bash_script(const CommandTree& tree) {
  std::string out =
      "# bash completion for gmpsim; made by `gmpsim completion bash`\n"
      "_gmpsim() {\n"
      "  local cur prev command='' word\n"
      "  cur=${COMP_WORDS[COMP_CWORD]}\n"
      "  prev=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  COMPREPLY=()\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case $word in -*) ;; *) command=$word; break ;; esac\n"
      "  done\n"
      "  case $command in\n";
  std::vector<std::string> names;
  for (const CommandTree& c : tree.commands) {
    names.push_back(c.name);
    std::string flags, values, positional = "    ;;\n";
    for (const CommandOption& o : c.options) {
      const Candidates candidates = candidates_for(o);
      if (o.positional()) {
        positional = "      " + bash_reply(candidates) + "\n      ;;\n";
        continue;
      }
      flags += (flags.empty() ? "" : " ") + in_line(o.names);
      if (!o.value.empty())
        values += fmt::format("        {}) {}; return ;;\n", pattern_of(o),
                              bash_reply(candidates) == "return" ? ":" : bash_reply(candidates));
    }
    out += fmt::format("    {})\n", c.name);
    if (!values.empty()) out += "      case $prev in\n" + values + "      esac\n";
    out += fmt::format("      case $cur in -*) COMPREPLY=($(compgen -W '{}' -- \"$cur\")); return ;; esac\n", flags);
    out += positional == "    ;;\n" ? "      ;;\n" : positional;
  }
  out += fmt::format("    '')\n      COMPREPLY=($(compgen -W '{} help --help --version' -- \"$cur\"))\n      ;;\n",
                     in_line(names));
  out += fmt::format("    help)\n      COMPREPLY=($(compgen -W '{}' -- \"$cur\"))\n      ;;\n", in_line(names));
  return out +
         "  esac\n"
         "}\n"
         "complete -o filenames -F _gmpsim gmpsim\n";
}

/// Inside '…' and a description of zsh or fish.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      out += std::string("\\") + c;
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out;
}

std::string zsh_action(const Candidates& c) {
  if (c.words.empty()) return c.files ? "_files" : " ";
  if (c.files) return "_alternative \"words:word:(" + in_line(c.words) + ")\" \"files:file:_files\"";
  return "(" + in_line(c.words) + ")";
}

std::string zsh_script(const CommandTree& tree) {
  std::string out =
      "#compdef gmpsim\n"
      "# zsh completion for gmpsim; made by `gmpsim completion zsh`\n"
      "_gmpsim() {\n"
      "  local -a commands\n"
      "  commands=(\n";
  for (const CommandTree& c : tree.commands) out += fmt::format("    '{}:{}'\n", c.name, quoted(c.summary));
  out +=
      "  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  (( CURRENT-- ))\n"
      "  shift words\n"
      "  case $command in\n";
  for (const CommandTree& c : tree.commands) {
    out += fmt::format("    {})\n      _arguments", c.name);
    for (const CommandOption& o : c.options) {
      const std::string action = quoted(o.value) + ":" + zsh_action(candidates_for(o));
      if (o.positional()) {
        out += fmt::format(" \\\n        '{}:{}'", o.many ? "*" : "", action);
        continue;
      }
      for (const std::string& name : o.names)
        out += fmt::format(" \\\n        '{}[{}]{}'", name, quoted(o.doc), o.value.empty() ? "" : ":" + action);
    }
    out += "\n      ;;\n";
  }
  return out +
         "  esac\n"
         "}\n"
         "# In a folder of $fpath this file is the function; sourced, it has to be told about.\n"
         "if [ \"$funcstack[1]\" = _gmpsim ]; then _gmpsim \"$@\"; else compdef _gmpsim gmpsim; fi\n";
}

std::string fish_quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string fish_script(const CommandTree& tree) {
  std::string out = "# fish completion for gmpsim; made by `gmpsim completion fish`\n";
  for (const CommandTree& c : tree.commands)
    out +=
        fmt::format("complete -c gmpsim -f -n __fish_use_subcommand -a {} -d '{}'\n", c.name, fish_quoted(c.summary));
  for (const CommandTree& c : tree.commands) {
    const std::string when = fmt::format("complete -c gmpsim -n '__fish_seen_subcommand_from {}'", c.name);
    for (const CommandOption& o : c.options) {
      const Candidates candidates = candidates_for(o);
      std::string what = candidates.files ? "" : " -f";
      if (!candidates.words.empty()) what += fmt::format(" -a '{}'", in_line(candidates.words));
      if (o.positional()) {
        out += when + what + "\n";
        continue;
      }
      std::string line = when;
      for (const std::string& name : o.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!o.value.empty())
        line += (candidates.files ? " -r -F" : " -x") +
                (candidates.words.empty() ? "" : fmt::format(" -a '{}'", in_line(candidates.words)));
      out += line + fmt::format(" -d '{}'\n", fish_quoted(o.doc));
    }
  }
  return out;
}

}  // namespace

std::string completion_script(const CommandTree& tree, const std::string& shell) {
  if (shell == "zsh") return zsh_script(tree);
  if (shell == "fish") return fish_script(tree);
  return bash_script(tree);
}

}  // namespace gmpsim
