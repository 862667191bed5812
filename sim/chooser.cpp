#include "sim/chooser.hpp"

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
  const auto [first, last] = answers_.equal_range(key_of(s));
  for (auto it = first; it != last; ++it)
    if (same(it->second.site, s) && it->second.n == n) {
      ++answered_;
      return &it->second;
    }
  if (!departed_) {
    departed_ = true;
    departure_ = {s, n, 0};
  }
  return nullptr;
}

std::uint32_t ReplayChooser::choose(const Site& s, std::uint32_t n) {
  const Choice* c = find(s, n);
  return c != nullptr ? static_cast<std::uint32_t>(c->answer) : otherwise_.choose(s, n);
}

std::uint64_t ReplayChooser::draw(const Site& s) {
  const Choice* c = find(s, 0);
  return c != nullptr ? c->answer : otherwise_.draw(s);
}

}  // namespace gmpsim
