#pragma once
// What happens to a goroutine whose read or write would block, and who finds out that it can go on.
//
// Two designs differ in both: a goroutine that parks holds no thread, but somebody has to look at the kernel's list of
// ready descriptors; a thread that blocks in the call is woken by the kernel itself.

#include <cstdint>

#include "sim/time.hpp"

namespace gmpsim {

/// Who looks at the list of ready descriptors, and how.
struct PollDuty {
  bool scheduler = true;            ///< an M that finds no other work, and the last one that idles
  bool own_thread = false;          ///< a thread that does nothing else
  Duration monitor_after = ms(10);  ///< sysmon looks when nobody has for so long; kNever: it does not
  std::uint32_t batch = 128;        ///< most descriptors that one look takes
};

/// What a policy sees of an operation that would block.
struct BlockView {
  std::uint32_t threads = 0;  ///< of the process
  std::uint32_t parked = 0;   ///< goroutines in the poller
};

class PollPolicy {
 public:
  virtual ~PollPolicy() = default;
  [[nodiscard]] virtual PollDuty duty() const = 0;
  /// True: the goroutine parks. False: its thread blocks in the call.
  [[nodiscard]] virtual bool parks(const BlockView& view) const = 0;
};

}  // namespace gmpsim
