#pragma once
// Metrics: what a run was like, computed from the stream of transitions while it flows, in bounded memory.
//
// Each record goes to the witness, which says what it meant (a wait for a P ended, a stretch on a P ended, …); the
// families below only add up. Histograms are kept per program; classes and totals are exact merges of those, so that
// the inner loop adds to one histogram a wait.
//
// What counts: once a `phase` record has been seen, spans, delays, waits, marks and CPU time count in measured phases
// only; an interval belongs to the phase in which it ends. Lengths of queues, states of Ps and counters of the
// scheduler cover the whole run. A goroutine that still waits when the run ends is no sample (its wait is not over),
// but it does count for `.max` and for the list of longest waits: starvation must not hide by never ending.
//
// Invariants: memory grows with programs, labels, declared objects, Ps and live goroutines, never with time; the result
// depends on the records alone, not on how they are cut into buffers.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/histogram.hpp"
#include "analysis/selector.hpp"
#include "analysis/witness.hpp"
#include "sim/recorder.hpp"

namespace gmpsim {

/// The unit in which a metric is told.
enum class MetricUnit : std::uint8_t { count, time, share, per_second, number };

/// A parsed metric name, ready to be evaluated often: "span[x].p99", "span.x.p99", "delay[class:latency].max".
struct MetricRef {
  enum class Family : std::uint8_t { span, delay, late, wait, run, mark, log, cpu, queue, stw, gc, scalar };
  enum class Stat : std::uint8_t { value, count, sum, mean, min, max, quantile, rate, per_s, last, time, share };
  Family family = Family::scalar;
  Stat stat = Stat::value;
  std::uint16_t scalar = 0;  ///< which of the plain names
  std::uint32_t num = 0;     ///< quantile num / den
  std::uint32_t den = 1;
  MetricUnit unit = MetricUnit::count;
  std::uint64_t kinds = 0;  ///< bit k: a record of Kind k can change the value
  std::string key;          ///< between the brackets
  Selector who;             ///< for delay, late, run, cpu
  std::string text;         ///< as written
};

/// Reads a metric name. On failure `error` says why, at `offset`, with the nearest valid spelling in `suggestion`.
struct MetricParse {
  std::optional<MetricRef> ref;
  std::size_t offset = 0;
  std::string error;
  std::string suggestion;
};
[[nodiscard]] MetricParse parse_metric(std::string_view text);
/// Is `name` the first word of metric names ("span", "sched")?
[[nodiscard]] bool is_metric_family(std::string_view name);

/// One line of `gmpsim list metrics`.
struct MetricDoc {
  std::string name;  ///< "delay[who].<stat>"
  std::string doc;
};
[[nodiscard]] const std::vector<MetricDoc>& list_metrics();

struct MetricOptions {
  std::size_t worst = 10;           ///< length of the lists of longest waits and of busiest goroutines
  std::size_t log_limit = 100'000;  ///< logged values kept in all; beyond that only the summary is right
  std::vector<std::string> watch;   ///< single goroutines that get histograms of their own ("goroutine:worker#2")
};

/// A wait for a P, or a stretch of one.
struct WaitRecord {
  Duration length = 0;
  std::uint32_t g = kNoG;
  std::uint32_t program = kNoProgram;
  std::uint32_t ordinal = 0;
  std::uint16_t queue = kNoP;
  Time since = 0;
  Time until = 0;
  bool open = false;  ///< it still waited when the run ended
};

/// Time on Ps of one goroutine, over measured phases.
struct CpuRecord {
  Duration cpu = 0;
  std::uint32_t g = kNoG;
  std::uint32_t program = kNoProgram;
  std::uint32_t ordinal = 0;
};

struct Counters {
  std::uint64_t switches = 0, wakeups = 0, preempt_requests = 0, preempted_async = 0, preempted_cooperative = 0;
  std::uint64_t steals = 0, stolen = 0, steal_misses = 0, overflows = 0, global_gets = 0, handoffs = 0, retakes = 0;
  std::uint64_t poll_looks = 0, poll_waits = 0, poll_ready = 0, throttles = 0;
  std::uint64_t migrations = 0;
  std::uint64_t threads_taken = 0, threads_changed = 0;  ///< by Ps: again after the first time, and another than before
  Duration remote = 0;                                   ///< work on another memory node than its data
  std::uint64_t timers_set = 0, timers_fired = 0, timers_stopped = 0, deadlocks = 0, panics = 0, assert_failures = 0;
  std::uint64_t syscalls = 0, records = 0;
  [[nodiscard]] std::uint64_t preemptions() const { return preempted_async + preempted_cooperative; }
  [[nodiscard]] std::uint64_t steal_attempts() const { return steals + steal_misses; }
};

struct ProgramMetrics {
  Histogram delay, late, run;
  Duration cpu = 0;
  std::uint64_t ended = 0;
  WaitRecord longest;
};

struct ProcMetrics {
  std::uint64_t steals = 0, stolen = 0, robbed = 0, misses = 0;  ///< goroutines taken, and lost to others
  std::uint32_t last_m = kNoM;
};

struct ObjectMetrics {
  std::uint64_t count = 0;
  Area sum = 0;
  Duration max = 0;
  std::uint32_t worst_g = kNoG;
  std::unique_ptr<Histogram> waits;  ///< for the first kObjectHistograms objects only
};

struct MarkMetrics {
  std::uint64_t count = 0;  ///< in measured phases
  std::uint64_t total = 0;
  Time last = 0;
};

struct LogMetrics {
  std::uint64_t count = 0;  ///< tuples
  std::int64_t last = 0, min = 0, max = 0;
  double sum = 0;
  std::vector<std::int64_t> values;  ///< all elements in order, while the limit lasts
  std::uint32_t width = 1;           ///< elements of a tuple
  bool complete = true;
};

struct SpanMetrics {
  Histogram length;
  std::uint64_t open = 0;       ///< begun, neither ended nor left
  std::uint64_t abandoned = 0;  ///< left by a panic or the end of the goroutine
};

/// A span that has begun and not ended, or a wait still open, at the end.
struct OpenSpan {
  std::uint32_t g = kNoG;
  std::uint32_t label = 0;
  Time since = 0;
};

class Metrics final : public Sink {
 public:
  static constexpr std::size_t kObjectHistograms = 1024;
  static constexpr std::uint32_t kMaxLabel = 1u << 16;
  static constexpr std::uint32_t kMaxObject = 1u << 24;

  /// `info` must outlive this; its labels and objects may grow during the run.
  explicit Metrics(const TraceInfo& info, MetricOptions options = {});

  void consume(std::span<const Transition> records) override;
  /// One record; the returned facts hold until the next.
  const Facts& apply(const Transition& t);
  /// The run ended at `at`. Call once, before reading.
  void finish(Time at);

  /// The value now; none when nothing has been measured or the name means nothing here.
  [[nodiscard]] std::optional<double> value_of(const MetricRef& ref) const;
  [[nodiscard]] std::optional<double> value_of(std::string_view name) const;

  // --- for reports
  [[nodiscard]] const TraceInfo& info() const { return witness_.info(); }
  [[nodiscard]] const Witness& witness() const { return witness_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  /// Of program `index` (of TraceInfo), or of the goroutines of no known program.
  [[nodiscard]] const ProgramMetrics& program(std::uint32_t index) const {
    return index < programs_.size() ? programs_[index] : unknown_;
  }
  [[nodiscard]] const std::vector<ProcMetrics>& procs() const { return procs_; }
  [[nodiscard]] const std::vector<ObjectMetrics>& objects() const { return objects_; }
  [[nodiscard]] const std::array<Histogram, static_cast<std::size_t>(WaitReason::kCount)>& waits_by_reason() const {
    return by_reason_;
  }
  [[nodiscard]] const std::vector<MarkMetrics>& marks() const { return marks_; }
  [[nodiscard]] const std::vector<LogMetrics>& logs() const { return logs_; }
  [[nodiscard]] const std::vector<SpanMetrics>& spans() const { return spans_; }
  [[nodiscard]] std::vector<OpenSpan> open_spans() const;
  /// The longest waits for a P, worst first, at most one a goroutine.
  [[nodiscard]] const std::vector<WaitRecord>& longest_waits() const { return worst_; }
  /// The goroutines that had most time on Ps, the busiest first; complete after `finish`.
  [[nodiscard]] const std::vector<CpuRecord>& busiest() const { return busiest_; }
  /// The longest time that a goroutine waited for a P while some P was idle.
  [[nodiscard]] const WaitRecord& most_stranded() const { return stranded_; }
  /// Of stops of the world: request to all Ps standing still, and request to the start.
  [[nodiscard]] const Histogram& time_to_stop() const { return stop_; }
  [[nodiscard]] const Histogram& pauses() const { return pause_; }
  /// From the first stop of a collection to the end of its marking.
  [[nodiscard]] const Histogram& collections() const { return collection_; }
  [[nodiscard]] std::int64_t heap_live() const { return heap_live_; }
  [[nodiscard]] std::int64_t heap_stacks() const { return heap_stacks_; }
  [[nodiscard]] const Histogram& timer_lag() const { return timer_lag_; }
  [[nodiscard]] std::uint64_t timers_pending() const { return timers_pending_; }

  /// Exact merges over the goroutines meant.
  [[nodiscard]] Histogram delay(const Selector& who) const { return merged(who, &ProgramMetrics::delay); }
  [[nodiscard]] Histogram late(const Selector& who) const { return merged(who, &ProgramMetrics::late); }
  [[nodiscard]] Histogram run(const Selector& who) const { return merged(who, &ProgramMetrics::run); }
  [[nodiscard]] Duration cpu(const Selector& who) const;
  /// The longest wait for a P of those meant, also one that was not over when the run ended.
  [[nodiscard]] WaitRecord longest_wait(const Selector& who) const;
  /// Classes in order of their first program; without the empty one.
  [[nodiscard]] std::vector<std::string> classes() const;

  [[nodiscard]] Time end() const { return witness_.now(); }
  [[nodiscard]] Duration measured() const;  ///< simulated time in measured phases
  /// Share of all time of all Ps spent in a state.
  [[nodiscard]] double proc_share(ProcView::State state) const;

 private:
  struct Watched {
    Selector who;
    ProgramMetrics values;
  };

  /// Calls `visit` for every part of the run that the selector covers.
  template <class Visit>
  void each_of(const Selector& who, Visit visit) const;
  [[nodiscard]] Histogram merged(const Selector& who, Histogram ProgramMetrics::* part) const;
  ProgramMetrics& of_program(std::uint32_t index);
  void on_started(const Facts& f);
  void on_stopped(const Facts& f, Time at);
  void on_unblocked(const Facts& f);
  void on_waited(std::uint32_t object, Duration waited, std::uint32_t g);
  void on_span(const Transition& t, std::uint32_t slot);
  void on_log(const Transition& t);
  void on_phase(const Transition& t);
  void on_timer(const Transition& t);
  void leave_spans(LiveGoroutine& g);
  void credit(std::uint32_t slot, Time from, Time to);
  void credit_running(Time at);
  [[nodiscard]] WaitRecord wait_of(const LiveGoroutine& g, Duration length, Time since, Time until,
                                   std::uint16_t queue) const;
  void note_wait(const WaitRecord& wait);
  void remember(const WaitRecord& wait);
  void rank(const LiveGoroutine& g);
  [[nodiscard]] std::optional<double> value_of_mark(const MetricRef& ref) const;
  [[nodiscard]] std::optional<double> value_of_log(const MetricRef& ref) const;
  [[nodiscard]] std::optional<double> value_of_queue(const MetricRef& ref) const;
  [[nodiscard]] const Histogram* wait_histogram(std::string_view key) const;

  MetricOptions options_;
  Witness witness_;
  Counters counters_;
  std::vector<ProgramMetrics> programs_;
  ProgramMetrics unknown_;  // goroutines of no known program
  std::vector<Watched> watched_;
  std::vector<ProcMetrics> procs_;
  std::vector<ObjectMetrics> objects_;
  std::array<Histogram, static_cast<std::size_t>(WaitReason::kCount)> by_reason_;
  std::vector<MarkMetrics> marks_;
  std::vector<LogMetrics> logs_;
  std::vector<SpanMetrics> spans_;
  Histogram timer_lag_, stop_, pause_, collection_;
  std::int64_t heap_live_ = 0;
  std::int64_t heap_stacks_ = 0;
  std::vector<WaitRecord> worst_;
  std::vector<CpuRecord> busiest_;
  WaitRecord stranded_;

  struct OpenSpanNode {
    OpenSpan span;
    std::uint32_t next = 0;
  };
  std::vector<OpenSpanNode> open_{1};  // [0] is nobody; LiveGoroutine::extra heads the list of a goroutine
  std::vector<std::uint32_t> open_free_;

  std::vector<bool> armed_;  // timers by number
  std::uint64_t timers_pending_ = 0;
  std::size_t log_values_ = 0;

  bool measuring_ = true;
  Time measuring_since_ = 0;
  Duration measured_ = 0;
  bool finished_ = false;
};

}  // namespace gmpsim
