// Go's structure since 1.14: a 4-ary heap per P, ordered by due time only (time.go: siftUp, siftDown, timerHeapN).
// A stopped timer stays as a zombie until it reaches the head, or until zombies are more than a quarter (time.go:
// cleanHead, check); meanwhile its due time still counts for `next`, as in Go.

#include <memory>
#include <vector>

#include "models/timers/registry.hpp"

namespace gmpsim {

namespace {
class TimerHeap final : public TimerStore {
 public:
  void add(TimerNode& t) override {
    clean_tail();
    t.held = true;
    entries_.push_back({t.when, &t});
    sift_up(entries_.size() - 1);
  }

  void remove(TimerNode& t) override {
    entries_[t.slot].node = nullptr;
    t.held = false;
    ++zombies_;
    ++work_;
    if (zombies_ > entries_.size() / 4) sweep();
  }

  Time next() const override { return entries_.empty() ? kNever : entries_[0].when; }

  TimerNode* take_due(Time now) override {
    while (!entries_.empty() && (entries_[0].node == nullptr || entries_[0].when <= now)) {
      TimerNode* t = entries_[0].node;
      pop_head();
      if (t == nullptr) {
        --zombies_;
        continue;
      }
      t->held = false;
      return t;
    }
    return nullptr;
  }

  std::size_t size() const override { return entries_.size() - zombies_; }

 private:
  struct Entry {
    Time when;
    TimerNode* node;  // nullptr: zombie
  };

  void place(std::size_t i, const Entry& e) {
    entries_[i] = e;
    if (e.node != nullptr) e.node->slot = static_cast<std::uint32_t>(i);
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

  void clean_tail() {
    while (!entries_.empty() && entries_.back().node == nullptr) {
      entries_.pop_back();
      --zombies_;
    }
  }

  void sweep() {
    std::size_t kept = 0;
    for (const Entry& e : entries_)
      if (e.node != nullptr) entries_[kept++] = e;
    work_ += static_cast<std::uint32_t>(entries_.size());
    entries_.resize(kept);
    zombies_ = 0;
    for (std::size_t i = 0; i < kept; ++i) entries_[i].node->slot = static_cast<std::uint32_t>(i);
    for (std::size_t i = kept > 1 ? (kept - 2) / 4 + 1 : 0; i-- > 0;) sift_down(i);
  }

  std::vector<Entry> entries_;
  std::size_t zombies_ = 0;
};
}  // namespace

void register_timers_heap(Registry_timers& r) {
  r.add({"heap", "a 4-ary heap per P (Go since 1.14)", {}, [](const PolicyValues&) -> std::unique_ptr<TimerStore> {
           return std::make_unique<TimerHeap>();
         }});
}

}  // namespace gmpsim
