// Names that an exported program may not give to what the scenario names (see export_go.hpp).

#include <algorithm>
#include <array>

#include "tools/go_export/sources.hpp"
#include "tools/go_export/translator.hpp"

namespace gmpsim {
namespace {

/// Go's keywords and what it declares itself.
constexpr auto kOfGo = std::to_array<std::string_view>(
    {"any",     "append",     "bool",    "break",      "byte",        "cap",     "case",     "chan",    "clear",
     "close",   "comparable", "complex", "complex128", "complex64",   "const",   "continue", "copy",    "default",
     "defer",   "delete",     "else",    "error",      "fallthrough", "false",   "float32",  "float64", "for",
     "func",    "go",         "goto",    "if",         "imag",        "import",  "init",     "int",     "int16",
     "int32",   "int64",      "int8",    "interface",  "iota",        "len",     "make",     "map",     "max",
     "min",     "new",        "nil",     "package",    "panic",       "print",   "println",  "range",   "real",
     "recover", "return",     "rune",    "select",     "string",      "struct",  "switch",   "true",    "type",
     "uint",    "uint16",     "uint32",  "uint64",     "uint8",       "uintptr", "var",      "_"});

/// What the translator writes into every program: the settings that the support reads, and fixed names inside functions.
constexpr auto kWritten = std::to_array<std::string_view>(
    {"cores", "environment", "g", "index", "labels", "lastMark", "lastProgram", "names", "pass", "passes", "procs",
     "programs", "references", "scenarioSeed", "start", "stopAfter"});

/// And what it numbers.
constexpr auto kNumbered = std::to_array<std::string_view>({"recursive", "result", "site", "times", "tuple"});

bool in_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

std::string_view first_word(std::string_view text) {
  return text.substr(0, static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), in_name) - text.begin()));
}

/// The packages and the declarations at the top level of a source that gofmt has formatted.
void declared_in(std::string_view source, std::set<std::string, std::less<>>& names) {
  std::string_view block;  // of import, const, var or type: what the line with the bracket began with
  while (!source.empty()) {
    std::string_view line = source.substr(0, source.find('\n'));
    source.remove_prefix(std::min(source.size(), line.size() + 1));
    if (line.starts_with(")")) block = {};
    const std::string_view word = block.empty() ? first_word(line) : block;
    const bool import = word == "import";
    if (!import && word != "const" && word != "func" && word != "type" && word != "var") continue;
    if (block.empty()) line.remove_prefix(std::min(line.size(), word.size() + 1));
    if (line.starts_with("(") && word != "func") {
      block = word;
    } else if (import) {
      const std::size_t end = line.rfind('"');
      if (end == std::string_view::npos) continue;
      line = line.substr(0, end);
      names.emplace(line.substr(line.find_last_of("\"/") + 1));
    } else {
      if (line.starts_with("\t")) line.remove_prefix(1);
      for (;;) {  // const a, b = 1, 2
        const std::string_view name = first_word(line);
        if (!name.empty()) names.emplace(name);
        line.remove_prefix(name.size());
        if (!line.starts_with(", ")) break;
        line.remove_prefix(2);
      }
    }
  }
}

bool is_taken(std::string_view name) {
  static const std::set<std::string, std::less<>> kTaken = [] {
    std::set<std::string, std::less<>> names(kOfGo.begin(), kOfGo.end());
    names.insert(kWritten.begin(), kWritten.end());
    for (const GoSource& s : go_support_sources()) declared_in(s.text, names);
    return names;
  }();
  if (kTaken.count(name) != 0) return true;
  const std::size_t digits = name.size() - std::min(name.size(), name.find_last_not_of("0123456789") + 1);
  return digits > 0 &&
         std::find(kNumbered.begin(), kNumbered.end(), name.substr(0, name.size() - digits)) != kNumbered.end();
}

}  // namespace

// A name that ends in underscores may be what another one has become, so it gets one more.
std::string go_name(const std::string& name) {
  const std::size_t end = name.find_last_not_of('_') + 1;
  return is_taken(std::string_view(name).substr(0, std::max<std::size_t>(end, 1))) ? name + "_" : name;
}

}  // namespace gmpsim
