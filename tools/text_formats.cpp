#include "tools/text_formats.hpp"

#include <algorithm>
#include <cstdint>

namespace gmpsim {
namespace {

/// Length of the UTF-8 character at `at`, 0 when there is none.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned c = byte(at);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return follows(at + 1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    if (!follows(at + 1) || !follows(at + 2)) return 0;
    const unsigned next = byte(at + 1);
    const bool overlong = c == 0xE0 && next < 0xA0;
    const bool surrogate = c == 0xED && next > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if (!follows(at + 1) || !follows(at + 2) || !follows(at + 3)) return 0;
    const unsigned next = byte(at + 1);
    return (c == 0xF0 && next < 0x90) || (c == 0xF4 && next > 0x8F) ? 0 : 4;
  }
  return 0;
}

/// `text` in lines of at most `width` characters.
std::vector<std::string> lines_of(const std::string& text, std::size_t width) {
  std::vector<std::string> lines{""};
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    const bool fits = lines.back().empty() || display_width(lines.back()) + 1 + display_width(word) <= width;
    if (!fits) lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
    at = end + 1;
  }
  return lines;
}

}  // namespace

std::string json_text(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t length = character_length(text, at);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
      continue;
    }
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += std::string("\\u00") + kDigits[c >> 4 & 15] + kDigits[c & 15];
    } else {
      out += text.substr(at, length);
    }
    at += length;
  }
  return out + "\"";
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(cells[i]);
  return out + "\n";
}

std::string columns_text(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows,
                         const TextStyle& style) {
  constexpr std::size_t kGap = 3;
  std::vector<std::size_t> widths;
  for (const std::string& h : heading) widths.push_back(display_width(h));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::size_t before_last = 2;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + kGap;
  const std::size_t room =
      std::max<std::size_t>(static_cast<std::size_t>(std::max(style.width, 0)), before_last + 30) - before_last;

  const auto line = [&](const std::vector<std::string>& cells, Paint paint) {
    std::string out = "  ";
    for (std::size_t i = 0; i + 1 < cells.size(); ++i)
      out += painted(cells[i], i == 0 && paint == Paint::plain ? Paint::strong : paint, style) +
             std::string(widths[i] - display_width(cells[i]) + kGap, ' ');
    const std::vector<std::string> last = lines_of(cells.back(), room);
    for (std::size_t i = 0; i < last.size(); ++i)
      out += (i == 0 ? "" : "\n" + std::string(before_last, ' ')) + painted(last[i], paint, style);
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out + "\n";
  };
  std::string out = line(heading, Paint::faint);
  for (const auto& row : rows) out += line(row, Paint::plain);
  return out;
}

std::string counted(std::size_t n, std::string_view noun) {
  return std::to_string(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

}  // namespace gmpsim
