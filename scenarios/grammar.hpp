#pragma once
// The grammar of a scenario as data: what may stand where, with the sentence that explains it.
//
// One table, read four times: by the checker (grammar_check.hpp), by the JSON Schema (schema.hpp), by overrides (which
// paths exist) and by whoever lists what there is. So the reader and the schema cannot drift apart in keys, words,
// bounds or necessity. What a table cannot say (names that refer to one another, parameters within their bounds) is
// checked in references.cpp and parameters.cpp.
//
// Operations are not here: each verb keeps its own entry beside its code (scenarios/ops/registry.hpp).
//
// In every object, whatever its shape, `note` is a remark and a key that starts with `x-` is ignored; wherever a scalar
// may stand, `{"param": name}` may. Neither is written into the tables.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gmpsim {

enum class Form : std::uint8_t {
  // scalars
  text,        ///< any string
  title,       ///< [a-z0-9-]+: the name of a scenario
  identifier,  ///< [A-Za-z_][A-Za-z0-9_]*: a name that expressions may use
  name,        ///< the same with hyphens and dots: programs, checks, classes, marks, …
  word,        ///< one of `words`
  boolean,
  integer,     ///< or an expression over parameters and literals without a unit
  ratio,       ///< a decimal, or a percentage as a string
  time,        ///< "250us", or an expression
  size,        ///< "64MiB", or an expression
  rate,        ///< "9000/s"
  seed,        ///< an integer, or a hexadecimal number as a string
  expression,  ///< an integer or the text of an expression, compiled later
  condition,   ///< the text of a condition over metrics, parsed later
  selector,    ///< `program:x`, `class:x`, `goroutine:x`, `goroutine:program#n`, `*`
  scalar,      ///< any scalar: the value of a parameter
  // composites
  setting,     ///< a scalar or an object of scalars: a constant of the model or a switch of a policy
  anything,    ///< any JSON
  operations,  ///< a list of operations
  list,        ///< of `item`
  map,         ///< names of form `key` to `item`
  object,      ///< `shape`
  tagged,      ///< an object whose member `tag` names one of `variants`
  either,      ///< one of `choices`
};

struct Type;
struct Shape;

struct Variant {
  std::string_view tag;
  const Shape* shape;
};

struct Type {
  static constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

  Form form = Form::anything;
  std::string_view words{};        ///< word: "a|b|c"
  std::int64_t min = kNoMin;       ///< integer; ratio: parts per million; time: ns; size: bytes
  std::int64_t max = kNoMax;
  Form key = Form::name;           ///< map
  const Type* item = nullptr;      ///< list, map
  const Shape* shape = nullptr;    ///< object
  std::string_view tag{};          ///< tagged
  std::span<const Variant> variants{};
  std::span<const Type> choices{};
};

enum class Need : std::uint8_t {
  optional,
  required,
  alternative,  ///< exactly one of the alternatives of a shape must be there
};

struct Field {
  std::string_view key;
  Type type;
  std::string_view doc;
  Need need = Need::optional;
};

struct Shape {
  std::string_view what;  ///< "a machine": for messages
  std::span<const Field> fields;
  std::span<const Field> common{};  ///< further fields, shared with other shapes

  [[nodiscard]] const Field* find(std::string_view key) const;
  /// All keys, `note` included, for messages.
  [[nodiscard]] std::vector<std::string> keys() const;
};

/// The whole document.
[[nodiscard]] const Type& scenario_type();
/// {"dist": …}: what may stand for a time where a random one makes sense.
[[nodiscard]] const Type& distribution_type();

/// The words of "a|b|c".
[[nodiscard]] std::vector<std::string> split_words(std::string_view words);

/// Is `key` a remark (`note`) or an extension (`x-…`) that every object may have?
[[nodiscard]] bool is_remark(std::string_view key);

/// Regular expression of the names of this form, for the schema and for messages.
[[nodiscard]] std::string_view pattern_of(Form form);
[[nodiscard]] bool matches(Form form, std::string_view name);

/// "a time", "one of a, b": for messages.
[[nodiscard]] std::string describe(const Type& type);

}  // namespace gmpsim
