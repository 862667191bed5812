#include "models/os/cores.hpp"

namespace gmpsim {

void Cores::name(std::uint32_t count, const Memory& memory) {
  memory_ = memory;
  all_.assign(count, {});
  for (std::uint32_t c = 0; c < count; ++c)
    all_[c].node = static_cast<std::uint16_t>(std::uint64_t{c} * memory.nodes / count);
}

std::uint32_t Cores::pick(std::uint32_t last) const {
  if (last != kNoCore && all_[last].free()) return last;
  std::vector<std::uint32_t> free(memory_.nodes, 0);
  std::vector<std::uint32_t> lowest(memory_.nodes, kNoCore);
  for (std::uint32_t c = static_cast<std::uint32_t>(all_.size()); c-- > 0;) {
    if (!all_[c].free()) continue;
    ++free[all_[c].node];
    lowest[all_[c].node] = c;
  }
  if (last != kNoCore && free[all_[last].node] > 0) return lowest[all_[last].node];
  std::size_t best = 0;
  for (std::size_t n = 1; n < free.size(); ++n)
    if (free[n] > free[best]) best = n;
  return lowest[best];
}

bool Cores::stall(std::uint32_t core, bool begins) {
  std::uint32_t& stalls = all_[core].stalls;
  stalls = begins ? stalls + 1 : stalls - 1;
  return stalls == (begins ? 1u : 0u);
}

std::int64_t Cores::factor(std::uint32_t core, std::uint16_t data_node) const {
  const Core& c = all_[core];
  const std::int64_t memory = memory_.factor(c.node, data_node);
  // Both are at most a thousand times; their product in ppm fits.
  return c.slow / 1000 * memory / 1000 + c.slow % 1000 * memory / 1'000'000;
}

}  // namespace gmpsim
