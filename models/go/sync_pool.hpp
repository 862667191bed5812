#pragma once
// sync.Pool (sync/pool.go; 1.13 to 1.27): one slot and one queue for each P, and the same again as the victim cache.

#include <cstdint>
#include <deque>
#include <vector>

#include "models/go/g.hpp"

namespace gmpsim {

struct SyncPool {
  struct Local {
    bool has_own = false;
    Payload own;                 ///< private: for this P alone
    std::deque<Payload> shared;  ///< the owner at the head, others at the tail
  };
  std::uint32_t object = 0;
  std::vector<Local> local;   ///< by P
  std::vector<Local> victim;  ///< what was there when the last collection began
};

}  // namespace gmpsim
