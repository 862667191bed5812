#pragma once
// Who is asked to stop. sysmon asks the policy about each P whose goroutine it finds running.

#include <cstdint>

#include "sim/time.hpp"

namespace gmpsim {

/// What sysmon knows of a P in one pass.
struct SliceView {
  Duration since_tick = 0;  ///< how long sysmon has seen the same schedtick
  bool idle_ps = false;     ///< some P is idle
};

enum class PreemptAction : std::uint8_t {
  none,
  flag,   ///< cooperative: the next safe point stops
  signal  ///< also send a signal, so that loops without safe points stop
};

class PreemptPolicy {
 public:
  virtual ~PreemptPolicy() = default;
  [[nodiscard]] virtual PreemptAction judge(const SliceView& view) const = 0;
  /// How a goroutine is asked to stop for the world; none: it is not, and the stopper waits until it leaves its P.
  [[nodiscard]] virtual PreemptAction on_stop() const {
    return signals() ? PreemptAction::signal : PreemptAction::flag;
  }
  /// False: a preemption request never leads to a signal (stop-the-world uses the same means).
  [[nodiscard]] virtual bool signals() const = 0;
  /// Of 1000 signals that meet a loop without calls, how many find it where it cannot stop.
  [[nodiscard]] virtual std::uint32_t unsafe_permille() const { return 0; }
};

}  // namespace gmpsim
