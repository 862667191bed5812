#pragma once
// The machine under everything: one clock, one event set, one loop.
//
// A process is whatever the loop continues: a simulated thread, the monitor, a source of arrivals. It has at most one
// pending event. `advance` moves the clock in place while nothing else is due, which is what makes a run with one P touch
// the event set hardly ever; it never changes what happens, only what it costs to find out.
//
// Invariants: now() never decreases; only `run` calls a process; everything that takes simulated time also takes fuel,
// so no run is endless.

#include <cstdint>
#include <vector>

#include "sim/event_set.hpp"
#include "sim/time.hpp"

namespace gmpsim {

using ProcessId = std::uint32_t;

/// What ended Engine::run.
enum class EngineEnd : std::uint8_t {
  stopped,  ///< a process called stop()
  time,     ///< the time limit was reached
  fuel,     ///< the limit on events was reached
  idle      ///< no event is pending
};

class Engine {
 public:
  [[nodiscard]] Time now() const { return now_; }

  /// Moves the clock by `d` if no event is due until then. False: use `arm` and give control back to the loop.
  [[nodiscard]] bool advance(Duration d) {
    // Both are below 2^63, so that their sum fits without a sign.
    const std::uint64_t then = static_cast<std::uint64_t>(now_) + static_cast<std::uint64_t>(d);
    if (then >= static_cast<std::uint64_t>(horizon_) || fuel_ == 0) [[unlikely]]
      return false;
    now_ = static_cast<Time>(then);
    --fuel_;
    return true;
  }

  /// From now on no time passes in place: whoever wants to spend some gives control back to the loop, which then knows
  /// who it is. Costs speed, changes nothing.
  void never_in_place() {
    in_place_limit_ = 0;
    horizon_ = 0;
  }

  /// Registers a process; `resume(self)` is called for each of its events.
  ProcessId add_process(void (*resume)(void*), void* self, Phase phase) {
    processes_.push_back({resume, self, 0, false, phase, 0});
    return static_cast<ProcessId>(processes_.size() - 1);
  }

  /// The process continues at `at` (>= now); replaces what was armed before.
  void arm(ProcessId id, Time at) {
    Process& p = processes_[id];
    p.generation = (p.generation + 1) & kGenerations;
    p.armed = true;
    p.at = at;
    if (at == kNever) return;  // suspended until somebody arms it again
    set_.push({at, id, p.generation << 3 | static_cast<std::uint32_t>(p.phase)});
    if (at < horizon_) horizon_ = at;
  }
  void disarm(ProcessId id) { processes_[id].armed = false; }
  [[nodiscard]] bool armed(ProcessId id) const { return processes_[id].armed; }
  /// When the armed process will continue.
  [[nodiscard]] Time armed_at(ProcessId id) const { return processes_[id].at; }

  /// Ends the run at this instant: no more time passes in place, so whoever acts gives control back at its next step.
  void stop() {
    stopped_ = true;
    horizon_ = 0;
  }
  void limit_time(Time at) {
    time_limit_ = at;
    if (at < in_place_limit_) in_place_limit_ = at;
    if (at < horizon_) horizon_ = at;
  }
  void limit_fuel(std::uint64_t events) {
    fuel_ = events;
    fuel_given_ = events;
  }
  [[nodiscard]] std::uint64_t fuel_used() const { return fuel_given_ - fuel_; }

  /// The loop. Runs until a process stops it or a limit is reached; the clock then stands where it ended.
  EngineEnd run() {
    stopped_ = false;
    while (!stopped_) {
      if (set_.empty()) return EngineEnd::idle;
      if (set_.next_time() > time_limit_) {
        now_ = time_limit_;
        return EngineEnd::time;
      }
      const EventSet::Entry e = set_.pop();
      Process& p = processes_[e.process];
      if (!p.armed || p.generation != e.ticket >> 3) continue;  // replaced or disarmed since
      if (fuel_ == 0) return EngineEnd::fuel;
      --fuel_;
      p.armed = false;
      now_ = e.at;
      const Time next = set_.next_time();
      horizon_ = next < in_place_limit_ ? next : in_place_limit_;
      p.resume(p.self);
    }
    return EngineEnd::stopped;
  }

 private:
  static constexpr std::uint32_t kGenerations = 0x1fffffff;
  struct Process {
    void (*resume)(void*);
    void* self;
    std::uint32_t generation;
    bool armed;
    Phase phase;
    Time at;
  };

  Time now_ = 0;
  Time horizon_ = kNever;  ///< no event is due before; in-place advances stay below it
  Time time_limit_ = kNever;
  Time in_place_limit_ = kNever;  ///< the time limit, or 0: never
  std::uint64_t fuel_ = ~std::uint64_t{0};
  std::uint64_t fuel_given_ = ~std::uint64_t{0};
  bool stopped_ = false;
  EventSet set_;
  std::vector<Process> processes_;
};

}  // namespace gmpsim
