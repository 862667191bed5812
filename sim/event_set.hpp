#pragma once
// The pending events, in (time, phase, sequence) order.
//
// A monotone radix heap over time: no event is pushed before the last one popped, so an event sits in the bucket of the
// highest bit in which its time differs from the time of the last pop, and moves towards bucket 0 at most 64 times. The
// events of the current instant lie in one first-in first-out list a phase. Entries with equal times are always in the
// same bucket and are moved in order, so no sequence number is stored: an entry is 16 bytes.
//
// Rejected: a binary heap with std::push_heap (65 to 170 ns an event at 8 to 64 processors against about 25), a calendar
// queue (its width is a guess about the workload). Invariants: push(at) >= time of the last pop; each bucket knows its
// smallest time, so `next_time` looks at one word and never moves an entry.

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "sim/check.hpp"
#include "sim/time.hpp"

namespace gmpsim {

/// Which of two events at the same instant goes first. Each phase says why it comes where it does.
enum class Phase : std::uint8_t {
  world,    ///< arrivals and faults: what comes from outside is there when threads look
  signal,   ///< preemption signals: seen by a thread before it goes on
  thread,   ///< threads continue, in the order in which they were put in
  monitor,  ///< sysmon observes an instant after the threads have acted in it
  stop,     ///< the end of the run comes after everything due at its instant
  kCount
};

class EventSet {
 public:
  struct Entry {
    Time at = 0;
    std::uint32_t process = 0;
    std::uint32_t ticket = 0;  ///< generation << 3 | phase
  };

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Time of the earliest event, kNever when there is none.
  [[nodiscard]] Time next_time() const {
    if (now_left_ != 0) return last_;
    return nonempty_ != 0 ? lowest_[static_cast<std::size_t>(std::countr_zero(nonempty_))] : kNever;
  }

  void push(const Entry& e) {
    ++size_;
    if (e.at == last_) {
      now_[e.ticket & 7].items.push_back(e);
      ++now_left_;
      return;
    }
    put(e);
  }

  /// Removes and returns the earliest event. The set must not be empty.
  Entry pop() {
    if (now_left_ == 0) advance();
    --size_;
    --now_left_;
    for (Fifo& f : now_) {
      if (f.head == f.items.size()) continue;
      const Entry e = f.items[f.head++];
      if (f.head == f.items.size()) {
        f.items.clear();
        f.head = 0;
      }
      return e;
    }
    check_failed("now_left_", "a phase list holds the counted event", __FILE__, __LINE__);
  }

  void clear() {
    for (auto& b : buckets_) b.clear();
    for (Fifo& f : now_) {
      f.items.clear();
      f.head = 0;
    }
    nonempty_ = 0;
    now_left_ = size_ = 0;
    last_ = 0;
  }

 private:
  struct Fifo {
    std::vector<Entry> items;
    std::size_t head = 0;
  };

  void put(const Entry& e) {
    const auto b = static_cast<std::size_t>(63 - std::countl_zero(static_cast<std::uint64_t>(e.at ^ last_)));
    if ((nonempty_ >> b & 1) == 0) {
      nonempty_ |= std::uint64_t{1} << b;
      lowest_[b] = e.at;
    } else if (e.at < lowest_[b]) {
      lowest_[b] = e.at;
    }
    buckets_[b].push_back(e);
  }

  // Moves the lowest bucket down: its smallest time becomes the current instant.
  void advance() {
    const auto b = static_cast<std::size_t>(std::countr_zero(nonempty_));
    nonempty_ &= nonempty_ - 1;
    last_ = lowest_[b];
    std::vector<Entry>& bucket = buckets_[b];
    if (bucket.size() == 1) [[likely]] {  // most instants hold one event: no detour through the scratch list
      now_[bucket[0].ticket & 7].items.push_back(bucket[0]);
      now_left_ = 1;
      bucket.clear();
      return;
    }
    scratch_.swap(bucket);
    for (const Entry& e : scratch_) {
      if (e.at == last_) {
        now_[e.ticket & 7].items.push_back(e);
        ++now_left_;
      } else {
        put(e);
      }
    }
    scratch_.clear();
    scratch_.swap(bucket);  // gives the storage back to the (now empty) bucket
  }

  std::array<std::vector<Entry>, 64> buckets_;
  std::array<Time, 64> lowest_{};
  std::uint64_t nonempty_ = 0;
  std::array<Fifo, static_cast<std::size_t>(Phase::kCount)> now_;
  std::size_t now_left_ = 0;
  std::size_t size_ = 0;
  Time last_ = 0;
  std::vector<Entry> scratch_;
};

}  // namespace gmpsim
