#include "tools/first_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "tools/transition_text.hpp"

namespace gmpsim {
namespace {

/// Keeps the transitions [from, to).
class Window final : public Sink {
 public:
  Window(std::uint64_t from, std::uint64_t to) : from_(from), to_(to) {}
  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records) {
      if (at_ >= from_ && at_ < to_) kept_.push_back(t);
      ++at_;
    }
  }
  [[nodiscard]] const std::vector<Transition>& kept() const { return kept_; }

 private:
  std::uint64_t from_, to_;
  std::uint64_t at_ = 0;
  std::vector<Transition> kept_;
};

/// Number of transitions up to which the two are known to be the same, and from which on they are known to differ.
std::pair<std::uint64_t, std::uint64_t> bounds(const Checkpoints& a, const Checkpoints& b) {
  std::uint64_t same = 0;
  auto other = b.all().begin();
  for (const Checkpoint& c : a.all()) {
    while (other != b.all().end() && other->count < c.count) ++other;
    if (other == b.all().end()) break;
    if (other->count != c.count) continue;  // the longer run keeps fewer
    if (other->hash != c.hash) return {same, c.count};
    same = c.count;
  }
  return {same, std::max(a.records(), b.records())};
}

}  // namespace

std::optional<FirstDifference> first_difference(const Plan& left_plan, const Checkpoints& left, const Plan& right_plan,
                                                const Checkpoints& right, std::uint64_t seed) {
  if (left.records() == right.records() && left.fingerprint() == right.fingerprint()) return std::nullopt;
  const auto [same, differs] = bounds(left, right);
  // Past the last common checkpoint the shorter run ends soon; a window of some distances holds the difference.
  const std::uint64_t from = same == 0 ? 0 : same - 1;
  const std::uint64_t to = std::min(differs, same + 2 * std::max(left.distance(), right.distance()));

  JudgedRun a(left_plan, seed);
  JudgedRun b(right_plan, seed);
  Window left_window(from, to), right_window(from, to);
  GoroutineNames left_names(a.info()), right_names(b.info());
  a.add_sink(left_window);
  a.add_sink(left_names);
  b.add_sink(right_window);
  b.add_sink(right_names);
  a.run();
  b.run();
  const std::vector<Transition>& l = left_window.kept();
  const std::vector<Transition>& r = right_window.kept();
  std::size_t i = 0;
  while (i < l.size() && i < r.size() && l[i] == r[i]) ++i;

  FirstDifference d;
  d.index = from + i;
  if (i > 0) {
    d.before = sentence(l[i - 1], left_names);
    d.before_at = l[i - 1].at;
  }
  if (i < l.size()) d.left = l[i], d.left_text = sentence(l[i], left_names);
  if (i < r.size()) d.right = r[i], d.right_text = sentence(r[i], right_names);
  if (d.left && d.right) std::tie(d.left_text, d.right_text) = told_apart(l[i], left_names, r[i], right_names);
  return d;
}

std::string render(const FirstDifference& d, const std::string& left, const std::string& right,
                   const TextStyle& style) {
  const std::size_t width = std::max({left.size(), right.size(), std::size_t{6}});
  const auto line = [&](const std::string& who, const std::string& when, const std::string& text) {
    return fmt::format("    {}{}   {:>11}   {}\n", who, std::string(width - std::min(width, who.size()), ' '), when,
                       text);
  };
  std::string out = fmt::format("  {} and {} part after {} transitions\n", left, right,
                                grouped(static_cast<std::int64_t>(d.index), style));
  if (!d.before.empty()) out += line("both", instant(d.before_at), d.before);
  const bool close = d.left && d.right && d.left->at != d.right->at && instant(d.left->at) == instant(d.right->at);
  const auto when = [&](const std::optional<Transition>& t) {
    return !t ? std::string() : close ? fmt::format("{}ns", t->at) : instant(t->at);
  };
  out += line(left, when(d.left), d.left ? d.left_text : "has ended");
  out += line(right, when(d.right), d.right ? d.right_text : "has ended");
  return out;
}

}  // namespace gmpsim
