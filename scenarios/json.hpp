#pragma once
// A JSON document with the place of every value and key, read over nlohmann's SAX parser.
//
// Comments are accepted; trailing commas are explained; duplicate keys, integers that no 64 bits hold, documents deeper
// than kMaxDepth or larger than kMaxBytes are refused with a place. Numbers keep their text.
// Rejected: nlohmann's DOM (the last of two equal keys silently wins, positions are lost); an input iterator that counts
// what the parser consumes (it reads one character ahead after a number, and tells where a token ends, not where it
// begins): the handler follows the parser's events through the text instead, which gives both ends of every token.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/diagnostics.hpp"  // SourceSpan, SourceText

namespace gmpsim {

inline constexpr std::uint32_t kMaxDepth = 200;                  // of nesting: nothing that recurses can exhaust the stack
inline constexpr std::size_t kMaxBytes = std::size_t{16} << 20;  // of text
inline constexpr std::size_t kMaxValues = 1'000'000;             // a value costs about 200 bytes of memory

/// A value with its place. Nodes of a merged document may come from different sources. A node that stands for
/// `{"param": …}` has the parameter's value and the place of the use.
struct Node {
  enum class Type : std::uint8_t { null, boolean, integer, number, string, array, object };
  struct Member;

  Type type = Type::null;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text;              ///< of a string: its value; of a number: as written
  std::vector<Node> items;       ///< of an array
  std::vector<Member> members;   ///< of an object, in the order of the document
  SourceSpan span;
  std::shared_ptr<const SourceText> source;

  [[nodiscard]] bool is(Type t) const { return type == t; }
  [[nodiscard]] bool is_scalar() const { return type != Type::array && type != Type::object; }
  /// For messages: "an object", "a string", "true", "a number".
  [[nodiscard]] std::string_view kind() const;
  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] Node* find(std::string_view key);
};

/// Was it written {"param": …}, and has the parameter's value since?
[[nodiscard]] bool stands_for_parameter(const Node& node);

struct Node::Member {
  std::string key;
  SourceSpan key_span;  ///< in `value.source`
  Node value;
};

/// `pointer` extended by one step, with `~` and `/` escaped as RFC 6901 wants.
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::string_view key);
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::size_t index);

/// Parses `text`. On a syntax error nothing is returned and `out` says what, where and what was probably meant.
[[nodiscard]] std::optional<Node> parse_json(std::string text, std::string file, Diagnostics& out);

/// Canonical text: no comments, members in order, two-space indent, what is short on one line; numbers as written.
[[nodiscard]] std::string to_json(const Node& node);

/// A diagnostic at `node` (or at a key, with `span`), with line, column and source line filled in.
[[nodiscard]] Diagnostic at_node(const Node& node, std::string pointer, std::string code, std::string message,
                                 std::string hint = {}, std::string note = {});
[[nodiscard]] Diagnostic at_span(const Node& node, SourceSpan span, std::string pointer, std::string code,
                                 std::string message, std::string hint = {}, std::string note = {});

}  // namespace gmpsim
