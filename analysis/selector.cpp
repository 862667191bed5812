#include "analysis/selector.hpp"

#include <algorithm>
#include <charconv>

namespace gmpsim {
namespace {

bool read_number(std::string_view text, std::uint32_t& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

}  // namespace

std::string Selector::parse(std::string_view text, Selector& into) {
  into = Selector{};
  into.text_ = std::string(text);
  if (text == "*") return {};
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const std::string_view name = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  const auto wrong = [&](std::string_view why) { return "\"" + into.text_ + "\" " + std::string(why); };

  if (kind == "program")
    into.by_ = By::program;
  else if (kind == "class")
    into.by_ = By::klass;
  else if (kind == "goroutine")
    into.by_ = By::ordinal;
  else {
    const std::string near = closest_name(kind, {"program", "class", "goroutine"});
    return wrong("does not say who: use program:x, class:x, goroutine:x#n or *" +
                 (near.empty() ? "" : "; did you mean \"" + near + ":\"?"));
  }
  if (name.empty()) return wrong("lacks a name after the colon");

  into.name_ = std::string(name);
  if (into.by_ != By::ordinal) return {};
  const std::string_view digits = name.front() == 'G' ? name.substr(1) : name;
  if (read_number(digits, into.number_)) {
    into.by_ = By::number;
    return {};
  }
  if (const std::size_t hash = name.rfind('#'); hash != std::string_view::npos) {
    if (!read_number(name.substr(hash + 1), into.number_) || into.number_ == 0 || hash == 0)
      return wrong("needs a whole number from 1 after #");
    into.name_ = std::string(name.substr(0, hash));
  } else {
    into.number_ = 1;
  }
  return {};
}

bool Selector::matches_program(const TraceInfo& info, std::uint32_t program) const {
  if (by_ == By::everyone) return true;
  if (program >= info.programs.size()) return false;
  const TraceInfo::Program& p = info.programs[program];
  return by_ == By::klass ? p.klass == name_ : by_ != By::number && p.name == name_;
}

bool Selector::matches(const TraceInfo& info, std::uint32_t g, std::uint32_t program, std::uint32_t ordinal) const {
  if (by_ == By::number) return g == number_;
  return matches_program(info, program) && (by_ != By::ordinal || ordinal == number_);
}

std::string closest_name(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kFar = 3;
  constexpr std::size_t kLongest = 64;  // suggestions for longer words help nobody
  if (word.empty() || word.size() > kLongest) return {};
  std::string best;
  std::size_t best_distance = kFar;
  for (const std::string& name : known) {
    if (name.size() > kLongest || name.size() + kFar <= word.size() || word.size() + kFar <= name.size()) continue;
    // Optimal string alignment over three rows.
    std::vector<std::size_t> before(name.size() + 1), above(name.size() + 1), row(name.size() + 1);
    for (std::size_t j = 0; j <= name.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      row[0] = i;
      for (std::size_t j = 1; j <= name.size(); ++j) {
        row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (word[i - 1] == name[j - 1] ? 0 : 1)});
        if (i > 1 && j > 1 && word[i - 1] == name[j - 2] && word[i - 2] == name[j - 1])
          row[j] = std::min(row[j], before[j - 2] + 1);
      }
      before.swap(above);
      above.swap(row);
    }
    // A suggestion that shares nothing with a short word is noise.
    if (above[name.size()] < best_distance && above[name.size()] < std::max(word.size(), name.size())) {
      best_distance = above[name.size()];
      best = name;
    }
  }
  return best;
}

}  // namespace gmpsim
