#pragma once
// A JSON document with the place of every value and key, read over nlohmann's SAX parser.
//
// Comments are accepted; trailing commas are explained; duplicate keys, numbers that no 64-bit integer holds, documents
// deeper than kMaxDepth or larger than kMaxBytes are refused with a place. Numbers keep their text.
// Rejected: nlohmann's DOM (the last of two equal keys silently wins, positions are lost).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/diagnostics.hpp"

namespace gmpsim {

inline constexpr std::uint32_t kMaxDepth = 200;
inline constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

/// The text that spans point into. Nodes of a merged document may come from different sources.
struct SourceText {
  std::string file;
  std::string text;
};

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
  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] Node* find(std::string_view key);
};

struct Node::Member {
  std::string key;
  SourceSpan key_span;
  Node value;
};

/// Parses `text`. On a syntax error nothing is returned and `out` says what, where and what was probably meant.
[[nodiscard]] std::optional<Node> parse_json(std::string text, std::string file, Diagnostics& out);

/// Canonical text: no comments, members in order, two-space indent; numbers as written.
[[nodiscard]] std::string to_json(const Node& node);

/// A diagnostic at `node` (or at a key, with `span`), with line, column and source line filled in.
[[nodiscard]] Diagnostic at_node(const Node& node, std::string pointer, std::string code, std::string message,
                                 std::string hint = {}, std::string note = {});
[[nodiscard]] Diagnostic at_span(const Node& node, SourceSpan span, std::string pointer, std::string code,
                                 std::string message, std::string hint = {}, std::string note = {});

}  // namespace gmpsim
