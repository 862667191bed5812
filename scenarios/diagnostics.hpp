#pragma once
// Problems of a document, told so that a person can mend them: code, place (file, line, column, JSON pointer), the
// source line with carets, what was expected, and the nearest known name. All problems of a document are collected;
// the reader never stops at the first.
//
// Ranges of codes (each has an entry in codes.cpp, shown by `gmpsim explain CODE`):
//   E01xx  the document: syntax, keys, types, versions, `extends`, overrides
//   E02xx  values: times, sizes, rates, counts, distributions, bounds, parameters
//   E03xx  names: how they are written, clashes, what they refer to        W03xx  probably not what was meant
//   E04xx  expressions
//   E05xx  operations and programs
//   E0900  valid, but not in this version
//
// Rejected: computing line and column where a problem is found (a document of one long line and a million problems
// would take hours); `add` does it for the few that are kept.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gmpsim {

/// A stretch of a document: byte offsets, [begin, end).
struct SourceSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// The text that spans point into.
struct SourceText {
  std::string file;
  std::string text;
};

enum class Severity : std::uint8_t { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;     ///< "E0107": see `gmpsim explain E0107`
  std::string message;  ///< "unknown key \"gomaxproc\""
  std::string hint;     ///< under the carets: "did you mean \"gomaxprocs\"?"
  std::string note;     ///< on a line of its own: "known here: …"
  std::string file;
  std::string pointer;  ///< JSON pointer of the value, "/runtime/gomaxproc"
  SourceSpan span;
  std::shared_ptr<const SourceText> source;  ///< null when the problem has no place
  // Filled in by Diagnostics::add from `source` and `span`:
  std::uint32_t line = 0;       ///< from 1; 0 when the problem has no place
  std::uint32_t column = 0;     ///< from 1, counted in characters (UTF-8 sequences count once)
  std::string source_line;      ///< the text of that line, made safe for display; a window of it when it is long
  std::uint32_t caret = 0;      ///< where in `source_line` the carets start, in characters
  std::uint32_t caret_width = 1;
};

/// Fills line, column, source line and carets from `source` and `span`.
void locate(Diagnostic& d);

/// Collects problems; at most `kLimit` are kept, the rest is counted.
class Diagnostics {
 public:
  static constexpr std::size_t kLimit = 50;
  static constexpr std::size_t kEnough = 1000;
  void add(Diagnostic d);
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] std::size_t warnings() const { return warnings_; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  /// More would only be counted: whoever has costly advice to give may save it.
  [[nodiscard]] bool full() const { return all_.size() >= kLimit; }
  /// So much is wrong that nobody needs to know how much: whoever goes through a long list stops.
  [[nodiscard]] bool enough() const { return errors_ + warnings_ >= kEnough; }
  /// As shown to people: `error[E0107]: … --> file:line:column /pointer …`, carets, hint, and a closing count.
  [[nodiscard]] std::string render(bool color) const;

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

/// The known name nearest to `word` within edit distance 2 (a transposition counts one), or "" when none is near.
/// Short words must be nearer than their length; of equally near ones the first in `known` wins.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// `did you mean "x"?`, or "" when nothing in `known` is near.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

/// `known: a, b, c`, sorted, shortened after a dozen; "" for none. `what` comes first: "known here", "programs".
[[nodiscard]] std::string known_names(std::string_view what, std::vector<std::string> known);

/// In double quotes, shortened, control characters and invisible ones spelled out: safe to show on any terminal.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// Without quotes: the same for text that is shown as it stands.
[[nodiscard]] std::string displayable(std::string_view text, std::size_t longest = 60);

}  // namespace gmpsim
