// A hierarchical timing wheel (Varghese and Lauck, SOSP 1987) of 64 slots and five levels per P; what is further away
// waits in an overflow list. Go has never used one; it is here so that the claim that wheels are better can be examined.
//
// A timer is due at the end of its slot, so it fires up to one slot width late: that is the price of constant-time
// insertion. When the hand of a level completes a turn, the next slot of the level above is spread over it (cascade),
// and each move counts as work.

#include <array>
#include <memory>

#include "models/timers/registry.hpp"

namespace gmpsim {

namespace {
class TimerWheel final : public TimerStore {
 public:
  explicit TimerWheel(Duration slot) : slot_(slot) {}

  void add(TimerNode& t) override {
    t.held = true;
    ++size_;
    ++work_;
    insert(t);
  }

  void remove(TimerNode& t) override {
    unlink(t);
    t.held = false;
    --size_;
    ++work_;
  }

  // The earliest tick with something in it: exact on the lowest level, the start of the slot on higher ones.
  Time next() const override {
    if (size_ == 0) return kNever;
    Time best = kNever;
    for (std::size_t level = 0; level < kLevels; ++level) {
      const std::uint64_t bits = used_[level];
      if (bits == 0) continue;
      const std::uint64_t hand = tick_ >> (kBits * level);
      for (std::uint64_t k = 0; k < kSlots; ++k) {
        const std::uint64_t s = (hand + k) & (kSlots - 1);
        if ((bits >> s & 1) == 0) continue;
        const std::uint64_t at = (hand + k) << (kBits * level);
        const Time when = static_cast<Time>(at < tick_ ? tick_ : at) * slot_;
        if (when < best) best = when;
        break;
      }
    }
    // What is further away is looked at when the hand of the highest level has completed its turn.
    if (best == kNever) best = static_cast<Time>((tick_ | ((std::uint64_t{1} << (kBits * kLevels)) - 1)) + 1) * slot_;
    return best;
  }

  TimerNode* take_due(Time now) override {
    const std::uint64_t target = static_cast<std::uint64_t>(now / slot_);
    for (;;) {
      Head& head = slots_[0][tick_ & (kSlots - 1)];
      if (TimerNode* t = head.first) {
        unlink(*t);
        t->held = false;
        --size_;
        ++work_;
        return t;
      }
      if (tick_ >= target) return nullptr;
      if (size_ == 0) {
        tick_ = target;
        return nullptr;
      }
      skip_empty_turns(target);
      ++tick_;
      ++work_;
      for (std::size_t level = 1; level <= kLevels && (tick_ & ((std::uint64_t{1} << (kBits * level)) - 1)) == 0;
           ++level)
        cascade(level < kLevels ? slots_[level][tick_ >> (kBits * level) & (kSlots - 1)] : overflow_);
    }
  }

  std::size_t size() const override { return size_; }

 private:
  static constexpr std::size_t kBits = 6;
  static constexpr std::uint64_t kSlots = 64;
  static constexpr std::size_t kLevels = 5;
  static constexpr std::uint32_t kOverflow = kLevels * kSlots;
  struct Head {
    TimerNode* first = nullptr;
    TimerNode* last = nullptr;
  };

  std::uint64_t due_tick(Time when) const { return static_cast<std::uint64_t>((when + slot_ - 1) / slot_); }

  void insert(TimerNode& t) {
    std::uint64_t due = due_tick(t.when);
    if (due < tick_) due = tick_;
    const std::uint64_t distance = due ^ tick_;
    for (std::size_t level = 0; level < kLevels; ++level)
      if (distance >> (kBits * (level + 1)) == 0) {
        const std::uint64_t s = due >> (kBits * level) & (kSlots - 1);
        link(t, slots_[level][s], static_cast<std::uint32_t>(level * kSlots + s));
        used_[level] |= std::uint64_t{1} << s;
        return;
      }
    link(t, overflow_, kOverflow);
  }

  // While the lower levels are empty, nothing happens before the hand of the lowest used level moves.
  void skip_empty_turns(std::uint64_t target) {
    std::size_t level = 0;
    while (level < kLevels && used_[level] == 0) ++level;
    const std::uint64_t turn = std::uint64_t{1} << (kBits * level);
    const std::uint64_t last = (tick_ | (turn - 1));
    tick_ = last < target ? last : target - 1;
  }

  void cascade(Head& head) {
    TimerNode* t = head.first;
    head = {};
    if (&head != &overflow_ && t != nullptr) used_[t->slot / kSlots] &= ~(std::uint64_t{1} << (t->slot % kSlots));
    while (t != nullptr) {
      TimerNode* following = t->next;
      ++work_;
      insert(*t);
      t = following;
    }
  }

  static void link(TimerNode& t, Head& head, std::uint32_t slot) {
    t.slot = slot;
    t.next = nullptr;
    t.prev = head.last;
    (head.last != nullptr ? head.last->next : head.first) = &t;
    head.last = &t;
  }

  void unlink(TimerNode& t) {
    Head& head = t.slot == kOverflow ? overflow_ : slots_[t.slot / kSlots][t.slot % kSlots];
    (t.prev != nullptr ? t.prev->next : head.first) = t.next;
    (t.next != nullptr ? t.next->prev : head.last) = t.prev;
    if (head.first == nullptr && t.slot != kOverflow)
      used_[t.slot / kSlots] &= ~(std::uint64_t{1} << (t.slot % kSlots));
  }

  Duration slot_;
  std::uint64_t tick_ = 0;  // everything due before has been taken
  std::size_t size_ = 0;
  std::array<std::array<Head, kSlots>, kLevels> slots_{};
  std::array<std::uint64_t, kLevels> used_{};
  Head overflow_;
};
}  // namespace

void register_timers_wheel(Registry_timers& r) {
  r.add({"wheel",
         "a hierarchical timing wheel per P: constant cost, up to one slot late",
         {{"slot", ms(1), us(1), seconds(1), true, "width of a slot"}},
         [](const PolicyValues& v) -> std::unique_ptr<TimerStore> { return std::make_unique<TimerWheel>(v[0]); }});
}

}  // namespace gmpsim
