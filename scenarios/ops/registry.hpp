#pragma once
// What an operation of the scenario language is: one file in this folder per verb, found by its name.
//
// A file says how its verb is written (operand, modifiers, one line of documentation: from these come all checks of form,
// the schema and `list ops`), how it becomes instructions (`compile`) and what these do. Adding a verb touches its file and
// its test. A verb without `compile` is read and checked completely, and refused where it would have to run (E0900).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/value.hpp"
#include "sim/transition.hpp"

namespace gmpsim {

class OpCompiler;

/// What stands under a verb or a modifier.
enum class OpForm : std::uint8_t {
  flag,       ///< `true`
  value,      ///< an expression
  values,     ///< an expression or a list of them: a tuple
  draw,       ///< an expression or a distribution
  condition,  ///< an expression used as true or false
  count,      ///< an expression that is not negative
  time,       ///< a time: literal, expression in ns or distribution
  size,       ///< bytes: literal or expression
  reference,  ///< an expression that gives a resource of certain kinds
  name,       ///< a name to store into
  names,      ///< a name or a list of them
  block,      ///< operations
  program,    ///< the name of a program
  arguments,  ///< {name: expression} for a program
  label,      ///< a literal name
  word,       ///< one of `words`
  own,        ///< the verb checks it itself; `schema` describes it
};

struct OpPart {
  std::string key;
  OpForm form = OpForm::flag;
  std::string doc;
  bool required = false;
  std::vector<ValueKind> kinds;    ///< reference
  std::vector<std::string> words;  ///< word; or further literal values beside the form ("forever")
  std::string schema;              ///< own: JSON schema of the value
  std::uint32_t wakes = 0;         ///< reference: bit k: it may end waits for WaitReason k on the resource
};

/// Bits for OpPart::wakes.
template <class... Reasons>
[[nodiscard]] constexpr std::uint32_t wakes(Reasons... reasons) {
  return ((std::uint32_t{1} << static_cast<unsigned>(reasons)) | ... | 0u);
}

struct OpSpec {
  OpPart verb;                ///< key, form and one line of documentation
  std::string group;          ///< "CPU", "channels", …
  std::vector<OpPart> parts;  ///< modifiers
  void (*compile)(OpCompiler&) = nullptr;
  std::string why_not;              ///< without compile: what it waits for
  std::vector<std::string> one_of;  ///< modifiers of which exactly one must stand there

  [[nodiscard]] const OpPart* part(std::string_view key) const;
  /// JSON schema of this operation: {"properties": {verb and modifiers}, "required": […]}, definitions by reference to
  /// `#/definitions/{expression,time,size,name,names,ops}`.
  [[nodiscard]] std::string schema() const;
};

class Registry_ops {
 public:
  void add(OpSpec spec) { all_.push_back(std::move(spec)); }
  [[nodiscard]] const std::vector<OpSpec>& all() const { return all_; }
  [[nodiscard]] const OpSpec* find(std::string_view verb) const;
  [[nodiscard]] std::vector<std::string> verbs() const;

 private:
  std::vector<OpSpec> all_;
};

/// Generated: calls register_ops_<verb> of every file in this folder.
void register_all_ops(Registry_ops& r);

/// All operations. Built at the first call, never changed.
[[nodiscard]] const Registry_ops& all_ops();

}  // namespace gmpsim
