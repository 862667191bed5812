#pragma once
// The local run queue of a P: a ring of 256 and the one-element slot `runnext` (proc.go: runqput, runqget, runqgrab).
//
// In Go the ring is lock-free: only the owner moves the tail, anyone may move the head by compare-and-swap. Here each of
// these functions is one instant of simulated time, which is what the successful compare-and-swap amounts to; the time
// around it is spent by the callers. The room can be made smaller, so that exhaustive tests reach overflow with 4.

#include <array>
#include <cstdint>

#include "models/go/g.hpp"

namespace gmpsim {

template <std::uint32_t Capacity>
class RunQueue {
 public:
  static constexpr std::uint32_t kCapacity = Capacity;

  G* runnext = nullptr;

  [[nodiscard]] std::uint32_t ring_size() const { return tail_ - head_; }
  [[nodiscard]] std::uint32_t size() const { return ring_size() + (runnext != nullptr ? 1 : 0); }
  [[nodiscard]] bool empty() const { return head_ == tail_ && runnext == nullptr; }  // runqempty
  [[nodiscard]] std::uint32_t capacity() const { return room_; }
  [[nodiscard]] bool full() const { return ring_size() == room_; }
  /// Before it is used; at most Capacity.
  void set_capacity(std::uint32_t room) { room_ = room; }

  /// Appends at the tail; the ring must not be full.
  void push(G* g) { ring_[tail_++ % Capacity] = g; }

  /// Puts g into runnext and returns the goroutine that was kicked out of it (nullptr: none).
  G* replace_runnext(G* g) {
    G* old = runnext;
    runnext = g;
    return old;
  }

  /// The head of the ring, nullptr when empty.
  G* pop() { return head_ == tail_ ? nullptr : ring_[head_++ % Capacity]; }

  /// The tail of the ring, nullptr when empty.
  G* pop_last() { return head_ == tail_ ? nullptr : ring_[--tail_ % Capacity]; }

  /// How many a thief takes: the larger half (runqgrab step 1).
  [[nodiscard]] std::uint32_t grab_size() const { return ring_size() - ring_size() / 2; }

  /// The i-th oldest, for checks and views.
  [[nodiscard]] const G* at(std::uint32_t i) const { return ring_[(head_ + i) % Capacity]; }

 private:
  std::uint32_t head_ = 0;
  std::uint32_t tail_ = 0;
  std::uint32_t room_ = Capacity;
  std::array<G*, Capacity> ring_{};
};

using LocalQueue = RunQueue<256>;

}  // namespace gmpsim
