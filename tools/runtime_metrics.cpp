#include "tools/runtime_metrics.hpp"

#include <fmt/format.h>
#include <bit>

#include "analysis/table.hpp"
#include "tools/judged_run.hpp"

namespace gmpsim {

std::size_t TimeHistogram::bucket_of(Duration d) {
  const auto v = static_cast<std::uint64_t>(d < 0 ? 0 : d);
  const int bits = std::bit_width(v);
  if (bits < 9) return static_cast<std::size_t>(v >> 6);
  const std::size_t bucket = static_cast<std::size_t>(bits - 9 + 1);
  if (bucket >= 40) return kBuckets - 1;
  return bucket * 4 + static_cast<std::size_t>(v >> (bits - 3) & 3);
}

Duration TimeHistogram::bound(std::size_t i) {
  const std::size_t bucket = i / 4, sub = i % 4;
  if (bucket == 0) return static_cast<Duration>(sub) << 6;
  return static_cast<Duration>(4 + sub) << (bucket + 5);
}

void TimeHistogram::add(Duration d) {
  ++counts_[bucket_of(d)];
  ++count_;
}

void RuntimeMetrics::consume(std::span<const Transition> records) {
  for (const Transition& t : records) {
    const bool gc = static_cast<StopReason>(t.why) != StopReason::other;
    if (t.kind == Kind::stw_stopped) (gc ? stopping_gc_ : stopping_other_).add(t.value);
    if (t.kind == Kind::stw_end) (gc ? total_gc_ : total_other_).add(t.value);
    if (t.g == kNoG || t.g >= Witness::kMaxGoroutine) continue;
    if (t.kind == Kind::g_create) ++created_;
    if (t.kind != Kind::g_runnable && t.kind != Kind::g_running && t.kind != Kind::g_waiting) continue;
    if (seen_.size() <= t.g) seen_.resize(t.g + 1);
    Seen& s = seen_[t.g];
    if (t.kind == Kind::g_waiting) {
      const auto why = static_cast<WaitReason>(t.why);
      if (why == WaitReason::mutex_lock || why == WaitReason::rwmutex_lock || why == WaitReason::rwmutex_rlock)
        s.mutex_since = t.at;
    } else if (t.kind == Kind::g_runnable) {
      if (s.mutex_since >= 0) mutex_wait_ += t.at - s.mutex_since;
      s.mutex_since = -1;
      s.runnable_since = t.at;
    } else {
      if (s.runnable_since >= 0) latencies_.add(t.at - s.runnable_since);
      s.runnable_since = -1;
    }
  }
}

std::string RuntimeMetrics::text(JudgedRun& run) const {
  World& world = run.world();
  const int version = preset_minor_version(world.settings().preset);
  std::uint64_t live = 0, running = 0, runnable = 0, waiting = 0, outside = 0;
  for (const G* g = world.first_goroutine(); g != nullptr; g = g->allnext) {
    if (g->system || g->status == GStatus::dead) continue;
    ++live;
    running += g->status == GStatus::running ? 1 : 0;
    runnable += g->status == GStatus::runnable ? 1 : 0;
    waiting += g->status == GStatus::waiting ? 1 : 0;
    outside += g->status == GStatus::syscall ? 1 : 0;
  }
  std::string out;
  const auto number = [&](int since, const char* name, std::uint64_t value) {
    if (version >= since) out += fmt::format("{} {}\n", name, value);
  };
  const auto histogram = [&](int since, const char* name, const TimeHistogram& h) {
    if (version < since) return;
    out += fmt::format("{} {}\n", name, h.count());
    for (std::size_t i = 0; i < TimeHistogram::kBuckets; ++i)
      if (h.at(i) > 0)
        out += fmt::format(
            "  [{}, {})  {}\n", exact_time(static_cast<double>(TimeHistogram::bound(i))),
            i + 1 < TimeHistogram::kBuckets ? exact_time(static_cast<double>(TimeHistogram::bound(i + 1))) : "inf",
            h.at(i));
  };
  number(19, "/sched/gomaxprocs:threads", world.procs());
  number(26, "/sched/goroutines-created:goroutines", created_);
  number(26, "/sched/goroutines/not-in-go:goroutines", outside);
  number(26, "/sched/goroutines/runnable:goroutines", runnable);
  number(26, "/sched/goroutines/running:goroutines", running);
  number(26, "/sched/goroutines/waiting:goroutines", waiting);
  number(16, "/sched/goroutines:goroutines", live);
  histogram(17, "/sched/latencies:seconds", latencies_);
  histogram(22, "/sched/pauses/stopping/gc:seconds", stopping_gc_);
  histogram(22, "/sched/pauses/stopping/other:seconds", stopping_other_);
  histogram(22, "/sched/pauses/total/gc:seconds", total_gc_);
  histogram(22, "/sched/pauses/total/other:seconds", total_other_);
  number(26, "/sched/threads/total:threads", world.threads());
  if (version >= 20)
    out += fmt::format("/sync/mutex/wait/total:seconds {}.{:09}\n", mutex_wait_ / seconds(1), mutex_wait_ % seconds(1));
  return out.empty() ? std::string("this version of Go has no runtime/metrics\n") : out;
}

}  // namespace gmpsim
