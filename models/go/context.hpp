#pragma once
// CancelCtx, a context: the tree along which work is told to end (context/context.go: cancelCtx, timerCtx).
//
// What a goroutine sees of a context is a channel that gets closed, and an error. The rest is who tells whom: a parent
// keeps its children in a Go map, whose order of iteration is random, but not any order: up to eight entries stand in
// one group of slots, and an iteration begins at a random slot. So two children are mostly cancelled in the order in
// which they were made. Only a map that has grown gives them in no order at all.
//
// Invariants: a context that has ended has no children and no running timer; a child's deadline is never later than its
// parent's; `done` exists only when somebody has asked for it (as in Go).

#include <cstdint>
#include <vector>

#include "models/go/sync.hpp"

namespace gmpsim {

/// Why a context has ended: the value of `err` in the language.
enum class ContextErr : std::uint8_t { none, cancelled, deadline };

struct CancelCtx {
  static constexpr std::size_t kSmallMap = 8;  ///< entries of a Go map that has not grown (runtime/map.go, 1.27)

  std::uint32_t object = 0;
  std::uint32_t number = 0;  ///< order of creation in this world
  ContextErr err = ContextErr::none;
  bool map_grown = false;  ///< more than kSmallMap children at once
  CancelCtx* parent = nullptr;
  std::uint32_t slot = 0;            ///< where the parent keeps it
  std::uint32_t draws = 0;           ///< questions asked of the chooser
  Time deadline = kNever;            ///< its own or an ancestor's, whichever is earlier
  Chan* done = nullptr;              ///< made when somebody asks for it
  Timer* timer = nullptr;            ///< pending; only when its own deadline is the earliest
  Mutex mu;                          ///< held while it and its children are cancelled
  std::vector<CancelCtx*> children;  ///< slots of the map; nullptr: free
};

}  // namespace gmpsim
