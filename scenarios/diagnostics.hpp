#pragma once
// Problems of a document, told so that a person can mend them: code, place (file, line, column, JSON pointer), the
// source line with carets, what was expected, and the nearest known name. All problems of a document are collected;
// the reader never stops at the first.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gmpsim {

/// A stretch of a document: byte offsets, [begin, end).
struct SourceSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
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
  std::uint32_t line = 0;    ///< from 1; 0 when the problem has no place
  std::uint32_t column = 0;  ///< from 1, counted in characters (UTF-8 sequences count once)
  std::string source_line;   ///< the text of that line, for display
};

/// Collects problems; at most `kLimit` are kept, the rest is counted.
class Diagnostics {
 public:
  static constexpr std::size_t kLimit = 50;
  void add(Diagnostic d);
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] std::size_t warnings() const { return warnings_; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  /// As shown to people: `error[E0107]: … --> file:line:column /pointer …`, carets, hint, and a closing count.
  [[nodiscard]] std::string render(bool color) const;

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

/// The known name nearest to `word` within edit distance 2 (a transposition counts one), or "" when none is near.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace gmpsim
