// A hashed timing wheel (Varghese and Lauck, SOSP 1987, scheme 6) per P: one circle of slots, a timer in slot due mod n
// whatever turn it is for. Setting and stopping are one step; each tick visits everything in its slot, also what is due
// many turns later, so the price of many timers is paid while time passes, not when they are set.
//
// A timer is due at the end of its slot: up to one slot width late. `next` names the next slot with something in it, so a
// P may be woken for a slot in which nothing is due: a wheel without turns in its slots cannot know better.

#include <algorithm>
#include <memory>
#include <vector>

#include "models/timers/registry.hpp"

namespace gmpsim {

namespace {
class HashedWheel final : public TimerStore {
 public:
  HashedWheel(Duration slot, std::uint32_t slots) : slot_(slot), heads_(slots + 1), used_((slots + 63) / 64) {}

  void add(TimerNode& t) override {
    t.held = true;
    ++size_;
    ++work_;
    std::uint64_t due = due_tick(t.when);
    if (due < tick_) due = tick_;
    link(t, static_cast<std::uint32_t>(due % count()));
  }

  void remove(TimerNode& t) override {
    unlink(t);
    t.held = false;
    --size_;
    ++work_;
  }

  [[nodiscard]] Time next() const override {
    if (size_ == 0) return kNever;
    const std::uint64_t at = heads_[count()].first != nullptr ? tick_ - 1 : next_used();
    return at >= static_cast<std::uint64_t>(kNever / slot_) ? kNever - 1 : static_cast<Time>(at) * slot_;
  }

  TimerNode* take_due(Time now) override {
    const std::uint64_t target = static_cast<std::uint64_t>(now / slot_);
    for (;;) {
      if (TimerNode* t = heads_[count()].first) {
        remove(*t);
        return t;
      }
      if (tick_ > target) return nullptr;
      const std::uint64_t used = size_ > 0 ? next_used() : target + 1;
      if (used > target) {  // not further: what is set next may be due before that slot
        tick_ = target + 1;
        return nullptr;
      }
      tick_ = used;
      if (target - tick_ < count()) {
        visit(static_cast<std::uint32_t>(tick_ % count()), tick_);
        ++tick_;
        continue;
      }
      // Nobody has looked for a whole turn or more: each slot once, with the work of all its turns.
      const std::uint64_t turns = std::min<std::uint64_t>((target - tick_) / count(), 1'000'000);
      work_ += static_cast<std::uint32_t>(std::min<std::uint64_t>(turns * size_, 1'000'000'000));
      for (std::uint32_t s = 0; s < count(); ++s) visit(static_cast<std::uint32_t>((tick_ + s) % count()), target);
      tick_ = target + 1;
    }
  }

  [[nodiscard]] std::size_t size() const override { return size_; }

 private:
  struct Head {
    TimerNode* first = nullptr;
    TimerNode* last = nullptr;
  };

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(heads_.size() - 1); }
  [[nodiscard]] std::uint64_t due_tick(Time when) const {
    return static_cast<std::uint64_t>(when / slot_) + (when % slot_ != 0 ? 1 : 0);
  }

  // The first tick from tick_ on whose slot holds something; the wheel is not empty.
  [[nodiscard]] std::uint64_t next_used() const {
    std::uint64_t at = tick_;
    for (std::uint32_t i = 0; i < count(); ++i, ++at) {
      const std::uint32_t s = static_cast<std::uint32_t>(at % count());
      if (s % 64 == 0 && used_[s / 64] == 0 && s + 64 <= count()) {
        i += 63;
        at += 63;
        continue;
      }
      if ((used_[s / 64] >> (s % 64) & 1) != 0) return at;
    }
    return at;
  }

  // What is due in this slot goes to the list of due timers, behind the slots.
  void visit(std::uint32_t slot, std::uint64_t until) {
    for (TimerNode* t = heads_[slot].first; t != nullptr;) {
      TimerNode* const following = t->next;
      ++work_;
      if (due_tick(t->when) <= until) {
        unlink(*t);
        link(*t, count());
      }
      t = following;
    }
  }

  void link(TimerNode& t, std::uint32_t slot) {
    Head& head = heads_[slot];
    t.slot = slot;
    t.next = nullptr;
    t.prev = head.last;
    (head.last != nullptr ? head.last->next : head.first) = &t;
    head.last = &t;
    if (slot < count()) used_[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }

  void unlink(TimerNode& t) {
    Head& head = heads_[t.slot];
    (t.prev != nullptr ? t.prev->next : head.first) = t.next;
    (t.next != nullptr ? t.next->prev : head.last) = t.prev;
    if (head.first == nullptr && t.slot < count()) used_[t.slot / 64] &= ~(std::uint64_t{1} << (t.slot % 64));
  }

  Duration slot_;
  std::uint64_t tick_ = 0;  // the next tick to be visited
  std::size_t size_ = 0;
  std::vector<Head> heads_;  // the slots; the last one: due
  std::vector<std::uint64_t> used_;
};
}  // namespace

void register_timers_hashed_wheel(Registry_timers& r) {
  r.add({"hashed-wheel",
         "a hashed timing wheel per P: constant cost of setting, up to one slot late",
         {{"slot", ms(1), us(1), seconds(1), true, "width of a slot"},
          {"slots", 512, 2, 1 << 20, false, "how many slots"}},
         [](const PolicyValues& v) -> std::unique_ptr<TimerStore> {
           return std::make_unique<HashedWheel>(v[0], static_cast<std::uint32_t>(v[1]));
         }});
}

}  // namespace gmpsim
