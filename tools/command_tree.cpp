#include "tools/command_tree.hpp"

#include <algorithm>

namespace gmpsim {
namespace {

/// `text` in lines of at most `width` columns, all but the first indented. Line breaks in the text stay.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string word = text.substr(at, end - at);
    if (column > indent && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent && !word.empty()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    at = end + 1;
    if (end < text.size() && text[end] == '\n') {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    }
  }
  return out;
}

std::string spelled(const CommandOption& o) {
  if (o.positional()) return o.value + (o.many ? "..." : "");
  std::string text;
  for (const std::string& name : o.names) text += (text.empty() ? "" : ", ") + name;
  return text + (o.value.empty() ? "" : " " + o.value);
}

std::string listed(const std::vector<std::pair<std::string, std::string>>& rows, int width) {
  constexpr std::size_t kLongest = 30;  // longer ones stand on a line of their own
  std::size_t column = 0;
  for (const auto& [left, right] : rows) {
    if (left.size() <= kLongest) column = std::max(column, left.size());
  }
  column += 5;
  std::string out;
  for (const auto& [left, right] : rows) {
    const bool own_line = left.size() + 3 > column;
    out += "  " + left + (own_line ? "\n" + std::string(column, ' ') : std::string(column - 2 - left.size(), ' '));
    out += wrapped(right, column, static_cast<std::size_t>(width)) + "\n";
  }
  return out;
}

int sensible(int width) { return std::clamp(width, 60, 110); }

}  // namespace

std::vector<std::string> CommandOption::words() const {
  std::vector<std::string> out;
  if (value.find('|') == std::string::npos) return out;
  std::size_t at = 0;
  while (at <= value.size()) {
    const std::size_t end = std::min(value.find('|', at), value.size());
    out.push_back(value.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

const CommandTree* CommandTree::find(const std::string& command) const {
  const auto found =
      std::find_if(commands.begin(), commands.end(), [&](const CommandTree& c) { return c.name == command; });
  return found == commands.end() ? nullptr : &*found;
}

std::string help_text(const CommandTree& tree, int width) {
  std::string out = tree.name + ": " + tree.summary + "\n\nExamples\n";
  for (const std::string& example : tree.examples) out += "  " + example + "\n";
  std::vector<std::string> groups;
  for (const CommandTree& c : tree.commands) {
    if (std::find(groups.begin(), groups.end(), c.group) == groups.end()) groups.push_back(c.group);
  }
  for (const std::string& group : groups) {
    out += "\n" + group + "\n";
    std::vector<std::pair<std::string, std::string>> rows;
    for (const CommandTree& c : tree.commands) {
      if (c.group == group) rows.emplace_back(c.name, c.summary);
    }
    out += listed(rows, sensible(width));
  }
  return out +
         "\ngmpsim COMMAND -h shows examples and options of a command; gmpsim explain TOPIC tells what a word means.\n";
}

std::string help_text(const CommandTree& tree, const CommandTree& command, bool all, int width) {
  width = sensible(width);
  std::string usage = tree.name + " " + command.name;
  std::vector<std::pair<std::string, std::string>> arguments, own, common;
  for (const CommandOption& o : command.options) {
    if (o.positional()) usage += " " + spelled(o);
    auto& rows = o.positional() ? arguments : o.common ? common : own;
    rows.emplace_back(spelled(o), o.doc);
  }
  std::string out = usage + (own.empty() ? "" : " [options]") + "\n  " +
                    wrapped(command.summary, 2, static_cast<std::size_t>(width)) + "\n";
  if (!command.examples.empty()) {
    out += "\nExamples\n";
    for (std::size_t i = 0; i < command.examples.size() && (all || i < 2); ++i)
      out += "  " + command.examples[i] + "\n";
  }
  if (all && !command.details.empty())
    out += "\n  " + wrapped(command.details, 2, static_cast<std::size_t>(width)) + "\n";
  if (!arguments.empty()) out += "\nArguments\n" + listed(arguments, width);
  if (!own.empty()) out += "\nOptions\n" + listed(own, width);
  if (all) {
    if (!common.empty()) out += "\nOptions of every command\n" + listed(common, width);
    out +=
        "\nExit codes\n"
        "  0 good   1 finding   2 usage   3 bad input   4 environment   5 not reproducible   6 our bug   7 undecided\n";
  } else {
    out += "\n--help shows the rest.\n";
  }
  return out;
}

}  // namespace gmpsim
