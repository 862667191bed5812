#include "analysis/happens_before.hpp"

#include <algorithm>

namespace gmpsim {

namespace {
constexpr std::int64_t kReaders = 1;   // place of a RWMutex where readers leave what they know (rwmutex.go: writerSem)
constexpr std::size_t kOverhead = 32;  // of a goroutine or place beside its clock, in entries
}  // namespace

HappensBefore::Goroutine* HappensBefore::find(std::uint32_t g) {
  const auto at = live_.find(g);
  return at == live_.end() ? nullptr : &at->second;
}

HappensBefore::Deed HappensBefore::deed(const Transition& access) {
  Deed d{access.g,   static_cast<Access>(access.why),         {}, access.at,
         0xffffffff, static_cast<std::uint32_t>(access.value)};
  if (const Goroutine* const g = find(access.g)) {
    asked_[g->slot] = g->clock[g->slot];
    d.moment = {g->slot, g->clock[g->slot]};
    d.program = g->program;
  }
  return d;
}

bool HappensBefore::knows(std::uint32_t g, const Deed& then) const {
  const auto at = live_.find(g);
  if (then.g == g || at == live_.end()) return true;
  const Clock& clock = at->second.clock;
  return then.moment.slot < clock.size() && clock[then.moment.slot] >= then.moment.tick;
}

void HappensBefore::give_up() {
  gave_up_ = true;
  live_.clear();
  places_.clear();
}

void HappensBefore::account(std::size_t before, std::size_t after) {
  entries_ += after - before;
  if (entries_ > kMaxEntries) give_up();
}

void HappensBefore::join(Clock& to, const Clock& from) {
  const std::size_t before = to.size();
  if (from.size() > before) to.resize(from.size(), 0);
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = std::max(to[i], from[i]);
  if (to.size() != before) account(before, to.size());
}

std::uint32_t HappensBefore::slot_for(const Goroutine* creator, bool& reused) {
  constexpr std::size_t kLook = 64;  // free slots to look at
  reused = true;
  for (std::size_t i = free_.size(); creator != nullptr && i > 0 && free_.size() - i < kLook; --i) {
    const std::uint32_t slot = free_[i - 1];
    if (slot >= creator->clock.size() || creator->clock[slot] < asked_[slot]) continue;
    free_[i - 1] = free_.back();
    free_.pop_back();
    return slot;
  }
  reused = false;
  ticks_.push_back(0);
  asked_.push_back(0);
  return static_cast<std::uint32_t>(ticks_.size() - 1);
}

void HappensBefore::create(const Transition& t) {
  Goroutine* const creator = t.a == kNoG ? nullptr : find(t.a);
  Goroutine child;
  child.slot = slot_for(creator, child.reused);
  child.program = static_cast<std::uint32_t>(t.value);
  if (ticks_.size() > kMaxSlots) return give_up();
  if (creator != nullptr) {
    child.clock = creator->clock;
    ++creator->clock[creator->slot];
  }
  if (child.clock.size() <= child.slot) child.clock.resize(child.slot + 1, 0);
  child.clock[child.slot] = ++ticks_[child.slot];
  const std::size_t size = child.clock.size();
  live_[t.g] = std::move(child);
  account(0, size + kOverhead);
}

/// A timer has started it: it knows what was so when the timer was set.
void HappensBefore::be_born(Goroutine& g, std::uint32_t object, std::int64_t place) {
  if (g.reused) {  // chosen by what its creator knows now
    --ticks_[g.slot];
    free_.push_back(g.slot);
    g.slot = slot_for(nullptr, g.reused);
    if (ticks_.size() > kMaxSlots) return give_up();
    ++ticks_[g.slot];
  }
  const std::size_t before = g.clock.size();
  g.clock.assign(std::max<std::size_t>(before, g.slot + 1), 0);
  g.clock[g.slot] = ticks_[g.slot];
  account(before, g.clock.size());
  if (!gave_up_) learn_from(g, object, place);
}

void HappensBefore::learn_from(Goroutine& g, std::uint32_t object, std::int64_t place) {
  const auto at = places_.find({object, place});
  if (at != places_.end()) join(g.clock, at->second);
}

void HappensBefore::teach(Goroutine& g, std::uint32_t object, std::int64_t place, bool replace) {
  const auto [at, fresh] = places_.try_emplace({object, place});
  if (fresh) account(0, kOverhead);
  if (gave_up_) return;
  Clock& to = at->second;
  if (replace) std::fill(to.begin(), to.end(), 0);
  join(to, g.clock);
  if (!gave_up_) ++g.clock[g.slot];  // what g does from here on is not known there
}

void HappensBefore::observe(const Transition& t) {
  if (gave_up_) return;
  if (t.kind == Kind::g_create) return create(t);
  Goroutine* const g = find(t.g);
  if (g == nullptr) return;
  switch (t.kind) {
    case Kind::g_end:
      ticks_[g->slot] = g->clock[g->slot];
      free_.push_back(g->slot);
      entries_ -= g->clock.size() + kOverhead;
      live_.erase(t.g);
      return;
    case Kind::acquire: {
      const ObjectKind kind = object_kind(*info_, t.a);
      learn_from(*g, t.a, 0);
      if (kind == ObjectKind::rwmutex && t.why == 0 && !gave_up_) learn_from(*g, t.a, kReaders);
      // A weighted semaphore (x/sync) has a mutex inside, which every operation takes.
      if (kind == ObjectKind::semaphore && !gave_up_) teach(*g, t.a, 0, true);
      return;
    }
    case Kind::release: {
      const ObjectKind kind = object_kind(*info_, t.a);
      if (kind == ObjectKind::semaphore) learn_from(*g, t.a, 0);
      if (gave_up_) return;
      if (kind == ObjectKind::rwmutex && t.why == 1)
        teach(*g, t.a, kReaders, false);
      else
        teach(*g, t.a, 0, true);
      return;
    }
    case Kind::sync: break;
    default: return;
  }
  switch (static_cast<Sync>(t.why)) {
    case Sync::learn: return learn_from(*g, t.a, t.value);
    case Sync::add: return teach(*g, t.a, t.value, false);
    case Sync::replace: return teach(*g, t.a, t.value, true);
    case Sync::meet:
      learn_from(*g, t.a, t.value);
      if (!gave_up_) teach(*g, t.a, t.value, true);
      return;
    case Sync::exchange: {
      Goroutine* const other = find(static_cast<std::uint32_t>(t.value));
      if (other == nullptr || other == g) return;
      const Clock mine = g->clock;
      join(g->clock, other->clock);
      if (gave_up_) return;
      join(other->clock, mine);
      if (gave_up_) return;
      ++g->clock[g->slot];
      ++other->clock[other->slot];
      return;
    }
    case Sync::born: return be_born(*g, t.a, t.value);
  }
}

}  // namespace gmpsim
