#include "analysis/metrics.hpp"

#include <algorithm>

namespace gmpsim {

Metrics::Metrics(const TraceInfo& info, MetricOptions options) : options_(std::move(options)), witness_(info) {
  for (const std::string& text : options_.watch) {
    Watched w;
    if (Selector::parse(text, w.who).empty()) watched_.push_back(std::move(w));
  }
}

void Metrics::consume(std::span<const Transition> records) {
  for (const Transition& t : records) apply(t);
}

// --- intervals

ProgramMetrics& Metrics::of_program(std::uint32_t index) {
  if (index < programs_.size()) [[likely]]
    return programs_[index];
  if (index >= info().programs.size()) return unknown_;
  programs_.resize(info().programs.size());  // the runtime adds a program of its own when it boots
  return programs_[index];
}

WaitRecord Metrics::wait_of(const LiveGoroutine& g, Duration length, Time since, Time until,
                            std::uint16_t queue) const {
  return {.length = length,
          .g = g.g,
          .program = g.program,
          .ordinal = g.ordinal,
          .queue = queue,
          .since = since,
          .until = until};
}

void Metrics::note_wait(const WaitRecord& wait) {
  ProgramMetrics& mine = of_program(wait.program);
  if (wait.length > mine.longest.length || mine.longest.g == kNoG) mine.longest = wait;
  for (Watched& w : watched_) {
    if (w.who.matches(info(), wait.g, wait.program, wait.ordinal) && wait.length > w.values.longest.length)
      w.values.longest = wait;
  }
  remember(wait);
}

/// Keeps the list of longest waits: worst first, at most one a goroutine, the earlier one on a tie.
void Metrics::remember(const WaitRecord& wait) {
  if (worst_.size() == options_.worst && (worst_.empty() || wait.length <= worst_.back().length)) return;
  const auto same = std::find_if(worst_.begin(), worst_.end(), [&](const WaitRecord& w) { return w.g == wait.g; });
  if (same != worst_.end()) {
    if (wait.length <= same->length) return;
    worst_.erase(same);
  } else if (worst_.size() == options_.worst) {
    worst_.pop_back();
  }
  const auto place =
      std::find_if(worst_.begin(), worst_.end(), [&](const WaitRecord& w) { return w.length < wait.length; });
  worst_.insert(place, wait);
}

/// A goroutine whose time on Ps is final.
void Metrics::rank(const LiveGoroutine& g) {
  if (g.cpu == 0 || options_.worst == 0) return;
  if (busiest_.size() == options_.worst) {
    if (g.cpu <= busiest_.back().cpu) return;
    busiest_.pop_back();
  }
  const auto place = std::find_if(busiest_.begin(), busiest_.end(), [&](const CpuRecord& r) { return r.cpu < g.cpu; });
  busiest_.insert(place, {g.cpu, g.g, g.program, g.ordinal});
}

void Metrics::on_started(const Facts& f) {
  const LiveGoroutine& g = witness_.slot(f.slot);
  if (f.stranded > stranded_.length) stranded_ = wait_of(g, f.stranded, f.queued_at, witness_.now(), f.queue);
  if (!measuring_) return;
  ProgramMetrics& mine = of_program(g.program);
  mine.delay.add(f.delay);
  if (f.late) mine.late.add(f.lateness);
  for (Watched& w : watched_) {
    if (!w.who.matches(info(), g.g, g.program, g.ordinal)) continue;
    w.values.delay.add(f.delay);
    if (f.late) w.values.late.add(f.lateness);
  }
  if (f.delay <= g.worst_wait) return;
  witness_.slot(f.slot).worst_wait = f.delay;
  note_wait(wait_of(g, f.delay, f.queued_at, witness_.now(), f.queue));
}

void Metrics::credit(std::uint32_t slot, Time from, Time to) {
  if (!measuring_) return;
  const Duration ran = std::max<Duration>(0, to - std::max(from, measuring_since_));
  LiveGoroutine& g = witness_.slot(slot);
  g.cpu += ran;
  of_program(g.program).cpu += ran;
  for (Watched& w : watched_) {
    if (w.who.matches(info(), g.g, g.program, g.ordinal)) w.values.cpu += ran;
  }
}

void Metrics::credit_running(Time at) {
  for (const ProcView& p : witness_.procs()) {
    if (p.state == ProcView::State::busy) credit(p.slot, witness_.slot(p.slot).since, at);
  }
}

void Metrics::on_stopped(const Facts& f, Time at) {
  credit(f.slot, f.ran_from, at);
  if (!measuring_) return;
  const LiveGoroutine& g = witness_.slot(f.slot);
  of_program(g.program).run.add(f.ran);
  for (Watched& w : watched_) {
    if (w.who.matches(info(), g.g, g.program, g.ordinal)) w.values.run.add(f.ran);
  }
}

void Metrics::on_unblocked(const Facts& f) {
  if (!measuring_) return;
  if (f.reason < by_reason_.size()) by_reason_[f.reason].add(f.blocked);
  on_waited(f.object, f.blocked, witness_.slot(f.slot).g);
}

/// Objects that nobody declared have no statistics, or a hostile trace could make millions.
void Metrics::on_waited(std::uint32_t object, Duration waited, std::uint32_t g) {
  if (object == 0 || object > info().objects.size() || object > kMaxObject) return;
  if (object > objects_.size()) objects_.resize(object);
  ObjectMetrics& o = objects_[object - 1];
  ++o.count;
  o.sum += static_cast<Area>(waited);
  if (waited > o.max || o.worst_g == kNoG) {
    o.max = waited;
    o.worst_g = g;
  }
  if (object > kObjectHistograms) return;
  if (o.waits == nullptr) o.waits = std::make_unique<Histogram>();
  o.waits->add(waited);
}

// --- what the workload reports

namespace {

template <class T>
T* at_label(std::vector<T>& all, std::uint32_t label) {
  if (label >= Metrics::kMaxLabel) return nullptr;
  if (label >= all.size()) all.resize(label + 1);
  return &all[label];
}

}  // namespace

void Metrics::on_span(const Transition& t, std::uint32_t slot) {
  SpanMetrics* const span = at_label(spans_, t.a);
  if (span == nullptr || slot == 0) return;
  LiveGoroutine& g = witness_.slot(slot);
  if (t.kind == Kind::span_begin) {
    std::uint32_t node = 0;
    if (open_free_.empty()) {
      node = static_cast<std::uint32_t>(open_.size());
      open_.emplace_back();
    } else {
      node = open_free_.back();
      open_free_.pop_back();
    }
    open_[node] = {{t.g, t.a, t.value}, g.extra};
    g.extra = node;
    ++span->open;
    return;
  }
  if (measuring_) span->length.add(t.at - t.value);
  // Spans nest, so the one that ends is the innermost of its label; what lies above it was left without an end.
  std::uint32_t node = g.extra;
  while (node != 0 && open_[node].span.label != t.a) node = open_[node].next;
  if (node == 0) return;
  while (g.extra != node) {
    SpanMetrics& left = spans_[open_[g.extra].span.label];
    --left.open;
    ++left.abandoned;
    open_free_.push_back(g.extra);
    g.extra = open_[g.extra].next;
  }
  --span->open;
  open_free_.push_back(node);
  g.extra = open_[node].next;
}

void Metrics::leave_spans(LiveGoroutine& g) {
  for (; g.extra != 0; g.extra = open_[g.extra].next) {
    SpanMetrics& left = spans_[open_[g.extra].span.label];
    --left.open;
    ++left.abandoned;
    open_free_.push_back(g.extra);
  }
}

std::vector<OpenSpan> Metrics::open_spans() const {
  std::vector<OpenSpan> spans;
  witness_.each_live([&](const LiveGoroutine& g) {
    for (std::uint32_t node = g.extra; node != 0; node = open_[node].next) spans.push_back(open_[node].span);
  });
  return spans;
}

void Metrics::on_log(const Transition& t) {
  LogMetrics* const log = at_label(logs_, t.a);
  if (log == nullptr) return;
  if (log_values_ < options_.log_limit) {
    log->values.push_back(t.value);
    ++log_values_;
  } else {
    log->complete = false;
  }
  log->width = t.p == kNoP || t.p == 0 ? 1 : t.p;
  if (t.why != 0) return;  // summaries are of the first element of a tuple
  log->min = log->count == 0 ? t.value : std::min(log->min, t.value);
  log->max = log->count == 0 ? t.value : std::max(log->max, t.value);
  log->last = t.value;
  log->sum += static_cast<double>(t.value);
  ++log->count;
}

void Metrics::on_phase(const Transition& t) {
  credit_running(t.at);
  if (measuring_) measured_ += t.at - measuring_since_;
  measuring_ = t.why == 1;
  measuring_since_ = t.at;
}

void Metrics::on_timer(const Transition& t) {
  constexpr std::uint32_t kMaxTimer = 1u << 27;  // 16 MiB of bits; timers beyond are counted, but not as pending
  if (t.kind == Kind::timer_set) ++counters_.timers_set;
  if (t.kind == Kind::timer_stop) ++counters_.timers_stopped;
  if (t.kind == Kind::timer_fire) {
    ++counters_.timers_fired;
    if (measuring_) timer_lag_.add(t.at - t.value);
  }
  if (t.a >= kMaxTimer) return;
  if (t.a >= armed_.size()) {
    if (t.kind != Kind::timer_set) return;
    armed_.resize(std::max<std::size_t>(t.a + 1, armed_.size() * 2));
  }
  const bool armed = t.kind == Kind::timer_set;
  if (armed_[t.a] != armed) timers_pending_ += armed ? 1 : -1;
  armed_[t.a] = armed;
}

// --- the stream

const Facts& Metrics::apply(const Transition& t) {
  ++counters_.records;
  const Facts& f = witness_.apply(t);
  if (f.started) on_started(f);
  if (f.stopped) on_stopped(f, t.at);
  if (f.unblocked) on_unblocked(f);
  const auto proc = [&](std::uint32_t p) -> ProcMetrics& {
    const std::uint32_t index = std::min<std::uint32_t>(p, Witness::kMaxProc);
    if (index >= procs_.size()) procs_.resize(index + 1);
    return procs_[index];
  };
  switch (t.kind) {
    case Kind::g_running:
      // Back from a system call on its own P is no switch.
      if (static_cast<From>(t.why) != From::syscall) ++counters_.switches;
      break;
    case Kind::g_syscall: ++counters_.syscalls; break;
    case Kind::g_end:
      if (f.slot == 0) break;
      ++of_program(witness_.slot(f.slot).program).ended;
      leave_spans(witness_.slot(f.slot));
      rank(witness_.slot(f.slot));
      break;
    case Kind::steal:
      ++counters_.steals;
      ++proc(t.p).steals;
      if (t.value <= 0) break;
      counters_.stolen += static_cast<std::uint64_t>(t.value);
      proc(t.p).stolen += static_cast<std::uint64_t>(t.value);
      proc(t.a).robbed += static_cast<std::uint64_t>(t.value);
      break;
    case Kind::steal_miss:
      ++counters_.steal_misses;
      ++proc(t.p).misses;
      break;
    case Kind::overflow: ++counters_.overflows; break;
    case Kind::global_get: ++counters_.global_gets; break;
    case Kind::preempt_request: ++counters_.preempt_requests; break;
    case Kind::preempted: ++(t.why == 1 ? counters_.preempted_async : counters_.preempted_cooperative); break;
    case Kind::retake: ++counters_.retakes; break;
    case Kind::m_poll: ++counters_.poll_waits; break;
    case Kind::throttle: counters_.throttles += t.why; break;
    case Kind::p_running: {
      ProcMetrics& p = proc(t.p);
      if (p.last_m != kNoM) {
        ++counters_.threads_taken;
        counters_.threads_changed += p.last_m != t.m ? 1 : 0;
      }
      p.last_m = t.m;
      break;
    }
    case Kind::thread_waits:
      if (t.why == 0 && measuring_) on_waited(t.a, std::max<Duration>(t.value, 0), t.g);
      break;
    case Kind::core: counters_.migrations += t.why; break;
    case Kind::remote: counters_.remote = later(counters_.remote, std::max<std::int64_t>(t.value, 0)); break;
    case Kind::poll:
      if (t.why != 2) ++counters_.poll_looks;
      counters_.poll_ready += static_cast<std::uint64_t>(t.value);
      break;
    case Kind::handoff: ++counters_.handoffs; break;
    case Kind::wakeup: ++counters_.wakeups; break;
    case Kind::timer_set:
    case Kind::timer_fire:
    case Kind::timer_stop: on_timer(t); break;
    case Kind::stw_stopped:
      if (measuring_) stop_.add(t.value);
      break;
    case Kind::stw_end:
      if (measuring_) pause_.add(t.value);
      break;
    case Kind::gc_end:
      if (measuring_) collection_.add(t.value);
      break;
    case Kind::heap:
      heap_live_ = t.value;
      heap_stacks_ = std::int64_t{1024} * t.a;
      break;
    case Kind::deadlock: ++counters_.deadlocks; break;
    case Kind::panic: ++counters_.panics; break;
    case Kind::assert_fail: ++counters_.assert_failures; break;
    case Kind::span_begin:
    case Kind::span_end: on_span(t, f.slot); break;
    case Kind::log: on_log(t); break;
    case Kind::phase: on_phase(t); break;
    case Kind::mark:
      if (MarkMetrics* const mark = at_label(marks_, t.a)) {
        ++mark->total;
        mark->count += measuring_ ? 1 : 0;
        mark->last = t.at;
      }
      break;
    default: break;
  }
  return f;
}

void Metrics::finish(Time at) {
  if (finished_) return;
  finished_ = true;
  witness_.settle(at);
  credit_running(witness_.now());
  if (measuring_) measured_ += witness_.now() - measuring_since_;
  measuring_since_ = witness_.now();
  witness_.each_live([&](const LiveGoroutine& g) { rank(g); });
  // Waits that are not over: oldest first, so that the list of the worst is complete.
  const Time now = witness_.now();
  for (const LiveGoroutine* g = witness_.oldest_runnable(); g != nullptr; g = witness_.after(*g)) {
    WaitRecord wait = wait_of(*g, now - g->since, g->since, now, g->p);
    wait.open = true;
    if (measuring_) note_wait(wait);
    wait.length = witness_.idle_clock(now) - g->idle_mark;
    if (wait.length > stranded_.length) stranded_ = wait;
  }
}

// --- reading

template <class Visit>
void Metrics::each_of(const Selector& who, Visit visit) const {
  if (who.single()) {
    for (const Watched& w : watched_) {
      if (w.who.text() == who.text()) {
        visit(w.values);
        return;
      }
    }
    return;
  }
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    if (who.matches_program(info(), static_cast<std::uint32_t>(i))) visit(programs_[i]);
  }
  if (who.by() == Selector::By::everyone) visit(unknown_);
}

Histogram Metrics::merged(const Selector& who, Histogram ProgramMetrics::* part) const {
  Histogram all;
  each_of(who, [&](const ProgramMetrics& p) { all.merge(p.*part); });
  return all;
}

Duration Metrics::cpu(const Selector& who) const {
  Duration sum = 0;
  each_of(who, [&](const ProgramMetrics& p) { sum += p.cpu; });
  return sum;
}

WaitRecord Metrics::longest_wait(const Selector& who) const {
  WaitRecord longest;
  each_of(who, [&](const ProgramMetrics& p) {
    if (p.longest.g != kNoG && (longest.g == kNoG || p.longest.length > longest.length)) longest = p.longest;
  });
  return longest;
}

std::vector<std::string> Metrics::classes() const {
  std::vector<std::string> names;
  for (const TraceInfo::Program& p : info().programs) {
    if (!p.klass.empty() && std::find(names.begin(), names.end(), p.klass) == names.end()) names.push_back(p.klass);
  }
  return names;
}

Duration Metrics::measured() const {
  return measured_ + (measuring_ && !finished_ ? witness_.now() - measuring_since_ : 0);
}

double Metrics::proc_share(ProcView::State state) const {
  Area part = 0;
  Area all = 0;
  for (std::size_t s = 0; s < static_cast<std::size_t>(ProcView::State::kCount); ++s) {
    const Area area = witness_.state_count(static_cast<ProcView::State>(s)).area();
    if (static_cast<ProcView::State>(s) != ProcView::State::gone) all += area;
    if (static_cast<ProcView::State>(s) == state) part = area;
  }
  return all == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace gmpsim
