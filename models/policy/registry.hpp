#pragma once
// What all kinds of policies share: a name, parameters with bounds, and a maker. One policy is one file
// models/<kind>/<name>.cpp that defines register_<kind>_<name>; the build lists the folder.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/check.hpp"

namespace gmpsim {

struct PolicyParam {
  std::string name;
  std::int64_t value = 0;  ///< default
  std::int64_t min = 0;
  std::int64_t max = 0;
  bool is_time = false;  ///< [ns], written with a unit
  std::string what;
};

/// The parameter values of one policy, by position as declared.
using PolicyValues = std::vector<std::int64_t>;

template <class Policy>
struct PolicyInfo {
  std::string name;
  std::string what;  ///< one line
  std::vector<PolicyParam> params;
  std::unique_ptr<Policy> (*make)(const PolicyValues&) = nullptr;
};

template <class Policy>
class PolicyRegistry {
 public:
  void add(PolicyInfo<Policy> info) { all_.push_back(std::move(info)); }
  [[nodiscard]] const std::vector<PolicyInfo<Policy>>& all() const { return all_; }
  [[nodiscard]] const PolicyInfo<Policy>* find(const std::string& name) const {
    for (const auto& info : all_)
      if (info.name == name) return &info;
    return nullptr;
  }
  /// Makes a policy; name and parameters must have been checked (see set_switch).
  [[nodiscard]] std::unique_ptr<Policy> make(const std::string& name,
                                             const std::vector<std::pair<std::string, std::int64_t>>& params) const {
    const PolicyInfo<Policy>* info = find(name);
    GMPSIM_CHECK(info != nullptr, "policies are checked when they are chosen");
    PolicyValues values;
    for (const PolicyParam& p : info->params) {
      values.push_back(p.value);
      for (const auto& [key, value] : params)
        if (key == p.name) values.back() = value;
    }
    return info->make(values);
  }

 private:
  std::vector<PolicyInfo<Policy>> all_;
};

}  // namespace gmpsim
