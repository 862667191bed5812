// The parser stops at the first error; what is wrong there is read again from the text, with the little that JSON's
// grammar remembers (JsonState). Each answer names what stands there, what was expected, and the usual way to get there:
// a trailing comma, a missing comma, Python's or JavaScript's words, quotes from a word processor.
// Rejected: rewording the parser's own messages (they name its tokens, not the user's mistake).

#include "scenarios/json_syntax.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gmpsim {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }

std::string lower(std::string_view word) {
  std::string out(word);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

class Explainer {
 public:
  Explainer(const std::shared_ptr<const SourceText>& source, std::size_t opened)
      : source_(source), text_(source->text), opened_(opened) {}

  Diagnostic explain(JsonState state, std::size_t after) const {
    const std::size_t at = skip_blank(text_, after);
    if (const auto comment = broken_comment(at)) return *comment;
    switch (state) {
      case JsonState::start: return at == text_.size() ? empty_document() : bad_value(at);
      case JsonState::done: return say(at, at + 1, "more text after the end of the document", "the document ended before this");
      case JsonState::object_open: return bad_key(at);
      case JsonState::object_key: return after_key(at, after);
      case JsonState::object_value: return after_member(at, after, '}');
      case JsonState::array_open: return bad_value(at);
      case JsonState::array_value: return after_member(at, after, ']');
    }
    return say(at, at + 1, "this is no JSON");
  }

 private:
  Diagnostic say(std::size_t begin, std::size_t end, std::string message, std::string hint = {}, std::string note = {}) const {
    Diagnostic d{.code = "E0101", .message = std::move(message), .hint = std::move(hint), .note = std::move(note)};
    d.source = source_;
    d.span = {static_cast<std::uint32_t>(std::min(begin, text_.size())), static_cast<std::uint32_t>(std::min(end, text_.size()))};
    return d;
  }

  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  std::string line_of(std::size_t i) const {
    return std::to_string(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(i, text_.size())), '\n') + 1);
  }

  Diagnostic empty_document() const { return say(0, 0, "the document is empty", "a document is one object: { … }"); }

  Diagnostic unfinished() const {
    // Point at the end of what is there, not at blank lines below it.
    const std::size_t last = text_.find_last_not_of(" \t\r\n");
    const std::size_t end = last == kNowhere ? text_.size() : last + 1;
    if (opened_ == kNowhere) return say(end, end, "the document ends in the middle of a value");
    const bool object = text_[opened_] == '{';
    return say(end, end, std::string("the document ends inside ") + (object ? "an object" : "an array"),
               std::string("a ") + (object ? "}" : "]") + " is missing for the " + (object ? "{" : "[") + " of line " + line_of(opened_));
  }

  std::optional<Diagnostic> broken_comment(std::size_t i) const {
    if (at(i) == '/' && at(i + 1) == '*') return say(i, i + 2, "this comment does not end", "*/ is missing");
    if (at(i) == '/' && at(i + 1) != '/') return say(i, i + 1, "a lone /", "comments are // to the end of the line or /* … */");
    if (at(i) == '#') return say(i, i + 1, "# does not begin a comment here", "comments are // to the end of the line or /* … */");
    return std::nullopt;
  }

  Diagnostic after_key(std::size_t i, std::size_t after) const {
    if (i >= text_.size()) return unfinished();
    if (at(i) == ':') {
      const std::size_t value = skip_blank(text_, i + 1);
      if (const auto comment = broken_comment(value)) return *comment;
      return bad_value(value);
    }
    if (at(i) == '=') return say(i, i + 1, "= between a key and its value", "JSON writes \"key\": value");
    return say(after, after, "a colon is missing after this key", "JSON writes \"key\": value");
  }

  Diagnostic after_member(std::size_t i, std::size_t after, char closer) const {
    if (i >= text_.size()) return unfinished();
    const char c = at(i);
    if (c == ',') {
      const std::size_t next = skip_blank(text_, i + 1);
      if (const auto comment = broken_comment(next)) return *comment;
      if (next >= text_.size()) return unfinished();
      if (at(next) == closer) return say(i, i + 1, "trailing comma", std::string("remove it: nothing follows before the ") + closer);
      return closer == '}' ? bad_key(next) : bad_value(next);
    }
    if (c == '}' || c == ']') return wrong_closer(i);
    if (c == ';') return say(i, i + 1, "; between values", "JSON separates values by commas");
    if (c == ':' && closer == ']') return say(i, i + 1, "a key inside an array", "keys need an object: { \"key\": value }");
    // What stands here could be the next value, so that only the comma is missing; or else it belongs to the value before.
    if (c == '"' || c == '{' || c == '[' || c == '-' || is_digit(c) || is_letter(c)) {
      if (i == after) return bad_value(start_of_word(after));
      return say(after, after, "a comma is missing here", "values are separated by commas");
    }
    return unexpected(i);
  }

  /// Numbers such as 5ms or 0x10 reach the parser in two pieces: go back to where they begin.
  std::size_t start_of_word(std::size_t i) const {
    while (i > 0 && (is_digit(text_[i - 1]) || is_letter(text_[i - 1]) || text_[i - 1] == '.' || text_[i - 1] == '-' || text_[i - 1] == '+')) --i;
    return i;
  }

  Diagnostic wrong_closer(std::size_t i) const {
    if (opened_ == kNowhere) return say(i, i + 1, std::string("a ") + at(i) + " that closes nothing");
    const bool object = text_[opened_] == '{';
    return say(i, i + 1, std::string("a ") + at(i) + " where " + (object ? "an object" : "an array") + " is still open",
               std::string("line ") + line_of(opened_) + " opened it with " + (object ? "{, which ends with }" : "[, which ends with ]"));
  }

  Diagnostic bad_key(std::size_t i) const {
    if (i >= text_.size()) return unfinished();
    const char c = at(i);
    if (c == '"') return bad_string(i);
    if (c == '\'') return single_quotes(i);
    if (c == ',') return say(i, i + 1, "a comma without a member before it", "remove it");
    if (c == ']') return wrong_closer(i);
    if (is_letter(c) || is_digit(c) || c == '-') {
      const std::size_t end = end_of_word(text_, i);
      const std::string word = displayable(text_.substr(i, end - i));
      return say(i, end, "a key without quotes", "write \"" + word + "\"");
    }
    if (c == '{' || c == '[') return say(i, i + 1, "a value without a key inside an object", "each member is \"key\": value");
    return unexpected(i);
  }

  Diagnostic bad_value(std::size_t i) const {
    if (i >= text_.size()) return unfinished();
    const char c = at(i);
    if (c == '"') return bad_string(i);
    if (c == '\'') return single_quotes(i);
    if (c == ',') return say(i, i + 1, "a value is missing before this comma");
    if (c == '}' || c == ']') {
      if (opened_ != kNowhere && (text_[opened_] == '{') == (c == ']')) return wrong_closer(i);
      return say(i, i + 1, std::string("a value is missing before this ") + c);
    }
    if (c == ':') return say(i, i + 1, "a value is missing before this colon");
    if (is_digit(c) || c == '-' || c == '+' || c == '.') return bad_number(i);
    if (is_letter(c)) return bad_word(i);
    return unexpected(i);
  }

  Diagnostic bad_word(std::size_t i) const {
    const std::size_t end = end_of_word(text_, i);
    const std::string word = displayable(text_.substr(i, end - i));
    const std::string low = lower(text_.substr(i, std::min<std::size_t>(end - i, 16)));
    if (low == "nan" || low == "infinity" || low == "inf") {
      return say(i, end, word + " is no JSON", "JSON has no infinity and no NaN; leave the key out for \"no limit\"");
    }
    if (low == "true" || low == "false" || low == "null") return say(i, end, word + " is no JSON", "write " + low);
    if (low == "none" || low == "undefined" || low == "nil") return say(i, end, word + " is no JSON", "write null, or leave the key out");
    if (low == "yes" || low == "on") return say(i, end, word + " is no JSON", "write true");
    if (low == "no" || low == "off") return say(i, end, word + " is no JSON", "write false");
    return say(i, end, "text without quotes", "write \"" + word + "\"");
  }

  Diagnostic bad_number(std::size_t i) const {
    const std::size_t end = std::max(end_of_word(text_, i), i + 1);
    const std::string_view word = text_.substr(i, end - i);
    const std::string shown = displayable(word);
    const std::string_view digits = !word.empty() && (word[0] == '-' || word[0] == '+') ? word.substr(1) : word;
    const std::string low = lower(digits.substr(0, 16));
    if (low == "infinity" || low == "inf" || low == "nan") {
      return say(i, end, shown + " is no JSON", "JSON has no infinity and no NaN; leave the key out for \"no limit\"");
    }
    const bool has_unit = std::any_of(digits.begin(), digits.end(), is_letter) && low.find('x') == std::string::npos && low.find("0b") != 0 && low.find("0o") != 0;
    const bool only_exponent = std::all_of(digits.begin(), digits.end(), [](char c) { return is_digit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-'; });
    if (word[0] == '+') return say(i, end, shown + " is not a number in JSON", "leave the + out");
    if (low.empty() || low[0] == '.') return say(i, end, shown + " is not a number in JSON", "write the 0 before the point");
    if (low.find('_') != std::string::npos) return say(i, end, shown + " is not a number in JSON", "write the digits without _");
    if (low.size() > 1 && low[0] == '0' && is_digit(low[1])) return say(i, end, shown + " is not a number in JSON", "numbers do not begin with 0");
    if (low.size() > 1 && low[0] == '0' && is_letter(low[1]) && !has_unit) {
      return say(i, end, shown + " is not a number in JSON", "numbers are decimal; a seed may be a string: \"" + shown + "\"");
    }
    if (has_unit && !only_exponent) return say(i, end, shown + " is not a number in JSON", "values with a unit are strings: \"" + shown + "\"");
    const bool has_exponent = digits.find_first_of("eE") != kNowhere;
    if (only_exponent && is_digit(digits.back()) && (has_exponent || std::all_of(digits.begin(), digits.end(), is_digit))) {
      Diagnostic d = say(i, end, shown + " is too large", "integers are -9223372036854775808 to 9223372036854775807");
      d.code = "E0104";
      return d;
    }
    return say(i, end, shown + " is not a number in JSON");
  }

  Diagnostic single_quotes(std::size_t i) const {
    const std::size_t close = text_.find_first_of("'\n", i + 1);
    const bool closed = close != kNowhere && text_[close] == '\'';
    return say(i, closed ? close + 1 : i + 1, "single quotes", "JSON strings are in double quotes: \"…\"");
  }

  Diagnostic bad_string(std::size_t i) const {
    for (std::size_t j = i + 1; j < text_.size(); ++j) {
      const char c = text_[j];
      if (c == '"') break;
      if (c == '\n' || c == '\r') return say(i, j, "this string does not end on its line", "a \" is missing; a line break inside a string is written \\n");
      if (static_cast<unsigned char>(c) < 0x20) return say(j, j + 1, "a control character inside a string", c == '\t' ? "write \\t" : "write \\u00XX");
      if (c != '\\') continue;
      ++j;
      if (j >= text_.size()) break;
      if (text_[j] == 'u') {
        std::size_t k = j + 1;
        while (k < text_.size() && k < j + 5 && (is_digit(text_[k]) || (lower(text_.substr(k, 1))[0] >= 'a' && lower(text_.substr(k, 1))[0] <= 'f'))) ++k;
        if (k < j + 5) return say(j - 1, k, "an incomplete \\u escape", "four hexadecimal digits follow \\u");
        const std::string high = lower(text_.substr(j + 1, 2));
        if (high >= "d8" && high <= "df" && !(high <= "db" && text_.substr(j + 5, 2) == "\\u")) {
          return say(j - 1, j + 5, "half of a surrogate pair", "write the character itself: the document is UTF-8");
        }
        if (high >= "d8" && high <= "db") {
          const std::string low = lower(text_.substr(j + 7, 2));
          if (low < "dc" || low > "df") return say(j - 1, j + 11, "a broken surrogate pair", "write the character itself: the document is UTF-8");
          j += 6;
        }
        continue;
      }
      if (std::string_view("\"\\/bfnrt").find(text_[j]) == kNowhere) {
        return say(j - 1, j + 1, "an unknown escape in a string", text_[j] == '\'' ? "write ' without the backslash" : "a backslash itself is written \\\\");
      }
    }
    return say(i, i + 1, "this string does not end", "a \" is missing");
  }

  Diagnostic unexpected(std::size_t i) const {
    const std::string_view rest = text_.substr(i);
    std::size_t length = 1;
    while (i + length < text_.size() && (static_cast<unsigned char>(text_[i + length]) & 0xC0U) == 0x80U) ++length;
    const std::string_view character = rest.substr(0, length);
    if (character == "\xEF\xBB\xBF") return say(i, i + length, "a byte order mark inside the document", "remove the invisible character");
    if (character == "\xC2\xA0") return say(i, i + length, "a no-break space", "replace it by an ordinary space");
    for (const std::string_view quote : {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xE2\x80\x98", "\xE2\x80\x99"}) {
      if (character == quote) return say(i, i + length, "a typographic quotation mark", "JSON strings are in plain double quotes: \"…\"");
    }
    return say(i, i + length, "unexpected " + in_quotes(character));
  }

  const std::shared_ptr<const SourceText>& source_;
  std::string_view text_;
  std::size_t opened_;
};

}  // namespace

std::size_t skip_blank(std::string_view text, std::size_t at) {
  if (at == 0 && text.starts_with("\xEF\xBB\xBF")) at = 3;  // the mark that some editors put first
  while (at < text.size()) {
    if (is_blank(text[at])) {
      ++at;
    } else if (text.compare(at, 2, "//") == 0) {
      at = std::min(text.find_first_of("\r\n", at), text.size());
    } else if (text.compare(at, 2, "/*") == 0) {
      const std::size_t end = text.find("*/", at + 2);
      if (end == kNowhere) return at;
      at = end + 2;
    } else {
      break;
    }
  }
  return at;
}

std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return kNowhere;
}

std::size_t end_of_number(std::string_view text, std::size_t at) {
  const auto is = [&](std::string_view any) { return at < text.size() && any.find(text[at]) != kNowhere; };
  const auto digits = [&] {
    while (at < text.size() && is_digit(text[at])) ++at;
  };
  if (is("-")) ++at;
  if (is("0")) {
    ++at;
  } else {
    digits();
  }
  if (is(".") && at + 1 < text.size() && is_digit(text[at + 1])) {
    ++at;
    digits();
  }
  if (!is("eE")) return at;
  const std::size_t before = at++;
  if (is("+-")) ++at;
  if (at >= text.size() || !is_digit(text[at])) return before;
  digits();
  return at;
}

std::size_t end_of_word(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_letter(text[at]) || is_digit(text[at]) || text[at] == '.' || text[at] == '+' || text[at] == '-' || text[at] == '%')) ++at;
  return at;
}

std::size_t invalid_utf8(std::string_view text) {
  const auto continues = [&](std::size_t i) { return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U; };
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) return i;
    for (std::size_t k = 1; k < length; ++k) {
      if (!continues(i + k)) return i;
    }
    const auto second = static_cast<unsigned char>(text[i + 1]);  // too long forms, surrogates, beyond U+10FFFF
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return i;
    i += length;
  }
  return kNowhere;
}

Diagnostic explain_syntax(const std::shared_ptr<const SourceText>& source, JsonState state, std::size_t after, std::size_t opened) {
  return Explainer(source, opened).explain(state, after);
}

}  // namespace gmpsim
