#include "models/go/pacer.hpp"

#include <algorithm>

#include "models/go/scaled.hpp"

namespace gmpsim {

namespace {

__extension__ typedef __int128 Wide;
constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kHeapMinimum = 4 * kMiB;      // defaultHeapMinimum, for GOGC=100
constexpr std::int64_t kBackgroundPpm = 250'000;     // gcBackgroundUtilization
constexpr std::int64_t kGoalPpmBefore118 = 300'000;  // gcGoalUtilization, until 1.17
constexpr std::int64_t kMost = std::int64_t{1} << 60;

}  // namespace

std::int64_t scaled(std::int64_t v, std::int64_t by, std::int64_t of) {
  const Wide wide = static_cast<Wide>(v) * by / of;
  return wide > kMost ? kMost : wide < -kMost ? -kMost : static_cast<std::int64_t>(wide);
}

void Pacer::begin(const HeapOptions& options, Rule rule) {
  options_ = options;
  rule_ = rule;
  commit(options.initial_live, 0, 0);
}

void Pacer::commit(std::int64_t marked, std::int64_t stacks, std::int64_t other) {
  marked_ = marked;
  goal_ = kNoBytes;
  if (options_.gogc >= 0) {
    const std::int64_t grow = rule_ <= Rule::ratio ? marked : marked + stacks;  // since 1.18 stacks count
    goal_ = std::max(marked + scaled(grow, options_.gogc, 100), scaled(kHeapMinimum, options_.gogc, 100));
  }
  if (options_.memory_limit != kNoBytes) {
    std::int64_t limit = options_.memory_limit - other;
    // Headroom: 1 MiB, since 1.21 at least 3 % (memoryLimitHeapGoal of 1.19 and 1.21; 1.20 not looked at).
    const std::int64_t share = rule_ == Rule::maximum ? scaled(std::max<std::int64_t>(limit, 0), 3, 100) : 0;
    limit -= std::max(share, kMiB);
    goal_ = std::min(goal_, std::max(limit, marked));
  }
  if (goal_ == kNoBytes || rule_ == Rule::at_goal) {
    trigger_ = goal_;
  } else if (rule_ == Rule::ratio) {
    trigger_ = std::min(goal_, std::max(marked + scaled(marked, ratio_ppm_, 1'000'000), scaled(goal_, 6, 10)));
  } else {
    const std::int64_t room = goal_ - marked;
    const Wide expected = std::max<std::int64_t>(cons_mark_, 0);
    const std::int64_t runway = static_cast<std::int64_t>(
        std::min<Wide>(kMost, (expected * 3 * last_scan_) >> kPoint));  // (1 - 25 %) / 25 % = 3
    const std::int64_t low = marked + scaled(room, 45, 64);
    const std::int64_t high = std::max(marked + scaled(room, 61, 64), goal_ - 4 * kMiB);
    trigger_ = std::min(goal_, std::max(low, std::min(high, goal_ - runway)));
  }
  if (options_.trigger > 0) {
    trigger_ = options_.trigger >= kMost - marked ? kMost : marked + options_.trigger;
    goal_ = trigger_;
  }
}

// goal = P / 4 workers; rounding to whole ones may be off by 30 %, beyond that the rest is done in fractions.
Pacer::Workers Pacer::workers(std::int64_t procs, bool by_time) {
  Workers w;
  const std::int64_t goal_ppm = procs * kBackgroundPpm;  // of one P
  w.dedicated = (goal_ppm + 500'000) / 1'000'000;
  const std::int64_t off = w.dedicated * 1'000'000 - goal_ppm;
  if ((off < 0 ? -off : off) * 10 > goal_ppm * 3) {
    if (off > 0) --w.dedicated;
    w.fractional_ppm = (goal_ppm - w.dedicated * 1'000'000) / procs;
  }
  w.idle = by_time ? (w.dedicated == 0 ? 1 : 0) : procs - w.dedicated;
  return w;
}

void Pacer::start_cycle(std::int64_t live, std::int64_t scannable) {
  triggered_ = live;
  scannable_ = scannable;
  // A cycle that was forced begins below the trigger, one beyond the goal gets some room.
  if (goal_ == kNoBytes) goal_ = live + std::max(live / 10, 64 * std::int64_t{1024});
  goal_ = std::max(goal_, live + 64 * 1024);
  revise(live, 0);
}

void Pacer::revise(std::int64_t live, std::int64_t scanned) {
  std::int64_t goal = goal_;
  std::int64_t expected = last_scan_ > 0 ? std::min(last_scan_, scannable_) : scannable_;
  if (scanned > expected) {  // more than the last cycle: assume the worst, and let the heap grow in proportion
    const std::int64_t hard = options_.gogc > 0 ? goal + scaled(goal, options_.gogc, 100) : goal;
    const std::int64_t extended =
        triggered_ + scaled(goal - triggered_, scannable_, std::max<std::int64_t>(expected, 1));
    goal = std::max(goal, std::min(extended, hard));
    expected = scannable_;
  }
  if (live > goal) {
    goal = live + live / 10;
    expected = scannable_;
  }
  work_remaining_ = std::max<std::int64_t>(1000, expected - scanned);
  heap_remaining_ = std::max<std::int64_t>(1, goal - live);
}

std::int64_t Pacer::work_for(std::int64_t bytes) const { return scaled(bytes, work_remaining_, heap_remaining_) + 1; }
std::int64_t Pacer::bytes_for(std::int64_t work) const { return scaled(work, heap_remaining_, work_remaining_) + 1; }

void Pacer::end_cycle(std::int64_t live, std::int64_t scanned, std::int64_t procs, Duration length, Duration assists,
                      Duration idle) {
  const std::int64_t all = std::max<std::int64_t>(1, length) * procs;
  const std::int64_t assist_ppm = std::min<std::int64_t>(scaled(assists, 1'000'000, all), 740'000);
  const std::int64_t idle_ppm = scaled(idle, 1'000'000, all);
  const std::int64_t used_ppm = kBackgroundPpm + assist_ppm;
  if (rule_ == Rule::at_goal) {
    // nothing is learnt
  } else if (rule_ == Rule::ratio) {
    if (marked_ > 0 && options_.gogc > 0) {
      const std::int64_t goal_growth = options_.gogc * 10'000;  // ppm
      const std::int64_t actual = scaled(live - marked_, 1'000'000, marked_);
      const std::int64_t error = goal_growth - ratio_ppm_ - scaled(actual - ratio_ppm_, used_ppm, kGoalPpmBefore118);
      ratio_ppm_ += error / 2;  // triggerGain
      ratio_ppm_ = std::clamp(ratio_ppm_, goal_growth * 6 / 10, goal_growth * 95 / 100);
    }
  } else if (rule_ == Rule::controller && live <= triggered_) {
    // too short a cycle to learn from
  } else {
    const std::int64_t grown = std::max<std::int64_t>(0, live - triggered_);
    const Wide top = (static_cast<Wide>(grown) << kPoint) * (used_ppm + idle_ppm);
    const Wide bottom = static_cast<Wide>(std::max<std::int64_t>(1, scanned)) * (1'000'000 - used_ppm);
    recent_[4] = recent_[3];
    recent_[3] = recent_[2];
    recent_[2] = recent_[1];
    recent_[1] = recent_[0];
    recent_[0] = static_cast<std::int64_t>(std::min<Wide>(top / bottom, kMost));
    switch (rule_) {
      case Rule::controller: follow(recent_[0]); break;
      case Rule::mean: cons_mark_ = recent_[0] / 2 + recent_[1] / 2; break;
      default: cons_mark_ = *std::max_element(recent_.begin(), recent_.end());
    }
  }
  last_scan_ = scanned;
}

// piController.next of 1.18 and 1.19, once a cycle: kp 0.9, ti 4, tt 1000, output within +-1000.
void Pacer::follow(std::int64_t wanted) {
  constexpr std::int64_t kBound = std::int64_t{1000} << kPoint;
  const std::int64_t error = std::clamp(wanted, -kBound, kBound) - cons_mark_;
  const std::int64_t raw = scaled(error, 9, 10) + integral_;
  const std::int64_t output = std::clamp(raw, -kBound, kBound);
  integral_ += scaled(error, 9, 40) + (output - raw) / 1000;
  cons_mark_ = output;
}

// A bucket of one CPU second for each P: collection fills it, the program drains it.
void Pacer::limiter(Time at, std::int64_t procs, Duration assists, bool marking) {
  const Duration window = (at - limiter_at_) * procs;
  limiter_at_ = at;
  const Duration gc =
      (marking ? scaled(window, kBackgroundPpm, 1'000'000) : 0) + std::max<Duration>(0, assists - assists_seen_);
  assists_seen_ = assists;
  const Duration capacity = seconds(1) * procs;
  bucket_ = std::clamp<Duration>(bucket_ + gc - std::max<Duration>(0, window - gc), 0, capacity);
  if (bucket_ == capacity) limiting_ = true;
  if (bucket_ < capacity / 10 * 9) limiting_ = false;
}

}  // namespace gmpsim
