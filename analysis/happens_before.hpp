#pragma once
// Which of two things in a run happened before the other, by Go's memory model (go.dev/ref/mem, 2022): vector clocks.
//
// A goroutine knows of every other up to a moment of that one. What it does to channels, locks and the like moves this
// knowledge on: the records `sync` say so, those of locks (`acquire`, `release`) and `g_create` do by themselves. The
// rules are those of Go's race detector (runtime/race.go and its callers in chan.go, sync/*.go; 1.26). That one goroutine
// ran before another orders nothing; neither does its end.
//
//   HappensBefore order(info);
//   order.observe(t);                       // every record of kKinds, in order
//   const auto then = order.deed(t);        // at a record of an access
//   if (!order.knows(h, then)) …            // h does not know of it: unordered
//
// A slot of the clocks serves again when its goroutine has ended and whoever creates the next one knows all that it did:
// then nobody learns from the new tenant what was not so. Rejected: any free slot (the new tenant would seem to know what the
// old one did); a slot for each goroutine that ever was (a program that joins its workers makes millions).
// Invariant: memory is bounded, as Go's detector is (8,128 goroutines); `gave_up` says that the bound was met, and from
// then on nothing is known.

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/transition.hpp"

namespace gmpsim {

class HappensBefore {
 public:
  static constexpr std::uint64_t kKinds =
      bit(Kind::g_create) | bit(Kind::g_end) | bit(Kind::acquire) | bit(Kind::release) | bit(Kind::sync);

  /// A stretch in the life of a goroutine between two moments at which others could learn from it.
  struct Moment {
    std::uint32_t slot = 0;
    std::uint32_t tick = 0;
  };
  /// Something that a goroutine did to a shared object, kept to be held against what others do.
  struct Deed {
    std::uint32_t g = kNoG;
    Access how = Access::read;
    Moment moment;
    Time at = 0;
    std::uint32_t program = 0;
    std::uint32_t place = 0;  ///< label of the operation
  };

  explicit HappensBefore(const TraceInfo& info) : info_(&info) {}

  void observe(const Transition& t);
  /// What this record of an access says.
  [[nodiscard]] Deed deed(const Transition& access);
  /// Does `g` know of it: is it its own, or did it happen before what g does now?
  [[nodiscard]] bool knows(std::uint32_t g, const Deed& then) const;
  [[nodiscard]] bool gave_up() const { return gave_up_; }

 private:
  static constexpr std::size_t kMaxSlots = 8192;
  static constexpr std::size_t kMaxEntries = std::size_t{64} << 20;  // 256 MiB
  using Clock = std::vector<std::uint32_t>;                          // by slot: known up to this tick
  struct Goroutine {
    std::uint32_t slot = 0;
    std::uint32_t program = 0;
    bool reused = false;  ///< its slot was another's before
    Clock clock;
  };

  void create(const Transition& t);
  std::uint32_t slot_for(const Goroutine* creator, bool& reused);
  void be_born(Goroutine& g, std::uint32_t object, std::int64_t place);
  void give_up();
  void teach(Goroutine& g, std::uint32_t object, std::int64_t place, bool replace);
  void learn_from(Goroutine& g, std::uint32_t object, std::int64_t place);
  void join(Clock& to, const Clock& from);
  void account(std::size_t before, std::size_t after);
  Goroutine* find(std::uint32_t g);

  const TraceInfo* info_;
  std::unordered_map<std::uint32_t, Goroutine> live_;  // looked up, never walked
  std::map<std::pair<std::uint32_t, std::int64_t>, Clock> places_;
  std::vector<std::uint32_t> ticks_;  // by slot: where its next goroutine begins
  std::vector<std::uint32_t> asked_;  // by slot: the last moment that somebody may ask about
  std::vector<std::uint32_t> free_;
  std::size_t entries_ = 0;
  bool gave_up_ = false;
};

}  // namespace gmpsim
