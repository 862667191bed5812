#pragma once
// The pacer: when a collection begins, who works on it, and what allocation has to pay meanwhile.
//
// Pure arithmetic on integers, so that it can be tested without a world (mgcpacer.go; the redesign of 1.18 with the
// formulas of 1.27, and the trigger ratio of 1.5 to 1.17). Ratios are binary fixed point, shares parts per million;
// products go through 128 bits. Simplifications: programs have no globals, and before 1.18 the assist ratio is that of
// 1.18.
//
// Invariants: marked <= trigger <= goal; with GOGC off and no memory limit there is no trigger.

#include <array>
#include <cstdint>
#include <limits>

#include "sim/time.hpp"

namespace gmpsim {

inline constexpr std::int64_t kNoBytes = std::numeric_limits<std::int64_t>::max();  ///< no limit, never

/// What a scenario says of its heap.
struct HeapOptions {
  std::int64_t gogc = 100;               ///< GOGC [%]; -1: off
  std::int64_t memory_limit = kNoBytes;  ///< GOMEMLIMIT [bytes]
  std::int64_t initial_live = 0;         ///< reachable for ever [bytes]
  std::int64_t trigger = 0;              ///< a cycle after so many bytes instead of the pacer's; 0: the pacer's
  std::int64_t largest_object = 0;       ///< one object of this size is in the heap [bytes]
  std::int64_t full_spans = 0;           ///< spans without a free slot that a sweep meets, each cycle
};

class Pacer {
 public:
  enum class Rule : std::uint8_t {
    at_goal,     ///< until 1.4: the heap has grown by GOGC percent
    ratio,       ///< 1.5 to 1.17: a trigger ratio, corrected by half its error
    controller,  ///< 1.18 and 1.19: a proportional and integral controller follows consMark
    mean,        ///< 1.20: consMark is the mean of the last two
    maximum      ///< since 1.21: consMark is the maximum of the last five
  };
  struct Workers {
    std::int64_t dedicated = 0;
    std::int64_t fractional_ppm = 0;  ///< share of each P
    std::int64_t idle = 0;            ///< at most
  };

  void begin(const HeapOptions& options, Rule rule);
  /// gcControllerCommit: what survived the last cycle; `other` is memory that counts against the limit (stacks).
  void commit(std::int64_t marked, std::int64_t stacks, std::int64_t other);
  /// gcController.startCycle: worker counts for 25 % of the Ps.
  [[nodiscard]] static Workers workers(std::int64_t procs, bool by_time);
  /// A cycle begins at `live` bytes; `scannable` is all there is to scan.
  void start_cycle(std::int64_t live, std::int64_t scannable);
  /// gcController.revise: how much an allocating goroutine has to scan.
  void revise(std::int64_t live, std::int64_t scanned);
  /// gcController.endCycle: learns from the cycle. Times in ns; `length` of the mark phase.
  void end_cycle(std::int64_t live, std::int64_t scanned, std::int64_t procs, Duration length, Duration assists,
                 Duration idle);
  /// gcCPULimiter: true while collection has taken too much time and assists are off.
  void limiter(Time at, std::int64_t procs, Duration assists, bool marking);

  [[nodiscard]] std::int64_t goal() const { return goal_; }
  [[nodiscard]] std::int64_t trigger() const { return trigger_; }
  [[nodiscard]] bool limiting() const { return limiting_; }
  [[nodiscard]] std::int64_t work_for(std::int64_t bytes) const;  ///< that allocating `bytes` has to do
  [[nodiscard]] std::int64_t bytes_for(std::int64_t work) const;  ///< that `work` pays for

 private:
  void follow(std::int64_t wanted);
  static constexpr int kPoint = 20;  ///< bits behind the point
  HeapOptions options_;
  Rule rule_ = Rule::maximum;
  std::int64_t marked_ = 0;
  std::int64_t goal_ = kNoBytes;
  std::int64_t trigger_ = kNoBytes;
  std::int64_t last_scan_ = 0;  ///< heap and stacks scanned by the last cycle
  std::int64_t triggered_ = 0;  ///< heapLive when the cycle began
  std::int64_t scannable_ = 0;
  std::int64_t cons_mark_ = 0;  ///< bytes allocated for each byte scanned in the same CPU time, fixed point
  std::array<std::int64_t, 5> recent_{};
  std::int64_t integral_ = 0;         ///< of the error, of 1.18 and 1.19; fixed point
  std::int64_t ratio_ppm_ = 875'000;  ///< of 1.5 to 1.17
  std::int64_t work_remaining_ = 1;
  std::int64_t heap_remaining_ = 1;
  // --- limiter
  Time limiter_at_ = 0;
  Duration assists_seen_ = 0;
  Duration bucket_ = 0;
  bool limiting_ = false;
};

}  // namespace gmpsim
