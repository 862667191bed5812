#pragma once
// How an idle P finds work at others. The policy names the next victim to look at and what may be taken from it; the
// model looks, pays for it, checks and moves. A search is a small plain state, so that it can be interleaved with others.

#include <cstdint>

#include "sim/chooser.hpp"

namespace gmpsim {

/// Read-only view of the Ps for a policy.
class ProcsView {
 public:
  virtual ~ProcsView() = default;
  [[nodiscard]] virtual std::uint32_t procs() const = 0;
  [[nodiscard]] virtual std::uint32_t ring_size(std::uint32_t p) const = 0;
  [[nodiscard]] virtual bool has_runnext(std::uint32_t p) const = 0;
  [[nodiscard]] virtual bool idle(std::uint32_t p) const = 0;
};

/// State of one search; zero at its beginning.
struct StealSearch {
  std::uint32_t thief = 0;
  std::uint32_t round = 0;
  std::uint32_t step = 0;
  std::uint32_t position = 0;
  std::uint32_t stride = 0;
  Site site;  ///< for draws; the count goes up with each
};

/// The next thing to do in a search.
struct StealProbe {
  enum class Take : std::uint8_t { stop, nothing, half, one, all };
  Take take = Take::stop;  ///< stop: the search is over; nothing: no goroutine, but see `timers`
  std::uint32_t victim = 0;
  bool runnext = false;  ///< the victim's runnext may be taken when its ring is empty
  /// Run the victim's due timers first: always, or (the round before the last, 1.15 only) if the victim is not running or has
  /// been asked to stop. A search that never does leaves the timers of idle Ps to nobody.
  enum class Timers : std::uint8_t { no, early, yes };
  Timers timers = Timers::no;
};

class StealPolicy {
 public:
  virtual ~StealPolicy() = default;
  virtual StealProbe next(StealSearch& search, const ProcsView& view, Chooser& chooser) = 0;
  /// False: nothing is ever taken from another P. Then a thread that gives up its P need not look at their queues once more
  /// (it would come back for what it cannot take, again and again).
  [[nodiscard]] virtual bool takes() const { return true; }
};

}  // namespace gmpsim
