#include "sim/chooser.hpp"

#include <utility>

namespace gmpsim {

namespace {
std::uint64_t key_of(const Site& s) { return mix64(mix64(s.stream, s.entity), s.count); }
bool same(const Site& a, const Site& b) { return a.stream == b.stream && a.entity == b.entity && a.count == b.count; }
}  // namespace

void RecordingChooser::keep(const Choice& c) {
  if (log_.size() < limit_)
    log_.push_back(c);
  else
    truncated_ = true;
}

std::uint32_t RecordingChooser::choose(const Site& s, std::uint32_t n) {
  const std::uint32_t answer = inner_.choose(s, n);
  keep({s, n, answer});
  return answer;
}

std::uint64_t RecordingChooser::draw(const Site& s) {
  const std::uint64_t answer = inner_.draw(s);
  keep({s, 0, answer});
  return answer;
}

ReplayChooser::ReplayChooser(const std::vector<Choice>& log, Chooser& otherwise) : otherwise_(otherwise) {
  answers_.reserve(log.size());
  for (const Choice& c : log) answers_.emplace(key_of(c.site), c);
}

const Choice* ReplayChooser::find(const Site& s, std::uint32_t n) {
  const Choice* near = nullptr;
  const auto [first, last] = answers_.equal_range(key_of(s));
  for (auto it = first; it != last; ++it) {
    if (!same(it->second.site, s)) continue;
    near = &it->second;
    if (near->n != n) continue;
    ++answered_;
    return near;
  }
  if (!departed_) {
    departed_ = true;
    answered_before_ = answered_;
    departure_ = {s, n, 0};
    if (near != nullptr) recorded_there_ = *near;
    if (call_ != nullptr) call_(self_);
    departure_.answer = n == 0 ? otherwise_.draw(s) : otherwise_.choose(s, n);
    fresh_ = true;
  }
  return nullptr;
}

// The first departure has been answered by `find`; a chooser is asked once for each question.
std::uint64_t ReplayChooser::instead(const Site& s, std::uint32_t n) {
  if (std::exchange(fresh_, false)) return departure_.answer;
  return n == 0 ? otherwise_.draw(s) : otherwise_.choose(s, n);
}

std::uint32_t ReplayChooser::choose(const Site& s, std::uint32_t n) {
  const Choice* c = find(s, n);
  return static_cast<std::uint32_t>(c != nullptr ? c->answer : instead(s, n));
}

std::uint64_t ReplayChooser::draw(const Site& s) {
  const Choice* c = find(s, 0);
  return c != nullptr ? c->answer : instead(s, 0);
}

}  // namespace gmpsim
