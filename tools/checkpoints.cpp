#include "tools/checkpoints.hpp"

namespace gmpsim {

void Checkpoints::reached(Time at) {
  all_.push_back({hasher_.count(), at, hasher_.value().hi});
  if (listed_) {
    ++position_;
    next_ = position_ < wanted_.size() ? wanted_[position_] : kNone;
    return;
  }
  if (all_.size() > kLimit) {
    std::size_t kept = 0;
    for (std::size_t i = 1; i < all_.size(); i += 2) all_[kept++] = all_[i];
    all_.resize(kept);
    distance_ *= 2;
  }
  next_ = (hasher_.count() / distance_ + 1) * distance_;
}

std::uint64_t Checkpoints::distance_after(std::uint64_t records) {
  std::uint64_t distance = kEvery;
  while (records / distance > kLimit) distance *= 2;
  return distance;
}

}  // namespace gmpsim
