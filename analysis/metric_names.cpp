// The names of metrics: what may be asked, how it is spelled, and what it is worth.
//
// One table for each kind of name. The reader of conditions, `list metrics` and the evaluation all go through them, so
// that a metric is added in one place. A value is absent when nothing was measured: a threshold over it is undecided.

#include <algorithm>
#include <array>

#include "analysis/metrics.hpp"

namespace gmpsim {
namespace {

using Family = MetricRef::Family;
using Stat = MetricRef::Stat;

constexpr std::uint64_t kEvery = ~std::uint64_t{0};

// --- families: name[key].stat

struct FamilyRow {
  const char* name;
  Family family;
  const char* key;    // what stands between the brackets
  const char* stats;  // allowed, separated by blanks; "p" stands for p50, p99.9, …
  std::uint64_t kinds;
  const char* doc;
};

constexpr const char* kHistogramStats = "count sum mean min max p";
constexpr std::uint64_t kStops = bit(Kind::g_runnable) | bit(Kind::g_waiting) | bit(Kind::g_syscall) |
                                 bit(Kind::g_end) | bit(Kind::phase);

constexpr std::array kFamilies{
    FamilyRow{"span", Family::span, "label", kHistogramStats, bit(Kind::span_end),
              "time between the ends of a span"},
    FamilyRow{"delay", Family::delay, "who", kHistogramStats, bit(Kind::g_running),
              "scheduling latency: runnable to running"},
    FamilyRow{"late", Family::late, "who", kHistogramStats, bit(Kind::g_running),
              "timer due to its goroutine running"},
    FamilyRow{"wait", Family::wait, "object or reason", kHistogramStats,
              bit(Kind::g_runnable) | bit(Kind::g_running), "blocked to runnable"},
    FamilyRow{"run", Family::run, "who", kHistogramStats, kStops, "length of the stretches on a P"},
    FamilyRow{"mark", Family::mark, "label", "count rate per_s", bit(Kind::mark),
              "marks: number, per arrival, per second"},
    FamilyRow{"log", Family::log, "label", "count last sum mean min max", bit(Kind::log),
              "logged values, first element of a tuple"},
    FamilyRow{"cpu", Family::cpu, "who", "time share", kStops, "time on Ps, and share of what all goroutines used"},
    FamilyRow{"queue", Family::queue, "global or P0, P1, …", "last mean max",
              bit(Kind::g_runnable) | bit(Kind::g_running),
              "length of run queues, over time; without brackets all together"},
    FamilyRow{"stw", Family::stw, "stop or total", kHistogramStats,
              bit(Kind::stw_stopped) | bit(Kind::stw_end),
              "stops of the world: request to all Ps standing still, and to the start"},
    FamilyRow{"gc", Family::gc, "cycle", kHistogramStats, bit(Kind::gc_end),
              "collections: from the first stop of the world to the end of marking"},
};

struct StatRow {
  const char* name;
  Stat stat;
};
constexpr std::array kStats{StatRow{"count", Stat::count}, StatRow{"sum", Stat::sum},   StatRow{"mean", Stat::mean},
                            StatRow{"min", Stat::min},     StatRow{"max", Stat::max},   StatRow{"rate", Stat::rate},
                            StatRow{"per_s", Stat::per_s}, StatRow{"last", Stat::last}, StatRow{"time", Stat::time},
                            StatRow{"share", Stat::share}};

// --- plain names

struct ScalarRow {
  const char* name;
  MetricUnit unit;
  std::uint64_t kinds;
  double (*value)(const Metrics&);
  const char* doc;
};

double number(std::uint64_t v) { return static_cast<double>(v); }

template <std::uint64_t Counters::* field>
double counter(const Metrics& m) {
  return number(m.counters().*field);
}
template <ProcView::State state>
double procs_in(const Metrics& m) {
  return static_cast<double>(m.witness().state_count(state).value());
}
template <ProcView::State state>
double share_in(const Metrics& m) {
  return m.proc_share(state);
}

constexpr std::uint64_t kProcKinds = bit(Kind::g_running) | kStops | bit(Kind::p_idle) |
                                     bit(Kind::p_running) | bit(Kind::p_stop) | bit(Kind::retake) |
                                     bit(Kind::handoff);

constexpr std::array kScalars{
    ScalarRow{"sched.switches", MetricUnit::count, bit(Kind::g_running), counter<&Counters::switches>,
              "times that a goroutine was put on a P"},
    ScalarRow{"sched.steals", MetricUnit::count, bit(Kind::steal), counter<&Counters::steals>,
              "successful steals"},
    ScalarRow{"sched.stolen", MetricUnit::count, bit(Kind::steal), counter<&Counters::stolen>,
              "goroutines moved by steals"},
    ScalarRow{"sched.steal_misses", MetricUnit::count, bit(Kind::steal_miss), counter<&Counters::steal_misses>,
              "searches through all victims that found nothing"},
    ScalarRow{"sched.steal_attempts", MetricUnit::count, bit(Kind::steal) | bit(Kind::steal_miss),
              [](const Metrics& m) { return number(m.counters().steal_attempts()); }, "steals and misses"},
    ScalarRow{"sched.preemptions", MetricUnit::count, bit(Kind::preempted),
              [](const Metrics& m) { return number(m.counters().preemptions()); }, "goroutines stopped on request"},
    ScalarRow{"sched.preemptions_async", MetricUnit::count, bit(Kind::preempted),
              counter<&Counters::preempted_async>, "of these by a signal"},
    ScalarRow{"sched.preemptions_cooperative", MetricUnit::count, bit(Kind::preempted),
              counter<&Counters::preempted_cooperative>, "of these at a safe point"},
    ScalarRow{"sched.preempt_requests", MetricUnit::count, bit(Kind::preempt_request),
              counter<&Counters::preempt_requests>, "requests by the monitor"},
    ScalarRow{"sched.handoffs", MetricUnit::count, bit(Kind::handoff), counter<&Counters::handoffs>,
              "Ps handed off by a blocking thread"},
    ScalarRow{"sched.retakes", MetricUnit::count, bit(Kind::retake), counter<&Counters::retakes>,
              "Ps taken from threads in system calls"},
    ScalarRow{"sched.poll_looks", MetricUnit::count, bit(Kind::poll), counter<&Counters::poll_looks>,
              "looks at the network that did not wait"},
    ScalarRow{"sched.poll_waits", MetricUnit::count, bit(Kind::m_poll), counter<&Counters::poll_waits>,
              "waits of a thread in the poller"},
    ScalarRow{"sched.poll_ready", MetricUnit::count, bit(Kind::poll), counter<&Counters::poll_ready>,
              "goroutines that looks and waits found ready"},
    ScalarRow{"sched.other_thread", MetricUnit::share, bit(Kind::p_running),
              [](const Metrics& m) {
                const Counters& c = m.counters();
                return c.threads_taken == 0 ? 0.0 : number(c.threads_changed) / number(c.threads_taken);
              },
              "of the times that a P got a thread again, share of those when it was not the one before"},
    ScalarRow{"cpu.throttled", MetricUnit::count, bit(Kind::throttle), counter<&Counters::throttles>,
              "times that a CPU quota was used up"},
    ScalarRow{"cpu.migrations", MetricUnit::count, bit(Kind::core), counter<&Counters::migrations>,
              "times that a thread got another core than it had before, where cores differ"},
    ScalarRow{"cpu.remote", MetricUnit::time, bit(Kind::remote),
              [](const Metrics& m) { return static_cast<double>(m.counters().remote); },
              "time of work on another memory node than its data"},
    ScalarRow{"sched.wakeups", MetricUnit::count, bit(Kind::wakeup), counter<&Counters::wakeups>,
              "threads started or woken for a P"},
    ScalarRow{"sched.overflows", MetricUnit::count, bit(Kind::overflow), counter<&Counters::overflows>,
              "full local queues that spilled into the global one"},
    ScalarRow{"sched.global_gets", MetricUnit::count, bit(Kind::global_get), counter<&Counters::global_gets>,
              "takes from the global queue"},
    ScalarRow{"sched.syscalls", MetricUnit::count, bit(Kind::g_syscall), counter<&Counters::syscalls>,
              "blocking system calls"},
    ScalarRow{"sched.idle_while_runnable", MetricUnit::time, kEvery,
              [](const Metrics& m) { return static_cast<double>(m.witness().idle_while_runnable()); },
              "time with an idle P and a runnable goroutine"},
    ScalarRow{"sched.stranded_max", MetricUnit::time, bit(Kind::g_running),
              [](const Metrics& m) { return static_cast<double>(m.most_stranded().length); },
              "longest that one goroutine waited while a P was idle"},
    ScalarRow{"runtime.fatal", MetricUnit::count, bit(Kind::panic) | bit(Kind::deadlock),
              [](const Metrics& m) { return number(m.counters().panics + m.counters().deadlocks); },
              "uncaught panics, fatal errors, deadlocks"},
    ScalarRow{"runtime.asserts", MetricUnit::count, bit(Kind::assert_fail), counter<&Counters::assert_failures>,
              "assertions found false"},
    ScalarRow{"goroutines.live", MetricUnit::count, bit(Kind::g_create) | bit(Kind::g_end),
              [](const Metrics& m) { return number(m.witness().live()); }, "goroutines alive now"},
    ScalarRow{"goroutines.max", MetricUnit::count, bit(Kind::g_create),
              [](const Metrics& m) { return number(m.witness().live_max()); }, "most alive at once"},
    ScalarRow{"goroutines.created", MetricUnit::count, bit(Kind::g_create),
              [](const Metrics& m) { return number(m.witness().created()); }, "goroutines created"},
    ScalarRow{"goroutines.runnable", MetricUnit::count, kEvery,
              [](const Metrics& m) { return static_cast<double>(m.witness().runnable().value()); },
              "goroutines runnable now"},
    ScalarRow{"procs.total", MetricUnit::count, kProcKinds,
              [](const Metrics& m) { return number(m.witness().procs().size()); }, "Ps"},
    ScalarRow{"procs.idle", MetricUnit::count, kProcKinds, procs_in<ProcView::State::idle>, "Ps idle now"},
    ScalarRow{"procs.busy", MetricUnit::count, kProcKinds, procs_in<ProcView::State::busy>,
              "Ps running a goroutine now"},
    ScalarRow{"procs.idle_share", MetricUnit::share, kEvery, share_in<ProcView::State::idle>,
              "share of P time spent idle"},
    ScalarRow{"procs.busy_share", MetricUnit::share, kEvery, share_in<ProcView::State::busy>,
              "share of P time spent running goroutines"},
    ScalarRow{"procs.runtime_share", MetricUnit::share, kEvery, share_in<ProcView::State::overhead>,
              "share of P time spent in the scheduler"},
    ScalarRow{"procs.syscall_share", MetricUnit::share, kEvery, share_in<ProcView::State::syscall>,
              "share of P time held by system calls"},
    ScalarRow{"threads.total", MetricUnit::count, bit(Kind::m_create) | bit(Kind::m_exit),
              [](const Metrics& m) { return static_cast<double>(m.witness().threads().value()); }, "threads alive now"},
    ScalarRow{"threads.max", MetricUnit::count, bit(Kind::m_create),
              [](const Metrics& m) { return static_cast<double>(m.witness().threads().max()); },
              "most threads at once"},
    ScalarRow{"threads.created", MetricUnit::count, bit(Kind::m_create),
              [](const Metrics& m) { return number(m.witness().threads_created()); }, "threads created"},
    ScalarRow{"timers.pending", MetricUnit::count,
              bit(Kind::timer_set) | bit(Kind::timer_fire) | bit(Kind::timer_stop),
              [](const Metrics& m) { return number(m.timers_pending()); }, "timers armed now"},
    ScalarRow{"timers.fired", MetricUnit::count, bit(Kind::timer_fire), counter<&Counters::timers_fired>,
              "timers that fired"},
    ScalarRow{"heap.live", MetricUnit::count, bit(Kind::heap),
              [](const Metrics& m) { return static_cast<double>(m.heap_live()); },
              "bytes that survived the last collection, and allocated since"},
    ScalarRow{"heap.stacks", MetricUnit::count, bit(Kind::heap),
              [](const Metrics& m) { return static_cast<double>(m.heap_stacks()); }, "bytes of goroutine stacks"},
    ScalarRow{"time.total", MetricUnit::time, kEvery, [](const Metrics& m) { return static_cast<double>(m.end()); },
              "simulated time"},
    ScalarRow{"time.measured", MetricUnit::time, kEvery,
              [](const Metrics& m) { return static_cast<double>(m.measured()); }, "simulated time in measured phases"},
};

// --- reading names

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

std::string_view word_at(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(from, end - from);
}

bool allows(const char* stats, std::string_view stat) {
  std::string_view rest = stats;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (word == stat) return true;
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  return false;
}

std::string listed(const char* stats) {
  std::string out;
  std::string_view rest = stats;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    out += (out.empty() ? "" : ", ") + (word == "p" ? std::string("p50, p99.9, …") : std::string(word));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  return out;
}

/// "99.9" after the p: 999 / 1000. At most three digits before the point and six behind it, at most 100.
bool read_quantile(std::string_view digits, MetricRef& ref) {
  std::uint32_t num = 0;
  std::uint32_t den = 100;
  std::size_t whole = 0;
  std::size_t fraction = 0;
  bool point = false;
  for (const char c : digits) {
    if (c == '.' && !point && whole > 0) {
      point = true;
    } else if (c >= '0' && c <= '9' && (point ? ++fraction <= 6 : ++whole <= 3)) {
      num = num * 10 + static_cast<std::uint32_t>(c - '0');
      if (point) den *= 10;
    } else {
      return false;
    }
  }
  if (whole == 0 || (point && fraction == 0) || num > den) return false;
  ref.stat = Stat::quantile;
  ref.num = num;
  ref.den = den;
  return true;
}

std::vector<std::string> first_words() {
  std::vector<std::string> names;
  for (const FamilyRow& f : kFamilies) names.emplace_back(f.name);
  for (const ScalarRow& s : kScalars)
    names.emplace_back(std::string_view(s.name).substr(0, std::string_view(s.name).find('.')));
  return names;
}

MetricParse wrong(std::size_t offset, std::string error, std::string suggestion = {}) {
  return {std::nullopt, offset, std::move(error), std::move(suggestion)};
}

MetricParse parse_scalar(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kScalars.size(); ++i) {
    names.emplace_back(kScalars[i].name);
    if (text != kScalars[i].name) continue;
    MetricRef ref;
    ref.scalar = static_cast<std::uint16_t>(i);
    ref.unit = kScalars[i].unit;
    ref.kinds = kScalars[i].kinds | bit(Kind::phase);
    ref.text = std::string(text);
    return {ref, 0, {}, {}};
  }
  return wrong(0, "there is no metric \"" + std::string(text) + "\"", closest_name(text, names));
}

MetricUnit unit_of(Family family, Stat stat) {
  if (stat == Stat::count) return MetricUnit::count;
  if (stat == Stat::share) return MetricUnit::share;
  if (stat == Stat::per_s) return MetricUnit::per_second;
  if (family == Family::log || family == Family::mark || family == Family::queue) return MetricUnit::number;
  return MetricUnit::time;
}

}  // namespace

bool is_metric_family(std::string_view name) {
  const std::vector<std::string> names = first_words();
  return std::find(names.begin(), names.end(), name) != names.end();
}

MetricParse parse_metric(std::string_view text) {
  // A counter may begin with the name of a family: cpu.throttled.
  if (std::any_of(kScalars.begin(), kScalars.end(), [&](const ScalarRow& s) { return text == s.name; }))
    return parse_scalar(text);
  const std::string_view first = word_at(text, 0);
  const auto row =
      std::find_if(kFamilies.begin(), kFamilies.end(), [&](const FamilyRow& f) { return first == f.name; });
  if (row == kFamilies.end()) {
    if (is_metric_family(first)) return parse_scalar(text);
    return wrong(0, "there is no metric \"" + std::string(first.empty() ? text.substr(0, 20) : first) + "\"",
                 closest_name(first, first_words()));
  }
  MetricRef ref;
  ref.family = row->family;
  ref.kinds = row->kinds | bit(Kind::phase);
  ref.text = std::string(text);

  // The key: in brackets (which may nest, as in wait[locks[3]]) or a plain word after a dot.
  std::size_t at = first.size();
  std::size_t key_at = at + 1;
  const std::string shape = std::string(row->name) + "[" + row->key + "].<stat>";
  if (at < text.size() && text[at] == '[') {
    int depth = 1;
    for (++at; at < text.size() && depth > 0; ++at) depth += text[at] == '[' ? 1 : text[at] == ']' ? -1 : 0;
    if (depth > 0) return wrong(key_at - 1, "this bracket is not closed");
    ref.key = std::string(text.substr(key_at, at - 1 - key_at));
    if (ref.key.empty()) return wrong(key_at, "nothing stands between the brackets: " + shape);
  } else if (at < text.size() && text[at] == '.' && row->family != Family::queue) {
    const std::string_view key = word_at(text, at + 1);
    if (key.empty()) return wrong(at + 1, "a name is missing: " + shape);
    ref.key = std::string(key);
    at += 1 + key.size();
  } else if (row->family != Family::queue) {
    return wrong(at, "a name is missing: " + shape);
  }

  if (at >= text.size() || text[at] != '.')
    return wrong(
        at, "say what of it: " + listed(row->stats),
        ref.text.substr(0, at) + "." +
            (allows(row->stats, "p") ? "p99"
                                     : std::string(row->stats).substr(0, std::string_view(row->stats).find(' '))));
  const std::string_view stat = text.substr(at + 1);
  const auto known = std::find_if(kStats.begin(), kStats.end(), [&](const StatRow& s) { return stat == s.name; });
  if (known != kStats.end() && allows(row->stats, stat)) {
    ref.stat = known->stat;
  } else if (!(stat.starts_with("p") && allows(row->stats, "p") && read_quantile(stat.substr(1), ref))) {
    std::vector<std::string> names;
    for (const StatRow& s : kStats) {
      if (allows(row->stats, s.name)) names.emplace_back(s.name);
    }
    const std::string near = closest_name(stat, names);
    return wrong(at + 1,
                 "\"" + std::string(stat) + "\" is nothing that " + row->name + " has; it has " + listed(row->stats),
                 near.empty() ? "" : ref.text.substr(0, at + 1) + near);
  }
  ref.unit = unit_of(ref.family, ref.stat);
  if (ref.stat == Stat::per_s || ref.stat == Stat::rate || ref.stat == Stat::mean) {
    if (ref.family == Family::mark || ref.family == Family::queue) ref.kinds = kEvery;  // it also changes with time
  }
  if (row->family == Family::delay || row->family == Family::late || row->family == Family::run ||
      row->family == Family::cpu) {
    if (const std::string error = Selector::parse(ref.key, ref.who); !error.empty()) {
      // `delay.worker.p99` is most likely meant as a program.
      return wrong(key_at, error,
                   ref.key.find(':') == std::string::npos
                       ? std::string(row->name) + "[program:" + ref.key + "]." + std::string(stat)
                       : "");
    }
  }
  if (row->family == Family::queue && !ref.key.empty() && ref.key != "global") {
    const bool is_p = ref.key.size() > 1 && ref.key.size() <= 6 && ref.key[0] == 'P' &&
                      ref.key.find_first_not_of("0123456789", 1) == std::string::npos;
    if (!is_p) return wrong(key_at, "\"" + ref.key + "\" is no run queue: queue[global] or queue[P0]");
  }
  if (row->family == Family::gc && ref.key != "cycle")
    return wrong(key_at, "\"" + ref.key + "\" is nothing of a collection: gc.cycle", "gc.cycle." + std::string(stat));
  if (row->family == Family::stw && ref.key != "stop" && ref.key != "total")
    return wrong(key_at, "\"" + ref.key + "\" is nothing of a stop of the world: stw.stop or stw.total",
                 "stw.stop." + std::string(stat));
  return {ref, 0, {}, {}};
}

const std::vector<MetricDoc>& list_metrics() {
  static const std::vector<MetricDoc> docs = [] {
    std::vector<MetricDoc> all;
    for (const FamilyRow& f : kFamilies)
      all.push_back(
          {std::string(f.name) + "[" + f.key + "].<stat>", std::string(f.doc) + "; stat: " + listed(f.stats)});
    for (const ScalarRow& s : kScalars) all.push_back({s.name, s.doc});
    return all;
  }();
  return docs;
}

// --- values

namespace {

template <class T>
const T* labelled(const TraceInfo& info, const std::vector<T>& all, const std::string& name) {
  const std::size_t known = std::min(all.size(), info.labels.size());
  for (std::size_t i = 0; i < known; ++i) {
    if (info.labels[i] == name) return &all[i];
  }
  return nullptr;
}

std::optional<double> stat_of(const Histogram* h, const MetricRef& ref) {
  const bool empty = h == nullptr || h->count() == 0;
  switch (ref.stat) {
    case Stat::count: return empty ? 0.0 : static_cast<double>(h->count());
    case Stat::sum: return empty ? 0.0 : h->sum();
    case Stat::mean: return empty ? std::optional<double>{} : h->mean();
    case Stat::min: return empty ? std::optional<double>{} : static_cast<double>(h->min());
    case Stat::max: return empty ? std::optional<double>{} : static_cast<double>(h->max());
    case Stat::quantile: return empty ? std::optional<double>{} : static_cast<double>(h->quantile(ref.num, ref.den));
    default: return std::nullopt;
  }
}

}  // namespace

const Histogram* Metrics::wait_histogram(std::string_view key) const {
  const std::size_t known = std::min({objects_.size(), info().objects.size(), kObjectHistograms});
  for (std::size_t i = 0; i < known; ++i) {
    if (info().objects[i].name == key) return objects_[i].waits.get();
  }
  for (std::size_t r = 0; r < by_reason_.size(); ++r) {
    if (key == name_of(static_cast<WaitReason>(r)) || key == wait_reason_text(info(), static_cast<std::uint8_t>(r)))
      return &by_reason_[r];
  }
  return nullptr;
}

std::optional<double> Metrics::value_of_mark(const MetricRef& ref) const {
  const MarkMetrics* const mark = labelled(info(), marks_, ref.key);
  const double count = mark == nullptr ? 0.0 : number(mark->count);
  if (ref.stat == Stat::count) return count;
  if (ref.stat == Stat::per_s)
    return measured() == 0 ? std::optional<double>{} : count * 1e9 / static_cast<double>(measured());
  // Per arrival; what is there from the start has not arrived.
  const std::uint64_t arrivals = witness_.arrived();
  return arrivals == 0 ? std::optional<double>{} : count / number(arrivals);
}

std::optional<double> Metrics::value_of_log(const MetricRef& ref) const {
  const LogMetrics* const log = labelled(info(), logs_, ref.key);
  const bool empty = log == nullptr || log->count == 0;
  if (ref.stat == Stat::count) return empty ? 0.0 : number(log->count);
  if (ref.stat == Stat::sum) return empty ? 0.0 : log->sum;
  if (empty) return std::nullopt;
  if (ref.stat == Stat::last) return static_cast<double>(log->last);
  if (ref.stat == Stat::min) return static_cast<double>(log->min);
  if (ref.stat == Stat::max) return static_cast<double>(log->max);
  return log->sum / number(log->count);
}

std::optional<double> Metrics::value_of_queue(const MetricRef& ref) const {
  const Gauge* gauge = &witness_.runnable();
  if (ref.key == "global") {
    gauge = &witness_.global_queue();
  } else if (!ref.key.empty()) {
    std::size_t p = 0;
    for (std::size_t i = 1; i < ref.key.size(); ++i) p = p * 10 + static_cast<std::size_t>(ref.key[i] - '0');
    if (p >= witness_.procs().size()) return std::nullopt;
    gauge = &witness_.procs()[p].queue;
  }
  if (ref.stat == Stat::max) return static_cast<double>(gauge->max());
  return ref.stat == Stat::mean ? gauge->mean() : static_cast<double>(gauge->value());
}

std::optional<double> Metrics::value_of(const MetricRef& ref) const {
  switch (ref.family) {
    case Family::span: {
      const SpanMetrics* const span = labelled(info(), spans_, ref.key);
      return stat_of(span == nullptr ? nullptr : &span->length, ref);
    }
    case Family::delay: {
      if (ref.stat == Stat::max) {  // open waits count
        const WaitRecord longest = longest_wait(ref.who);
        return longest.g == kNoG ? std::optional<double>{} : static_cast<double>(longest.length);
      }
      const Histogram all = delay(ref.who);
      return stat_of(&all, ref);
    }
    case Family::late: {
      const Histogram all = late(ref.who);
      return stat_of(&all, ref);
    }
    case Family::run: {
      const Histogram all = run(ref.who);
      return stat_of(&all, ref);
    }
    case Family::wait: return stat_of(wait_histogram(ref.key), ref);
    case Family::mark: return value_of_mark(ref);
    case Family::log: return value_of_log(ref);
    case Family::cpu: {
      const double mine = static_cast<double>(cpu(ref.who));
      if (ref.stat == Stat::time) return mine;
      const Duration all = cpu(Selector{});
      return all == 0 ? std::optional<double>{} : mine / static_cast<double>(all);
    }
    case Family::queue: return value_of_queue(ref);
    case Family::gc: return stat_of(&collection_, ref);
    case Family::stw: return stat_of(ref.key == "stop" ? &stop_ : &pause_, ref);
    case Family::scalar: return kScalars[ref.scalar].value(*this);
  }
  return std::nullopt;
}

std::optional<double> Metrics::value_of(std::string_view name) const {
  const MetricParse parsed = parse_metric(name);
  return parsed.ref ? value_of(*parsed.ref) : std::nullopt;
}

}  // namespace gmpsim
