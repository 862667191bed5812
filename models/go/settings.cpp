#include "models/go/settings.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "models/go/policies.hpp"

namespace gmpsim {

namespace {

using Choices = std::initializer_list<const char*>;

template <class Policy>
const std::vector<PolicyParam>* params_of(const PolicyRegistry<Policy>& r, const std::string& name) {
  const auto* info = r.find(name);
  return info != nullptr ? &info->params : nullptr;
}

template <class Policy>
std::string names_of(const PolicyRegistry<Policy>& r) {
  std::string text;
  for (const auto& info : r.all()) text += (text.empty() ? "" : ", ") + info.name;
  return text;
}

/// Calls `use` with the registry of the policies of this kind.
template <class Use>
auto with_policies(const std::string& kind, Use use) {
  if (kind == "steal") return use(steal_policies());
  if (kind == "preempt") return use(preempt_policies());
  if (kind == "timers") return use(timer_policies());
  if (kind == "netpoll") return use(netpoll_policies());
  return use(wake_policies());
}

/// The parameters of a policy, nullptr when there is none of that name.
const std::vector<PolicyParam>* policy_params(const std::string& kind, const std::string& name) {
  return with_policies(kind, [&](const auto& registry) { return params_of(registry, name); });
}

/// The names of all policies of a kind, for a message.
std::string policy_names(const std::string& kind) {
  return with_policies(kind, [](const auto& registry) { return names_of(registry); });
}

bool parse_number(const std::string& text, std::int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

// "10ms", "1.5us"; a whole number of nanoseconds.
bool parse_duration(const std::string& text, Duration& out) {
  std::size_t i = 0;
  std::int64_t whole = 0, fraction = 0, scale = 1;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
    if (whole > kNever / 10 - 1) return false;
    whole = whole * 10 + (text[i] - '0');
  }
  if (i == 0) return false;
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
      if (scale >= 1'000'000'000) return false;
      fraction = fraction * 10 + (text[i] - '0');
      scale *= 10;
    }
  }
  const std::string unit = text.substr(i);
  const std::int64_t factor = unit == "ns"   ? 1
                              : unit == "us" ? 1'000
                              : unit == "ms" ? 1'000'000
                              : unit == "s"  ? 1'000'000'000
                                             : 0;
  if (factor == 0 || whole > kNever / factor - 1 || fraction * factor % scale != 0) return false;
  out = whole * factor + fraction * factor / scale;
  return true;
}

std::string duration_text(Duration d) {
  if (d % 1'000'000'000 == 0 && d != 0) return std::to_string(d / 1'000'000'000) + "s";
  if (d % 1'000'000 == 0 && d != 0) return std::to_string(d / 1'000'000) + "ms";
  if (d % 1'000 == 0 && d != 0) return std::to_string(d / 1'000) + "us";
  return std::to_string(d) + "ns";
}

struct Setter {
  const std::string& name;
  const std::string& value;
  bool found = false;
  std::string error;

  void field(const char* key, bool& to, const char*, const char*) {
    if (name != key) return;
    found = true;
    if (value == "true" || value == "on" || value == "1")
      to = true;
    else if (value == "false" || value == "off" || value == "0")
      to = false;
    else
      error = "\"" + value + "\" is neither true nor false";
  }
  void field(const char* key, std::int64_t& to, const char*, const char*) {
    if (name != key) return;
    found = true;
    std::int64_t n = 0;
    if (parse_duration(value, n))
      to = n;
    else
      error = "\"" + value + "\" is not a time: write \"10ms\", \"20us\", \"50ns\"";
    if (error.empty() && n < 1) error = "must be at least 1ns";
  }
  void count(const char* key, std::int64_t& to, const char*, const char*) {
    if (name != key) return;
    found = true;
    std::int64_t n = 0;
    if (parse_number(value, n) && n >= 0 && n <= 1'000'000)
      to = n;
    else
      error = "\"" + value + "\" is not a count in 0 .. 1000000";
  }
  void choice(const char* key, std::string& to, Choices known, const char*, const char*) {
    if (name != key) return;
    found = true;
    // A choice that has "on" and "off" may be written as a flag.
    const std::string wanted = value == "true" ? "on" : value == "false" ? "off" : value;
    for (const char* k : known) {
      if (value != k && wanted != k) continue;
      to = k;
      return;
    }
    error = "\"" + value + "\" is none of ";
    for (const char* k : known) error += (k == *known.begin() ? "\"" : ", \"") + std::string(k) + "\"";
  }
  void policy(const char* key, PolicyChoice& to, const char*, const char*) {
    if (name == key) {
      found = true;
      if (policy_params(key, value) != nullptr)
        to = {value, {}};
      else
        error = "no " + name + " policy is called \"" + value + "\"; there are " + policy_names(key);
      return;
    }
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos || name.compare(0, dot, key) != 0) return;
    const std::string prefix = name.substr(0, dot + 1);
    const std::string param = name.substr(dot + 1);
    const std::vector<PolicyParam>* params = policy_params(key, to.name);
    std::string names;
    for (const PolicyParam& p : *params) {
      names += (names.empty() ? "" : ", ") + prefix + p.name;
      if (p.name != param) continue;
      found = true;
      std::int64_t n = 0;
      if (!(p.is_time ? parse_duration(value, n) : parse_number(value, n)))
        error = "\"" + value + "\" is not a " + (p.is_time ? "time such as \"10ms\"" : "whole number");
      else if (n < p.min || n > p.max)
        error = value + " is outside [" +
                (p.is_time ? duration_text(p.min) + ", " + duration_text(p.max)
                           : std::to_string(p.min) + ", " + std::to_string(p.max)) +
                "]";
      else {
        std::erase_if(to.params, [&](const auto& kv) { return kv.first == param; });
        to.params.emplace_back(param, n);
      }
    }
    if (!found) {
      found = true;
      error = to.name + " has no parameter \"" + param + "\"" + (names.empty() ? "" : "; it has " + names);
    }
  }
};

struct Lister {
  std::vector<SwitchText> out;
  void field(const char* key, const bool& v, const char* what, const char* source) {
    out.push_back({key, v ? "true" : "false", what, source});
  }
  void field(const char* key, const std::int64_t& v, const char* what, const char* source) {
    out.push_back({key, duration_text(v), what, source});
  }
  void count(const char* key, const std::int64_t& v, const char* what, const char* source) {
    out.push_back({key, std::to_string(v), what, source});
  }
  void choice(const char* key, const std::string& v, Choices known, const char* what, const char* source) {
    std::string values;
    for (const char* k : known) values += (values.empty() ? " (" : " | ") + std::string(k);
    out.push_back({key, v, what + values + ")", source});
  }
  void policy(const char* key, const PolicyChoice& v, const char* what, const char* source) {
    out.push_back({key, v.name, what, source});
    const auto* params = policy_params(key, v.name);
    if (params == nullptr) return;
    for (const PolicyParam& p : *params) {
      std::int64_t value = p.value;
      for (const auto& [k, n] : v.params)
        if (k == p.name) value = n;
      out.push_back(
          {std::string(key) + "." + p.name, p.is_time ? duration_text(value) : std::to_string(value), p.what, ""});
    }
  }
};

}  // namespace

std::string set_switch(Settings& s, const std::string& name, const std::string& value) {
  const std::string canonical = name == "force_preempt" ? "preempt.slice" : name;
  Setter setter{canonical, value, false, {}};
  describe(setter, s);
  if (!setter.found) return "unknown switch";
  return setter.error;
}

std::vector<SwitchText> list_switches(const Settings& s) {
  Lister lister;
  describe(lister, s);
  return lister.out;
}

}  // namespace gmpsim
