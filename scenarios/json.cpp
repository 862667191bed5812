#include "scenarios/json.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "scenarios/json_syntax.hpp"

namespace gmpsim {
namespace {

constexpr std::size_t kUnknown = std::string_view::npos;
constexpr std::size_t kLineWidth = 120;  // what fits into it is written on one line

/// Receives nlohmann's events, builds nodes, and follows in the text where each token begins and ends.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(std::shared_ptr<const SourceText> source, Diagnostics& out)
      : source_(std::move(source)), text_(source_->text), out_(out) {}

  bool null() override { return scalar(Node::Type::null, after(4)); }
  bool boolean(bool value) override {
    Node node = make(Node::Type::boolean, after(value ? 4 : 5));
    node.boolean = value;
    return attach(std::move(node));
  }
  bool number_integer(number_integer_t value) override { return integer(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()))
      return integer(static_cast<std::int64_t>(value));
    return too_large(number());
  }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    // An integer beyond 64 bits arrives here; what the document wrote tells it from a decimal.
    if (text.find_first_of(".eE") == std::string::npos) return too_large(number());
    Node node = number();
    node.type = Node::Type::number;
    return attach(std::move(node));
  }
  bool string(string_t& value) override {
    const std::size_t begin = token();
    Node node = make(Node::Type::string, {begin, end_of_string(text_, begin)});
    node.text = std::move(value);
    return attach(std::move(node));
  }
  bool binary(binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*count*/) override { return open(Node::Type::object); }
  bool start_array(std::size_t /*count*/) override { return open(Node::Type::array); }
  bool end_object() override {
    drop_duplicates(stack_.back());
    return close();
  }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    const std::size_t begin = token();
    const auto span = make(Node::Type::null, {begin, end_of_string(text_, begin)}).span;
    stack_.back().members.push_back({std::move(value), span, {}});
    state_ = JsonState::object_key;
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    const std::size_t opened = stack_.empty() ? kUnknown : stack_.back().span.begin;
    Diagnostic d = explain_syntax(source_, state_, cursor_, opened);
    d.pointer = pointer();
    out_.add(std::move(d));
    return false;
  }

  [[nodiscard]] Node take() { return std::move(root_); }

 private:
  /// Where the next token begins: behind white space, comments and the separators that cause no event.
  std::size_t token() const {
    std::size_t at = skip_blank(text_, cursor_);
    while (at < text_.size() && (text_[at] == ',' || text_[at] == ':')) at = skip_blank(text_, at + 1);
    return at;
  }
  std::pair<std::size_t, std::size_t> after(std::size_t length) const {
    const std::size_t begin = token();
    return {begin, begin + length};
  }

  Node make(Node::Type type, std::pair<std::size_t, std::size_t> span) {
    Node node;
    node.type = type;
    node.span = {static_cast<std::uint32_t>(span.first), static_cast<std::uint32_t>(span.second)};
    node.source = source_;
    cursor_ = span.second;
    return node;
  }
  bool scalar(Node::Type type, std::pair<std::size_t, std::size_t> span) { return attach(make(type, span)); }
  Node number() {
    const std::size_t begin = token();
    const std::size_t end = end_of_number(text_, begin);
    Node node = make(Node::Type::integer, {begin, end});
    node.text = std::string(text_.substr(begin, end - begin));
    return node;
  }
  bool integer(std::int64_t value) {
    Node node = number();
    node.integer = value;
    return attach(std::move(node));
  }
  bool too_large(Node node) {
    out_.add(at_node(node, pointer(), "E0104", displayable(node.text) + " is too large",
                     "integers are -9223372036854775808 to 9223372036854775807"));
    return attach(std::move(node));
  }

  bool open(Node::Type type) {
    Node node = make(type, after(1));
    if (stack_.size() >= kMaxDepth) {
      out_.add(at_node(node, "", "E0103", "nested more than " + std::to_string(kMaxDepth) + " deep"));
      return false;
    }
    stack_.push_back(std::move(node));
    state_ = type == Node::Type::object ? JsonState::object_open : JsonState::array_open;
    return true;
  }
  bool close() {
    Node node = std::move(stack_.back());
    stack_.pop_back();
    cursor_ = token() + 1;
    node.span.end = static_cast<std::uint32_t>(cursor_);
    return attach(std::move(node));
  }

  bool attach(Node node) {
    if (++values_ > kMaxValues) {
      out_.add(at_node(node, "", "E0103", "the document has more than " + std::to_string(kMaxValues) + " values"));
      return false;
    }
    if (stack_.empty()) {
      root_ = std::move(node);
      state_ = JsonState::done;
    } else if (stack_.back().is(Node::Type::object)) {
      stack_.back().members.back().value = std::move(node);
      state_ = JsonState::object_value;
    } else {
      stack_.back().items.push_back(std::move(node));
      state_ = JsonState::array_value;
    }
    return true;
  }

  /// Keeps the first of equal keys and reports the others. Sorted, because a document may have very many keys.
  void drop_duplicates(Node& object) {
    auto& members = object.members;
    std::vector<std::uint32_t> order(members.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const int c = members[a].key.compare(members[b].key);
      return c != 0 ? c < 0 : a < b;
    });
    std::vector<std::pair<std::uint32_t, std::uint32_t>> twice;  // later, first
    for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
      if (members[order[i]].key == members[order[first]].key) {
        twice.emplace_back(order[i], order[first]);
      } else {
        first = i;
      }
    }
    if (twice.empty()) return;
    std::sort(twice.begin(), twice.end());
    for (const auto& [later, first] : twice) {
      if (out_.full()) break;
      Diagnostic there = at_span(object, members[first].key_span, "", "", "");
      locate(there);
      const std::string& key = members[later].key;
      out_.add(at_span(object, members[later].key_span, pointer_to(pointer(), key), "E0105",
                       "the key " + in_quotes(key) + " stands here twice",
                       "first in line " + std::to_string(there.line) + ", column " + std::to_string(there.column)));
    }
    std::size_t next = 0, kept = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (next < twice.size() && twice[next].first == i) {
        ++next;
        continue;
      }
      if (kept != i) members[kept] = std::move(members[i]);
      ++kept;
    }
    members.resize(kept);
  }

  /// Pointer of the innermost open object or array.
  std::string pointer() const {
    std::string out;
    for (std::size_t i = 0; i + 1 < stack_.size(); ++i) {
      const Node& node = stack_[i];
      out = node.is(Node::Type::object) ? pointer_to(out, node.members.back().key) : pointer_to(out, node.items.size());
    }
    return out;
  }

  std::shared_ptr<const SourceText> source_;
  std::string_view text_;
  Diagnostics& out_;
  std::vector<Node> stack_;  ///< open objects and arrays, outermost first
  Node root_;
  std::size_t cursor_ = 0;  ///< end of the last token
  std::size_t values_ = 0;
  JsonState state_ = JsonState::start;
};

void write_string(std::string& out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += std::string("\\u00") + kDigits[c >> 4] + kDigits[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write_flat(std::string& out, const Node& node) {
  switch (node.type) {
    case Node::Type::null: out += "null"; return;
    case Node::Type::boolean: out += node.boolean ? "true" : "false"; return;
    case Node::Type::integer:
    case Node::Type::number: out += node.text; return;
    case Node::Type::string: write_string(out, node.text); return;
    case Node::Type::array: {
      out += '[';
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i > 0) out += ", ";
        write_flat(out, node.items[i]);
      }
      out += ']';
      return;
    }
    case Node::Type::object: {
      out += node.members.empty() ? "{" : "{ ";
      for (std::size_t i = 0; i < node.members.size(); ++i) {
        if (i > 0) out += ", ";
        write_string(out, node.members[i].key);
        out += ": ";
        write_flat(out, node.members[i].value);
      }
      out += node.members.empty() ? "}" : " }";
      return;
    }
  }
}

/// Upper bound of what a value takes on one line; stops counting at `limit`.
std::size_t flat_width(const Node& node, std::size_t limit) {
  std::size_t width = node.text.size() + 6;
  for (const Node& item : node.items) {
    if (width > limit) return width;
    width += flat_width(item, limit - std::min(limit, width));
  }
  for (const Node::Member& member : node.members) {
    if (width > limit) return width;
    width += member.key.size() + 6 + flat_width(member.value, limit - std::min(limit, width));
  }
  return width;
}

void write_value(std::string& out, const Node& node, std::size_t indent) {
  if (node.is_scalar() || flat_width(node, kLineWidth) + indent <= kLineWidth) return write_flat(out, node);
  const bool object = node.is(Node::Type::object);
  const std::size_t count = object ? node.members.size() : node.items.size();
  out += object ? "{\n" : "[\n";
  for (std::size_t i = 0; i < count; ++i) {
    out.append(indent + 2, ' ');
    if (object) {
      write_string(out, node.members[i].key);
      out += ": ";
    }
    write_value(out, object ? node.members[i].value : node.items[i], indent + 2);
    out += i + 1 < count ? ",\n" : "\n";
  }
  out.append(indent, ' ');
  out += object ? '}' : ']';
}

std::optional<Diagnostic> refuse_text(const std::shared_ptr<const SourceText>& source) {
  const std::string_view text = source->text;
  Diagnostic d;
  d.source = source;
  if (text.size() > kMaxBytes) {
    d.source = nullptr;
    d.file = source->file;
    d.code = "E0103";
    d.message = "the document is larger than " + std::to_string(kMaxBytes >> 20) + " MiB";
    return d;
  }
  d.code = "E0102";
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    d.message = "the document is UTF-16";
    d.hint = "save it as UTF-8";
    d.source = nullptr;
    d.file = source->file;
    return d;
  }
  // To nlohmann's parser a NUL is the end of the text, so what follows it would be ignored.
  std::size_t at = text.find('\0');
  d.message = "a NUL byte";
  d.hint = "a document is text";
  if (at == kUnknown) {
    at = invalid_utf8(text);
    d.message = "this is not UTF-8";
    d.hint = "save the document as UTF-8";
  }
  if (at == kUnknown) return std::nullopt;
  d.span = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 1)};
  return d;
}

}  // namespace

bool stands_for_parameter(const Node& node) {
  return node.is_scalar() && node.source != nullptr && node.span.begin < node.source->text.size() &&
         node.source->text[node.span.begin] == '{';
}

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Node* Node::find(std::string_view key) { return const_cast<Node*>(std::as_const(*this).find(key)); }

std::string_view Node::kind() const {
  switch (type) {
    case Type::null: return "null";
    case Type::boolean: return boolean ? "true" : "false";
    case Type::integer: return "an integer";
    case Type::number: return "a decimal number";
    case Type::string: return "a string";
    case Type::array: return "an array";
    case Type::object: return "an object";
  }
  return "a value";
}

std::string pointer_to(std::string_view pointer, std::string_view key) {
  std::string out(pointer);
  out += '/';
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string pointer_to(std::string_view pointer, std::size_t index) {
  return std::string(pointer) + "/" + std::to_string(index);
}

std::optional<Node> parse_json(std::string text, std::string file, Diagnostics& out) {
  const auto source = std::make_shared<const SourceText>(SourceText{std::move(file), std::move(text)});
  if (auto refused = refuse_text(source)) {
    out.add(std::move(*refused));
    return std::nullopt;
  }
  Builder builder(source, out);
  const std::string& in = source->text;
  if (!nlohmann::json::sax_parse(in.begin(), in.end(), &builder, nlohmann::json::input_format_t::json, true, true))
    return std::nullopt;
  return builder.take();
}

std::string to_json(const Node& node) {
  std::string out;
  write_value(out, node, 0);
  return out;
}

Diagnostic at_span(const Node& node, SourceSpan span, std::string pointer, std::string code, std::string message,
                   std::string hint, std::string note) {
  Diagnostic d{
      .code = std::move(code), .message = std::move(message), .hint = std::move(hint), .note = std::move(note)};
  // A scalar at a place where an object begins is what a parameter gave: say so, because nobody sees the value there.
  if (d.note.empty() && node.source && node.is_scalar() && span.begin < node.source->text.size() &&
      node.source->text[span.begin] == '{') {
    d.note = "the value comes from " +
             displayable(std::string_view(node.source->text).substr(span.begin, span.end - span.begin));
  }
  d.pointer = std::move(pointer);
  d.span = span;
  d.source = node.source;
  if (node.source) d.file = node.source->file;
  return d;
}

Diagnostic at_node(const Node& node, std::string pointer, std::string code, std::string message, std::string hint,
                   std::string note) {
  return at_span(node, node.span, std::move(pointer), std::move(code), std::move(message), std::move(hint),
                 std::move(note));
}

}  // namespace gmpsim
