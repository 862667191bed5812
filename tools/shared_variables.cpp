#include "tools/shared_variables.hpp"

#include "models/go/sync.hpp"

namespace gmpsim {
namespace {

std::string element(std::string_view name, std::int64_t index) {
  return index < 0 ? std::string(name) : std::string(name) + "[" + std::to_string(index) + "]";
}

}  // namespace

SharedVariables::SharedVariables(const Interpreter& interpreter) : interpreter_(interpreter) {
  const CompiledScenario& code = *interpreter.code;
  for (std::size_t i = 0; i < code.shared_names.size(); ++i) variables_.emplace(code.shared_names[i], i);
  for (std::size_t i = 0; i < code.resources.size(); ++i) resources_.emplace(code.resources[i].name, i);
}

std::optional<double> SharedVariables::variable(std::string_view name, std::int64_t index) const {
  const auto found = variables_.find(element(name, index));
  if (found == variables_.end() || found->second >= interpreter_.shared.size()) return std::nullopt;
  const Value& v = interpreter_.shared[found->second];
  if (!v.is_integer()) return std::nullopt;
  return static_cast<double>(v.bits);
}

const Chan* SharedVariables::channel(std::string_view name, std::int64_t index) const {
  const auto found = resources_.find(element(name, index));
  if (found == resources_.end() || found->second >= interpreter_.resources.size()) return nullptr;
  const Value& v = interpreter_.resources[found->second];
  return v.kind == ValueKind::chan ? v.object<Chan>() : nullptr;
}

std::optional<double> SharedVariables::len(std::string_view name, std::int64_t index) const {
  const Chan* const c = channel(name, index);
  if (c == nullptr) return std::nullopt;
  return static_cast<double>(c->count);
}

std::optional<double> SharedVariables::cap(std::string_view name, std::int64_t index) const {
  const Chan* const c = channel(name, index);
  if (c == nullptr) return std::nullopt;
  return static_cast<double>(c->capacity);
}

}  // namespace gmpsim
