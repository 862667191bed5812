#pragma once
// Which core is which: needed only where cores differ, because one is slow or does nothing, or because memory is near to
// some of them and far from others.
//
// A thread that wants a core gets the one that it had last if that is free, else a free one of the same memory node (its
// caches and its data are there), else one of the node with the most free cores; so does a thread that never had one. Of
// cores of one node the lowest free one. These are the first steps of Linux's choice (fair.c: select_idle_sibling for a
// thread that wakes, find_idlest_cpu for a new one); nothing moves a thread that runs, as no balancer is modelled.
//
// Core c belongs to node c * nodes / cores: blocks of neighbours, as equal as may be.
//
// Rejected: a core for each thread by its number (a thread that waits would keep others from a free core).

#include <cstdint>
#include <vector>

#include "sim/time.hpp"

namespace gmpsim {

class Thread;

inline constexpr std::uint32_t kNoCore = 0xffffffff;
inline constexpr std::uint16_t kNoNode = 0xffff;

/// The memory of the machine: how much longer work takes on a core of node i while its data live on node j.
struct Memory {
  static constexpr std::int64_t kNear = 1'000'000;  ///< [ppm]
  std::uint16_t nodes = 1;
  std::vector<std::int64_t> factors;  ///< [ppm], nodes * nodes; empty: all kNear
  [[nodiscard]] std::int64_t factor(std::uint16_t core_node, std::uint16_t data_node) const {
    return factors.empty() || data_node == kNoNode ? kNear : factors[std::size_t{core_node} * nodes + data_node];
  }
};

class Cores {
 public:
  void name(std::uint32_t count, const Memory& memory);
  [[nodiscard]] bool named() const { return !all_.empty(); }
  [[nodiscard]] std::uint16_t node_of(std::uint32_t core) const { return all_[core].node; }
  /// The core for a thread whose last one was `last` (kNoCore: none); kNoCore when none is free.
  [[nodiscard]] std::uint32_t pick(std::uint32_t last) const;
  void occupy(std::uint32_t core, Thread* t) { all_[core].on = t; }
  [[nodiscard]] Thread* on(std::uint32_t core) const { return all_[core].on; }
  /// True when that changes whether the core works.
  bool stall(std::uint32_t core, bool begins);
  void slow(std::uint32_t core, std::int64_t factor_ppm) { all_[core].slow = factor_ppm; }
  /// How much longer work takes on this core, its data being on that node [ppm].
  [[nodiscard]] std::int64_t factor(std::uint32_t core, std::uint16_t data_node) const;

 private:
  struct Core {
    Thread* on = nullptr;
    std::int64_t slow = Memory::kNear;
    std::uint32_t stalls = 0;
    std::uint16_t node = 0;
    [[nodiscard]] bool free() const { return on == nullptr && stalls == 0; }
  };
  std::vector<Core> all_;
  Memory memory_;
};

}  // namespace gmpsim
