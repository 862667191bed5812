#pragma once
// What a command tells its caller. Scripts and CI must be able to tell "found a starvation" from "could not run".

#include <cstdint>

namespace gmpsim {

enum class Exit : std::uint8_t {
  good = 0,              ///< done; what was expected holds
  finding = 1,           ///< the tool worked and has a finding
  usage = 2,             ///< unknown flag, contradicting flags
  bad_input = 3,         ///< a document was rejected, or met a scenario error while running
  environment = 4,       ///< file missing, no permission, disk full, not enough memory
  not_reproducible = 5,  ///< a replay departed
  internal = 6,          ///< our bug
  undecided = 7,         ///< a limit was reached before a verdict
  interrupted = 130,     ///< 128 + SIGINT
};

/// With several causes the order 6, 5, 4, 3, 2, 1, 7 decides; an interruption goes before all but our own bugs.
[[nodiscard]] constexpr Exit worse(Exit a, Exit b) {
  const auto rank = [](Exit e) {
    switch (e) {
      case Exit::good: return 0;
      case Exit::undecided: return 1;
      case Exit::interrupted: return 8;
      case Exit::internal: return 9;
      default: return 1 + static_cast<int>(e);
    }
  };
  return rank(a) >= rank(b) ? a : b;
}

}  // namespace gmpsim
