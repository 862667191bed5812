#pragma once
// The OS seam: a thread lives on a core.
//
// What a simulated thread spends is CPU time, and it needs a core for it. The Go model says `spend`, `block`, `sleep`,
// `wake`; which thread has a core, and when, is the business of an OsModel behind this header, and the Go model never
// knows which one. The ideal model: a core for every thread that wants one while there are cores; beyond that first
// come, first served, with a quantum after which the longest waiting thread gets its turn.
//
// Where cores differ they have names (cores.hpp): then what a thread spends takes longer on a slow core, or far from its
// data, and no time passes in place, so that every stretch of work goes by the core that it is done on.
//
// Invariant: a thread's coroutine runs only while the thread has a core.

#include <cstdint>
#include <deque>
#include <vector>

#include "models/os/cores.hpp"
#include "sim/engine.hpp"
#include "sim/task.hpp"

namespace gmpsim {

class Os;

class Thread : public RunCursor {  // the cursor is the coroutine that is this thread's life
 public:
  Thread(Engine& engine, Os& os, gmpsim::Phase phase);
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  Duration cut_short = 0;             ///< after an interrupted burn: what was left of it
  std::uint32_t number = 0;           ///< of its M, for the trace
  std::uint16_t data_node = kNoNode;  ///< memory node of what it works on now
  Duration far = 0;  ///< time for which it worked on another node than its data, since somebody set it to 0

  /// The thread goes on (for the first time, or after `leave`) once `at` has come and it has a core.
  void start_at(Time at);
  /// Gives the core up; the coroutine suspends right after (block, sleep, system call).
  void leave();
  /// CPU time that could not be spent in place: continues at now + d (later if the core is taken away).
  void burn(Duration d);
  /// Ends the current burn early (a signal); no effect on a thread that is not burning.
  void interrupt();
  /// The machine does something else for d: whatever this thread was about to do comes so much later.
  void hold_up(Duration d);
  /// When it goes on by itself; kNever when it sleeps or waits for a core.
  [[nodiscard]] Time due() const { return engine_.armed_at(process_); }
  [[nodiscard]] bool burning() const { return burning_; }
  [[nodiscard]] bool has_core() const { return has_core_; }
  [[nodiscard]] std::uint32_t core() const { return core_; }

 private:
  friend class Os;
  static void on_event(void* self);
  Time begin_work(Duration work);
  Duration end_work();
  Engine& engine_;
  Os& os_;
  ProcessId process_;
  bool has_core_ = false;
  bool burning_ = false;
  bool queued_ = false;  ///< waits for a core
  bool signal_ = false;  ///< interrupt when the core comes back
  Duration paused_ = 0;  ///< what is left of a burn that lost its core
  Time core_since_ = 0;
  std::uint32_t core_ = kNoCore;  ///< where cores have names: the one that it has, or had last
  // The stretch of work under way.
  std::int64_t factor_ = Memory::kNear;
  Time work_since_ = 0;
  bool far_away_ = false;
};

/// Ideal cores. `cores` == 0: one for everybody who wants one.
class Os {
 public:
  Os(Engine& engine, std::uint32_t cores, Duration quantum);

  [[nodiscard]] std::uint32_t cores() const { return cores_; }

  // --- faults
  /// Cores are counted from now on, also when there are as many as anybody wants. Before the run.
  void count_cores() {
    if (cores_ == 0) cores_ = kPlenty;
  }
  /// Cores have names from now on, which needs their number. Before the run.
  void name_cores(const Memory& memory);
  /// The core does nothing from now on, or works again.
  void stall(std::uint32_t core, bool begins);
  /// Everything takes so many times as long there [ppm].
  void slow(std::uint32_t core, std::int64_t factor_ppm);
  /// All threads together get `quota` of CPU time in each period (CFS bandwidth control). quota 0: no limit any more.
  void limit(Duration quota, Duration period);
  void (*on_throttle)(void* self, bool throttled) = nullptr;           ///< the quota is used up, or there is a new one
  void (*on_core)(void* self, const Thread& t, bool moved) = nullptr;  ///< it has a core that it had not before
  void* user = nullptr;
  [[nodiscard]] const Cores& named() const { return named_; }
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

 private:
  friend class Thread;
  bool take_core(Thread& t);  // true: it has one now; false: queued
  void give_core(Thread& t);
  void grant(Thread& t);
  void has_core(Thread& t);
  void arm_quantum();
  void pause(Thread& t);
  void fit();
  void count();
  void arm_quota();
  [[nodiscard]] std::uint32_t usable() const { return throttled_ ? 0 : cores_ > stalled_ ? cores_ - stalled_ : 0; }
  static void on_quota(void* self);
  static void on_quantum(void* self);

  Engine& engine_;
  std::uint32_t cores_;
  Duration quantum_;
  std::uint32_t busy_ = 0;
  std::vector<Thread*> running_;  // in order of getting the core; only kept when cores are limited
  std::deque<Thread*> queue_;
  ProcessId quantum_process_;
  static constexpr std::uint32_t kPlenty = 1'000'000;
  Cores named_;
  std::uint32_t stalled_ = 0;
  Duration quota_ = 0;  ///< of CPU time in a period; 0: no limit
  Duration period_ = 0;
  Time period_end_ = 0;
  Duration used_ = 0;  ///< in this period, up to counted_
  Time counted_ = 0;
  bool throttled_ = false;
  ProcessId quota_process_;
};

/// `co_await Burn{d}` in a coroutine: `d` of its owner's time, which could not pass in place.
class Burn {
 public:
  explicit Burn(Duration d) : d_(d) {}
  bool await_ready() const noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> h) const {
    RunCursor& cursor = *h.promise().cursor;
    cursor.leaf = h;
    cursor.burn(cursor, d_);
  }
  void await_resume() const noexcept {}

 protected:
  Duration d_;
};

/// `co_await Spend{engine, d}` in a coroutine: takes `d` of its owner's time (a thread's CPU, a goroutine's on its thread),
/// in place where that is possible.
class Spend : public Burn {
 public:
  Spend(Engine& engine, Duration d) : Burn(d), engine_(engine) {}
  bool await_ready() const { return d_ == 0 || engine_.advance(d_); }

 private:
  Engine& engine_;
};

}  // namespace gmpsim
