#pragma once
// The 4-ary heap in which every version of Go keeps timers (time.go: siftupTimer, siftdownTimer), ordered by due time only:
// equal times keep whatever order the heap gives. Each comparison and each move counts as work.
//
// ExactHeap is the heap until 1.13: a stopped timer is taken out at once, by its index. LazyHeap is the one since 1.14: a
// stopped timer stays as a zombie until it reaches the head or zombies are more than a quarter, and a timer that is reset
// stays where it is with a note of its new time, until that time comes or it reaches the head.
//
// Rejected: std::push_heap (binary, and no removal by index).

#include <cstddef>
#include <vector>

#include "models/policy/timers.hpp"

namespace gmpsim {

/// What both have: entries with a copy of the due time, so that a comparison touches no timer.
class FourAryHeap : public TimerStore {
 protected:
  struct Entry {
    Time when;
    TimerNode* node;  // nullptr: zombie
  };

  void place(std::size_t i, const Entry& e) {
    entries_[i] = e;
    if (e.node != nullptr) e.node->slot = static_cast<std::uint32_t>(i);
  }

  void push(const Entry& e) {
    entries_.push_back(e);
    sift_up(entries_.size() - 1);
  }

  void sift_up(std::size_t i) {
    const Entry e = entries_[i];
    while (i > 0) {
      const std::size_t parent = (i - 1) / 4;
      ++work_;
      if (e.when >= entries_[parent].when) break;
      place(i, entries_[parent]);
      i = parent;
    }
    place(i, e);
  }

  void sift_down(std::size_t i) {
    const std::size_t n = entries_.size();
    const Entry e = entries_[i];
    for (;;) {
      const std::size_t first = 4 * i + 1;
      if (first >= n) break;
      std::size_t best = first;
      for (std::size_t c = first + 1; c < n && c < first + 4; ++c)
        if (entries_[c].when < entries_[best].when) best = c;
      work_ += 4;
      if (entries_[best].when >= e.when) break;
      place(i, entries_[best]);
      i = best;
    }
    place(i, e);
  }

  void pop_head() {
    const Entry last = entries_.back();
    entries_.pop_back();
    if (entries_.empty()) return;
    entries_[0] = last;
    sift_down(0);
  }

  void heapify() {
    const std::size_t n = entries_.size();
    for (std::size_t i = 0; i < n; ++i) place(i, entries_[i]);
    for (std::size_t i = n > 1 ? (n - 2) / 4 + 1 : 0; i-- > 0;) sift_down(i);
  }

  std::vector<Entry> entries_;
};

class ExactHeap : public FourAryHeap {
 public:
  void add(TimerNode& t) override {
    t.held = true;
    push({t.when, &t});
  }

  // deltimer: the last entry takes its place and moves up or down.
  void remove(TimerNode& t) override {
    const std::size_t i = t.slot;
    t.held = false;
    const Entry last = entries_.back();
    entries_.pop_back();
    ++work_;
    if (i == entries_.size()) return;
    entries_[i] = last;
    sift_up(i);
    sift_down(last.node->slot);
  }

  [[nodiscard]] Time next() const override { return entries_.empty() ? kNever : entries_[0].when; }

  TimerNode* take_due(Time now) override {
    if (entries_.empty() || entries_[0].when > now) return nullptr;
    TimerNode* t = entries_[0].node;
    pop_head();
    t->held = false;
    return t;
  }

  [[nodiscard]] std::size_t size() const override { return entries_.size(); }
};

class LazyHeap : public FourAryHeap {
 public:
  enum class Rules : std::uint8_t {
    states,  ///< 1.14 to 1.22: only an earlier time asks for an adjustment, which puts each modified timer in anew
    flags    ///< since 1.23: every new time does; the whole heap is ordered anew
  };
  explicit LazyHeap(Rules rules) : rules_(rules) {}

  void add(TimerNode& t) override {
    clean();
    t.held = true;
    push({t.when, &t});
  }

  void remove(TimerNode& t) override {
    entries_[t.slot].node = nullptr;
    t.held = false;
    ++zombies_;
    ++work_;
    if (zombies_ > entries_.size() / 4) order_anew();
  }

  // modtimer, timer.modify: a note, the heap is not touched.
  bool modify(TimerNode& t, Time when) override {
    ++work_;
    t.when = when;
    if (rules_ == Rules::flags || when < entries_[t.slot].when)
      min_modified_ = when < min_modified_ ? when : min_modified_;
    return true;
  }

  // wakeTime: the head as the heap has it, or an earlier time of a modified timer.
  [[nodiscard]] Time next() const override {
    if (entries_.empty()) return kNever;
    return entries_[0].when < min_modified_ ? entries_[0].when : min_modified_;
  }

  TimerNode* take_due(Time now) override {
    if (min_modified_ <= now) adjust();
    while (!entries_.empty()) {
      TimerNode* t = entries_[0].node;
      if (t == nullptr) {
        pop_head();
        --zombies_;
      } else if (entries_[0].when != t->when) {  // updateHeap: a modified timer at the head
        entries_[0].when = t->when;
        sift_down(0);
      } else {
        if (t->when > now) break;
        pop_head();
        t->held = false;
        if (entries_.empty()) min_modified_ = kNever;
        return t;
      }
    }
    if (entries_.empty()) min_modified_ = kNever;
    return nullptr;
  }

  [[nodiscard]] std::size_t size() const override { return entries_.size() - zombies_; }

 private:
  // cleantimers, cleanHead: zombies at the end (since 1.23) and at the head go.
  void clean() {
    while (rules_ == Rules::flags && !entries_.empty() && entries_.back().node == nullptr) {
      entries_.pop_back();
      --zombies_;
    }
    while (!entries_.empty() && entries_[0].node == nullptr) {
      pop_head();
      --zombies_;
    }
    if (entries_.empty()) min_modified_ = kNever;
  }

  // adjusttimers, timers.adjust: everything takes its new time.
  void adjust() {
    if (rules_ == Rules::flags) {
      order_anew();
      return;
    }
    std::vector<Entry> moved;
    std::size_t kept = 0;
    for (const Entry& e : entries_) {
      if (e.node == nullptr) continue;
      if (e.node->when != e.when)
        moved.push_back({e.node->when, e.node});
      else
        entries_[kept++] = e;
    }
    work_ += static_cast<std::uint32_t>(entries_.size());
    entries_.resize(kept);
    zombies_ = 0;
    min_modified_ = kNever;
    heapify();
    for (const Entry& e : moved) push(e);
  }

  void order_anew() {
    std::size_t kept = 0;
    for (const Entry& e : entries_)
      if (e.node != nullptr) entries_[kept++] = {e.node->when, e.node};
    work_ += static_cast<std::uint32_t>(entries_.size());
    entries_.resize(kept);
    zombies_ = 0;
    min_modified_ = kNever;
    heapify();
  }

  Rules rules_;
  std::size_t zombies_ = 0;
  Time min_modified_ = kNever;  // no modified timer is due earlier
};

}  // namespace gmpsim
