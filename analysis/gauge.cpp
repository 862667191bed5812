#include "analysis/gauge.hpp"

#include <algorithm>

namespace gmpsim {

void Gauge::spread(Time from, Time to) {
  // Widen until `to` fits. At most 54 rounds: the width reaches 2^63 / 40.
  while ((to - 1) / width_ >= static_cast<Time>(kStretches)) {
    for (std::size_t i = 0; i < kStretches / 2; ++i) strip_[i] = strip_[2 * i] + strip_[2 * i + 1];
    std::fill(strip_.begin() + kStretches / 2, strip_.end(), Area{0});
    width_ *= 2;
  }
  while (from < to) {
    stretch_ = static_cast<std::size_t>(from / width_);
    stretch_end_ = later(static_cast<Time>(stretch_) * width_, width_);
    const Time until = std::min(to, stretch_end_);
    strip_[stretch_] +=
        static_cast<Area>(static_cast<std::uint64_t>(value_)) * static_cast<std::uint64_t>(until - from);
    from = until;
  }
}

Area Gauge::area() const {
  Area sum = 0;
  for (const Area part : strip_) sum += part;
  return sum;
}

std::vector<double> Gauge::strip() const {
  // While the value was 0 the strip was not touched, so it may be narrower than the time that has passed.
  if (last_ > 0 && (last_ - 1) / width_ >= static_cast<Time>(kStretches)) {
    Gauge widened = *this;
    widened.value_ = 0;
    widened.spread(last_ - 1, last_);
    return widened.strip();
  }
  std::vector<double> means;
  const std::size_t begun = last_ == 0 ? 0 : static_cast<std::size_t>((last_ - 1) / width_) + 1;
  for (std::size_t i = 0; i < begun; ++i) {
    const Time begin = static_cast<Time>(i) * width_;
    means.push_back(static_cast<double>(strip_[i]) / static_cast<double>(std::min(width_, last_ - begin)));
  }
  return means;
}

}  // namespace gmpsim
