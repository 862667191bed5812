#pragma once
// Where a goroutine goes that was made ready, and whether that may wake another thread.

#include <cstdint>

namespace gmpsim {

enum class WakePlace : std::uint8_t {
  runnext,  ///< the slot of the waker's P that runs next
  tail,     ///< the tail of the waker's P
  global,   ///< the global queue
  last_p    ///< the tail of the P on which the goroutine ran last
};

struct WakeView {
  std::uint32_t waker_p = 0;
  std::uint32_t last_p = 0;        ///< equals waker_p when unknown
  std::uint32_t last_p_queue = 0;  ///< its ring length
  bool wants_next = true;          ///< the caller asked for runnext (goready, go)
  bool created = false;            ///< a new goroutine, not a woken one
};

class WakePolicy {
 public:
  virtual ~WakePolicy() = default;
  [[nodiscard]] virtual WakePlace place(const WakeView& view) const = 0;
};

}  // namespace gmpsim
