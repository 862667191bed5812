#pragma once
// The order in which Go's thief visits the Ps (proc.go: randomOrder): a random start, then steps of a random stride that
// has no common divisor with the number of Ps. One draw a round decides both.

#include <numeric>
#include <vector>

#include "models/policy/steal.hpp"

namespace gmpsim {

class RandomOrder {
 public:
  /// The next probe of a search of `rounds` rounds; skips the thief itself and, except for timers, idle victims.
  StealProbe next(StealSearch& s, const ProcsView& view, Chooser& chooser, std::uint32_t rounds,
                  StealProbe::Take take) {
    const std::uint32_t n = view.procs();
    if (coprimes_of_ != n) find_coprimes(n);
    while (s.round < rounds) {
      if (s.step == 0) {
        const auto strides = static_cast<std::uint32_t>(coprimes_.size());
        const std::uint32_t r = n == 1 ? 0 : chooser.choose(s.site, n * strides);
        ++s.site.count;
        s.position = r % n;
        s.stride = coprimes_[r / n % strides];
      }
      const bool last = s.round + 1 == rounds;
      while (s.step < n) {
        const std::uint32_t victim = s.position;
        s.position = (s.position + s.stride) % n;
        ++s.step;
        if (victim == s.thief) continue;
        if (!last && view.idle(victim)) continue;  // an idle P has an empty queue; its timers count in the last round
        return {take, victim, last,
                last                    ? StealProbe::Timers::yes
                : s.round + 2 == rounds ? StealProbe::Timers::early
                                        : StealProbe::Timers::no};
      }
      s.step = 0;
      ++s.round;
    }
    return {};
  }

 private:
  void find_coprimes(std::uint32_t n) {
    coprimes_.clear();
    for (std::uint32_t i = 1; i <= n; ++i)
      if (std::gcd(i, n) == 1) coprimes_.push_back(i);
    coprimes_of_ = n;
  }
  std::vector<std::uint32_t> coprimes_;
  std::uint32_t coprimes_of_ = 0;
};

/// Rounds over all Ps in that order, taking `take` of the first ring that is not empty.
class StealInRounds final : public StealPolicy {
 public:
  StealInRounds(std::uint32_t rounds, StealProbe::Take take) : rounds_(rounds), take_(take) {}
  StealProbe next(StealSearch& s, const ProcsView& view, Chooser& chooser) override {
    return order_.next(s, view, chooser, rounds_, take_);
  }

 private:
  std::uint32_t rounds_;
  StealProbe::Take take_;
  RandomOrder order_;
};

}  // namespace gmpsim
