#include "scenarios/diagnostics.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gmpsim {
namespace {

constexpr std::size_t kLongestName = 48;     // bytes of a name that suggestions look at
constexpr std::size_t kLongestPlace = 1000;  // characters of a path or pointer
constexpr std::uint32_t kWindow = 110;       // characters of a source line shown
constexpr std::uint32_t kBeforeCaret = 60;   // of these, before the carets when the line is cut
constexpr std::size_t kNamesListed = 12;
constexpr std::size_t kNamesCompared = 1000;  // suggestions stay cheap when a document has very many names

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

/// One character of UTF-8 at `at`: its code point and length. Malformed bytes are taken one at a time as U+FFFD.
std::pair<std::uint32_t, std::size_t> decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  if (length == 0 || at + length > text.size()) return {0xFFFD, 1};
  std::uint32_t point = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {0xFFFD, 1};
    point = point << 6 | (byte(at + i) & 0x3FU);
  }
  return {point, length};
}

/// Characters that a terminal would act on, or that nobody sees: controls, directional marks, zero widths, the BOM.
bool is_hidden(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD || (point >= 0x200B && point <= 0x200F) ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || point == 0xFFFD;
}

std::string spelled(std::uint32_t point) {
  static constexpr char kDigits[] = "0123456789abcdef";
  if (point == '\n') return "\\n";
  if (point == '\t') return "\\t";
  if (point == '\r') return "\\r";
  std::string hex;
  for (int shift = 12; shift >= 0; shift -= 4) hex += kDigits[point >> shift & 15U];
  return "\\u" + hex;
}

std::string plural(std::size_t n, const char* noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

/// Edit distance with transpositions of neighbours (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kLongestName + 1>, 3> rows{};
  const auto row = [&](std::size_t i) -> auto& { return rows[i % 3]; };
  for (std::size_t j = 0; j <= b.size(); ++j) row(0)[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row(i)[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = row(i - 1)[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row(i)[j] = std::min({row(i - 1)[j] + 1, row(i)[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row(i)[j] = std::min(row(i)[j], row(i - 2)[j - 2] + 1);
    }
  }
  return row(a.size())[b.size()];
}

struct Paint {
  bool on;
  [[nodiscard]] std::string operator()(const char* code, const std::string& text) const {
    return on ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
  }
};

void render_one(const Diagnostic& d, const Paint& paint, std::string& out) {
  const bool error = d.severity == Severity::error;
  const char* color = error ? "1;31" : "1;33";
  out += paint(color, std::string(error ? "error" : "warning") + "[" + d.code + "]") + ": " + d.message + "\n";
  std::string gutter;
  if (d.line > 0) {
    const std::string number = std::to_string(d.line);
    gutter.assign(number.size(), ' ');
    out += gutter + "--> " + displayable(d.file, kLongestPlace) + ":" + number + ":" + std::to_string(d.column);
    if (!d.pointer.empty()) out += "   " + displayable(d.pointer, kLongestPlace);
    out += "\n" + paint("1;34", number + " |") + " " + d.source_line + "\n";
    out += paint("1;34", gutter + " |") + " " + std::string(d.caret, ' ') + paint(color, std::string(d.caret_width, '^'));
    if (!d.hint.empty()) out += " " + paint(color, d.hint);
    out += "\n";
  } else {
    if (!d.file.empty()) out += "  --> " + displayable(d.file, kLongestPlace) + "\n";
    if (!d.hint.empty()) out += "   = " + d.hint + "\n";
  }
  if (!d.note.empty()) out += (d.line > 0 ? gutter : "  ") + " = " + d.note + "     more: gmpsim explain " + d.code + "\n";
}

}  // namespace

void locate(Diagnostic& d) {
  if (!d.source) return;
  const std::string_view text = d.source->text;
  const std::size_t begin = std::min<std::size_t>(d.span.begin, text.size());
  const std::size_t end = std::clamp<std::size_t>(d.span.end, begin, text.size());
  const std::string_view before = text.substr(0, begin);
  const std::size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const std::size_t line_end = std::min(text.find('\n', begin), text.size());
  d.file = d.source->file;
  d.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
  d.column = static_cast<std::uint32_t>(std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_begin), before.end(), starts_character) + 1);

  // The window: whole characters, each shown as one (hidden ones as '?', so that carets stay in their column).
  const std::uint32_t first = d.column > kWindow - 10 ? d.column - kBeforeCaret : 1;
  std::uint32_t column = 1;
  std::size_t at = line_begin;
  while (at < line_end && column < first) at += decode(text, at).second, ++column;
  d.source_line = first > 1 ? "…" : "";
  d.caret = d.column - first + (first > 1 ? 1 : 0);
  d.caret_width = 0;
  for (std::uint32_t shown = 0; at < line_end; ++shown) {
    if (shown == kWindow) {
      d.source_line += "…";
      break;
    }
    const auto [point, length] = decode(text, at);
    const bool last_return = point == '\r' && at + 1 == line_end;
    if (!last_return) d.source_line += point == '\t' ? " " : is_hidden(point) ? "?" : std::string(text.substr(at, length));
    if (at >= begin && at < end) ++d.caret_width;
    at += length;
  }
  if (end > line_end || d.caret_width == 0) d.caret_width = 1;  // what goes on below is marked where it begins
}

void Diagnostics::add(Diagnostic d) {
  ++(d.severity == Severity::error ? errors_ : warnings_);
  if (full()) return;
  if (d.line == 0) locate(d);
  all_.push_back(std::move(d));
}

std::string Diagnostics::render(bool color) const {
  if (all_.empty()) return "";
  const Paint paint{color};
  std::string out;
  for (const Diagnostic& d : all_) render_one(d, paint, out);
  const std::size_t total = errors_ + warnings_;
  if (total > all_.size()) out += "… and " + std::to_string(total - all_.size()) + (enough() ? " more, at least\n" : " more\n");
  if (errors_ > 0) out += plural(errors_, "error");
  if (errors_ > 0 && warnings_ > 0) out += ", ";
  if (warnings_ > 0) out += plural(warnings_, "warning");
  if (!all_.front().file.empty()) out += " in " + displayable(all_.front().file, kLongestPlace);
  return out + "\n";
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > kLongestName) return "";
  // A word of three letters is not "near" everything of three letters.
  const std::size_t limit = word.size() <= 2 ? 1 : 2;
  const std::size_t compared = std::min(known.size(), kNamesCompared);
  std::size_t best = std::min(limit + 1, word.size());
  std::string found;
  for (std::size_t i = 0; i < compared; ++i) {
    const std::string& name = known[i];
    if (name.size() > kLongestName || name.size() + limit < word.size() || word.size() + limit < name.size()) continue;
    const std::size_t d = distance(word, name);
    if (d >= best) continue;
    best = d;
    found = name;
  }
  return found;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string name = nearest(word, known);
  return name.empty() ? "" : "did you mean " + in_quotes(name) + "?";
}

std::string known_names(std::string_view what, std::vector<std::string> known) {
  if (known.empty()) return "";
  std::sort(known.begin(), known.end());
  std::string out = std::string(what) + ": ";
  const std::size_t shown = known.size() <= kNamesListed + 2 ? known.size() : kNamesListed;
  for (std::size_t i = 0; i < shown; ++i) out += (i == 0 ? "" : ", ") + displayable(known[i]);
  if (shown < known.size()) out += " and " + std::to_string(known.size() - shown) + " more";
  return out;
}

std::string displayable(std::string_view text, std::size_t longest) {
  std::string out;
  std::size_t shown = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (shown++ == longest) return out + "…";
    const auto [point, length] = decode(text, at);
    out += is_hidden(point) ? spelled(point) : std::string(text.substr(at, length));
    at += length;
  }
  return out;
}

std::string in_quotes(std::string_view text) { return "\"" + displayable(text) + "\""; }

}  // namespace gmpsim
