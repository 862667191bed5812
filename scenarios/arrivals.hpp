#pragma once
// Goroutines that come from outside during the run: open streams (poisson, every, stages, burst, replay), whose arrivals
// depend on nothing that happens inside, and closed loops of users, who come back when their goroutine has ended.
//
// A stream has one event pending at most: its next arrival (closed: the next user who has thought enough). Gaps are drawn
// at a site of the stream, the how-manyeth arrival being the count (of a user: the how-manyeth visit), so that the same
// seed brings the same arrivals whatever policy serves them. A goroutine is born when it was to arrive: what it measures "since arrival" counts from
// there.
//
// Stages are a Poisson stream whose rate changes: an exponential of mean 1 is drawn for each arrival and the rate is
// integrated until it is used up (inversion). Rates are per ns in Q60, what has been used up is in arrivals, Q60 too, in
// 128 bits; a ramp is solved by halving. Rejected: thinning (its number of draws depends on the rates, so that a changed
// stage would disturb all later ones).
// Invariant: while anything is to come from a stream, the world expects something from outside, so no deadlock is told.

#include <cstdint>
#include <deque>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scenarios/program.hpp"
#include "sim/engine.hpp"

namespace gmpsim {

class Interpreter;
class World;

class Arrivals {
 public:
  /// What an arrival of a stream with stages uses up in the mean.
  static constexpr std::int64_t kMean = std::int64_t{1} << 40;

  Arrivals(Interpreter& in, World& world) : in_(in), world_(world) {}
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  /// Begins all streams. Before the run.
  void begin();
  /// Goroutine `g` has ended; a user may have waited for it.
  void ended(std::uint32_t g) {
    if (!waited_for_.empty()) user_is_served(g);
  }
  /// Does a user wait for goroutine `g` to end, to come again?
  [[nodiscard]] bool user_waits_for(std::uint32_t g) const { return waited_for_.count(g) > 0; }
  /// Is anything to come, at all or of one program?
  [[nodiscard]] bool more() const;
  [[nodiscard]] bool more(std::uint32_t program) const;

 private:
  struct Stream {
    Arrivals* all = nullptr;
    const CompiledArrival* what = nullptr;
    ProcessId process = 0;
    std::int64_t count = 0;  ///< arrivals so far
    Time next = 0;           ///< intended time of the next
    bool over = true;        ///< nothing is pending
    std::size_t stage = 0;   ///< stages: in which
    Time stage_began = 0;
    std::size_t position = 0;                                              ///< replay: in the file
    using Visit = std::pair<Time, std::uint32_t>;                          // when which user comes
    std::priority_queue<Visit, std::vector<Visit>, std::greater<>> users;  ///< closed
    std::vector<std::uint64_t> visits;                                     ///< closed: by user
  };
  struct Guest {
    Stream* stream = nullptr;
    std::uint32_t user = 0;
  };

  static void on_arrival(void* stream);
  void arrive(Stream& s);
  /// Settles when the next comes, or that none does.
  void plan(Stream& s);
  void pending(Stream& s, Time at);
  void end(Stream& s);
  [[nodiscard]] bool next_time(Stream& s, Time& at);
  [[nodiscard]] bool stage_time(Stream& s, Time& at);
  void user_is_served(std::uint32_t g);
  [[nodiscard]] Duration draw(const Stream& s, std::uint64_t entity, std::uint64_t count) const;

  Interpreter& in_;
  World& world_;
  std::deque<Stream> streams_;
  std::unordered_map<std::uint32_t, Guest> waited_for_;  // by goroutine; never walked
};

}  // namespace gmpsim
