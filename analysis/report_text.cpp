#include "analysis/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gmpsim {
namespace {

using Align = Table::Align;

std::vector<std::string> latency_row(std::string name, const Histogram& h, Duration max, const RunReport& report,
                                     const TextStyle& style) {
  std::vector<std::string> cells{std::move(name), grouped(static_cast<std::int64_t>(h.count()), style)};
  for (const std::int64_t p : report.percentiles)
    cells.push_back(short_time(static_cast<double>(percentile_of(h, p))));
  cells.push_back(short_time(static_cast<double>(max)));
  return cells;
}

/// Spans, then scheduling latency by class (by program where there are no classes).
std::string latencies(const RunReport& report, const TextStyle& style) {
  constexpr std::size_t kRows = 12;  // beyond that --format json
  const Metrics& m = *report.metrics;
  const TraceInfo& info = m.info();
  std::vector<std::string> heading{"", "n"};
  std::vector<Align> align{Align::left, Align::right};
  for (const std::int64_t p : report.percentiles) {
    heading.push_back(percentile_name(p));
    align.push_back(Align::right);
  }
  heading.push_back("max");
  align.push_back(Align::right);

  Table table(heading, align);
  std::size_t rows = 0;
  bool titled = false;
  for (std::size_t label = 0; label < m.spans().size() && rows < kRows; ++label) {
    const SpanMetrics& span = m.spans()[label];
    if (span.length.count() == 0 && span.open == 0) continue;
    const std::string of = label_name(info, static_cast<std::uint32_t>(label));
    if (!report.spans.empty() && std::find(report.spans.begin(), report.spans.end(), of) == report.spans.end()) continue;
    if (!titled) table.section("spans");
    titled = true;
    std::string name = "  " + printable(of);
    if (span.open > 0) name += fmt::format(" ({} open)", span.open);
    table.row(latency_row(std::move(name), span.length, span.length.max(), report, style));
    ++rows;
  }

  std::vector<std::string> whom;
  for (const std::string& klass : m.classes()) whom.push_back("class:" + klass);
  if (whom.empty()) {
    for (const TraceInfo::Program& p : info.programs) whom.push_back("program:" + p.name);
  }
  std::size_t groups = 0;
  std::uint64_t counted = 0;
  table.section("runnable -> running");
  for (const std::string& who : whom) {
    if (rows == kRows) break;
    Selector selector;
    Selector::parse(who, selector);
    const Histogram delay = m.delay(selector);
    const WaitRecord longest = m.longest_wait(selector);
    if (delay.count() == 0 && longest.g == kNoG) continue;
    ++groups;
    counted += delay.count();
    table.row(latency_row("  " + printable(who), delay, longest.length, report, style));
    ++rows;
  }
  const Histogram all = m.delay(Selector{});
  if (groups != 1 || counted != all.count()) {
    table.row(latency_row("  all", all, m.longest_wait(Selector{}).length, report, style));
  }
  return table.render();
}

std::string processors(const Metrics& m, const TextStyle& style) {
  const Witness& w = m.witness();
  const auto share = [&](ProcView::State s) { return percent(m.proc_share(s)); };
  std::string text =
      fmt::format("  P busy      {}   {:>6}    runtime {}   idle {}",
                  sparkline(w.state_count(ProcView::State::busy).strip(), static_cast<double>(w.procs().size()), style),
                  share(ProcView::State::busy), share(ProcView::State::overhead), share(ProcView::State::idle));
  if (m.counters().syscalls > 0) text += "   in system calls " + share(ProcView::State::syscall);
  text += fmt::format("\n  run queues  {}   mean {}   max {}", sparkline(w.runnable().strip(), 0, style),
                      plain_number(std::round(w.runnable().mean() * 10.0) / 10.0), w.runnable().max());
  if (w.runnable().max() > 0) text += " at " + instant(w.runnable().max_at());
  return text + "\n";
}

std::string decisions(const Metrics& m, const TextStyle& style) {
  const Counters& c = m.counters();
  const auto n = [&](std::uint64_t v) { return grouped(static_cast<std::int64_t>(v), style); };
  std::string line = "  steals " + n(c.steal_attempts());
  if (c.steal_attempts() > 0)
    line += fmt::format(" ({:.0f}% found work)",
                        100.0 * static_cast<double>(c.steals) / static_cast<double>(c.steal_attempts()));
  line += "   preemptions " + n(c.preemptions());
  line += "   hand-offs " + n(c.handoffs);
  if (c.retakes > 0) line += "   retakes " + n(c.retakes);
  line += "   threads " + n(static_cast<std::uint64_t>(m.witness().threads().max()));
  line += "   switches " + n(c.switches);
  line += "\n";
  if (const Duration idle = m.witness().idle_while_runnable(); idle > 0 && m.end() > 0) {
    const WaitRecord& worst = m.most_stranded();
    line +=
        fmt::format("  P idle while work waits {}", percent(static_cast<double>(idle) / static_cast<double>(m.end())));
    if (worst.length > 0)
      line += fmt::format("   longest {} {} in the {} at {}", short_time(static_cast<double>(worst.length)),
                          printable(goroutine_name(m.info(), worst.g, worst.program)), queue_name(worst.queue),
                          instant(worst.since));
    line += "\n";
  }
  return line;
}

std::string workload(const Metrics& m, const TextStyle& style) {
  constexpr std::size_t kShown = 8;
  std::string line;
  std::size_t shown = 0;
  for (std::size_t label = 0; label < m.marks().size(); ++label) {
    const MarkMetrics& mark = m.marks()[label];
    if (mark.total == 0 || shown++ >= kShown) continue;
    line += fmt::format("{}{} {}", line.empty() ? "" : "   ",
                        printable(label_name(m.info(), static_cast<std::uint32_t>(label))),
                        grouped(static_cast<std::int64_t>(mark.count), style));
    if (m.measured() > 0)
      line += fmt::format(" ({}/s)", plain_number(std::round(static_cast<double>(mark.count) * 1e9 /
                                                             static_cast<double>(m.measured()))));
  }
  return line.empty() ? "" : "  marks  " + line + "\n";
}

std::string ending(const RunReport& report, const TextStyle& style) {
  const EndOfRun& end = report.end;
  switch (end.how) {
    case EndOfRun::How::done:
    case EndOfRun::How::time: return {};
    case EndOfRun::How::limit:
      return "  " + painted("stopped by a limit", Paint::warn, style) + ": " + printable(end.message) + "\n";
    default: {
      std::string text = "  " + painted(name_of(end.how), Paint::bad, style) +
                         (end.message.empty() ? "" : ": " + printable(end.message)) + "\n";
      // A check that failed over it names the blocked goroutines itself.
      const auto names_them = [](const Verdict& v) {
        return v.failed() && (v.kind == "deadlock" || v.kind == "leak") && !v.culprits.empty();
      };
      if (std::any_of(report.verdicts.begin(), report.verdicts.end(), names_them)) return text;
      constexpr std::size_t kShown = 10;
      for (std::size_t i = 0; i < end.blocked.size() && i < kShown; ++i) {
        const EndOfRun::Blocked& b = end.blocked[i];
        const LiveGoroutine* const g = report.metrics->witness().find(b.g);
        text +=
            fmt::format("    {} [{}{}]{}\n",
                        printable(goroutine_name(report.metrics->info(), b.g, g == nullptr ? kNoProgram : g->program)),
                        printable(b.reason), b.object.empty() ? "" : " on " + printable(b.object),
                        g == nullptr ? "" : " since " + instant(g->since));
      }
      if (end.blocked.size() > kShown) text += fmt::format("    and {} more\n", end.blocked.size() - kShown);
      return text;
    }
  }
}

std::string culprit_line(const Culprit& c) {
  std::string line = printable(c.name);
  if (!c.what.empty()) line += ", " + printable(c.what);
  return line;
}

std::string interval_of(const Culprit& c) {
  if (c.told) return {};
  if (c.since == c.until) return "at " + instant(c.since);
  if (c.until == kNever) return c.since == 0 ? "" : "since " + instant(c.since);
  return "from " + instant(c.since) + " to " + instant(c.until);
}

}  // namespace

std::string render_verdicts(const std::vector<Verdict>& verdicts, const TextStyle& style) {
  constexpr std::size_t kShown = 8;
  std::size_t name_width = 0;
  std::size_t sentence_width = 0;
  for (const Verdict& v : verdicts) {
    name_width = std::max(name_width, display_width(printable(v.name)));
    if (!v.culprits.empty()) sentence_width = std::max(sentence_width, display_width(printable(v.sentence)));
  }
  sentence_width = std::min<std::size_t>(sentence_width, 60);
  std::string out;
  for (const Verdict& v : verdicts) {
    const bool failed = v.failed();
    const std::string word = failed && v.warn ? "WARN" : name_of(v.outcome);
    const Paint paint = failed                                ? (v.warn ? Paint::warn : Paint::bad)
                        : v.outcome == Verdict::Outcome::pass ? Paint::good
                                                              : Paint::warn;
    const std::string name = printable(v.name);
    const std::string sentence = printable(v.sentence);
    std::string line = "  " + painted(word, paint, style) + " " + name +
                       std::string(name_width - display_width(name) + 3, ' ') + sentence;
    // A passing check shows whom it is about on its own line; a failing one shows everybody it blames, below.
    if (!failed && !v.culprits.empty() && v.culprits.size() <= 2) {
      const std::size_t width = display_width(sentence);
      line += std::string(sentence_width > width ? sentence_width - width + 3 : 3, ' ') +
              painted(culprit_line(v.culprits.front()), Paint::faint, style);
    }
    out += line + "\n";
    for (std::size_t i = 0; failed && i < v.culprits.size() && i < kShown; ++i) {
      const std::string when = interval_of(v.culprits[i]);
      out += "         " + culprit_line(v.culprits[i]) + (when.empty() ? "" : " " + when) + "\n";
    }
    if (failed && v.culprits.size() > kShown) out += fmt::format("         and {} more\n", v.culprits.size() - kShown);
  }
  return out;
}

std::string render_run(const RunReport& report, const TextStyle& style) {
  const Metrics& m = *report.metrics;
  const TraceInfo& info = m.info();
  std::string policy = printable(info.policy);
  if (!info.preset.empty() && info.preset != info.policy) policy += " (" + printable(info.preset) + ")";
  std::string out =
      fmt::format("{}   {}{} P{}   seed {}   {} simulated\n\n", painted(printable(info.scenario), Paint::strong, style),
                  policy.empty() ? "" : "policy " + policy + "   ", info.procs,
                  info.cores > 0 ? fmt::format(" on {} core{}", info.cores, info.cores == 1 ? "" : "s") : "", info.seed,
                  short_time(static_cast<double>(report.end.at)));
  out += latencies(report, style);
  out += "\n" + processors(m, style) + decisions(m, style) + workload(m, style);
  if (const std::string end = ending(report, style); !end.empty()) out += "\n" + end;
  if (!report.verdicts.empty()) out += "\n" + render_verdicts(report.verdicts, style);
  for (std::size_t i = 0; i < report.next.size(); ++i)
    out += fmt::format("{}  {}    {}\n", i == 0 ? "\n" : "", i == 0 ? "next" : "    ", printable(report.next[i]));
  out += fmt::format("\nevents {}   fingerprint {}\n", report.events, report.fingerprint.short_hex());
  return out;
}

namespace {

std::string factor_text(double factor) {
  return fmt::format("{:.{}f}", factor, std::abs(factor) < 9.995 ? 2 : std::abs(factor) < 99.95 ? 1 : 0);
}

/// Percentage points, never "-0.0".
std::string points_text(double share) {
  const double points = share * 100.0;
  if (points == 0) return "+0.0";
  if (std::abs(points) >= 0.05) return fmt::format("{:+.1f}", points);
  if (std::abs(points) >= 0.0005) return fmt::format("{:+.3f}", points);
  return points < 0 ? "-<0.001" : "+<0.001";
}

/// How much another policy differs: by a percentage; from twice as much on by a factor ("2.40x"); where the base is next
/// to nothing by the difference itself, because a wait of 20 ms instead of 2 us is 20 ms more and not 10 000 times as
/// much of anything.
std::string interval_cell(const PairedComparison& v, MetricUnit unit, const TextStyle& style) {
  if (v.identical) return "=";
  if (v.interval_known && !v.significant) return "~";
  constexpr double kTwice = 1.0;
  constexpr double kAbsurd = 99.0;  // a hundred times as much
  enum class As { points, percent, factor, difference };
  const As as = unit == MetricUnit::share                            ? As::points
                : v.base_mean <= 0 || std::abs(v.relative) > kAbsurd ? As::difference
                : v.relative >= kTwice                               ? As::factor
                                                                     : As::percent;
  const auto number = [&](double absolute, double ratio) -> std::string {
    switch (as) {
      case As::points: return points_text(absolute);
      case As::percent: return fmt::format("{:+.1f}", ratio * 100.0);
      case As::factor: return factor_text(ratio + 1.0);
      case As::difference: return (absolute < 0 ? "-" : "+") + told(std::abs(absolute), unit, style);
    }
    return {};
  };
  static constexpr const char* kUnits[] = {"pp", "%", "x", ""};
  const std::string middle = number(v.difference, v.relative);
  const std::string text = middle + kUnits[static_cast<int>(as)];
  if (!v.interval_known) return text;
  const std::string low = number(v.low, v.relative_low);
  const std::string high = number(v.high, v.relative_high);
  // The same in every seed: an interval would only repeat it.
  return low == middle && high == middle ? text : text + " [" + low + ", " + high + "]";
}

}  // namespace

std::string render_comparison(const Comparison& c, const TextStyle& style) {
  std::string out = fmt::format("{}   {} paired seed{}", painted(printable(c.scenario), Paint::strong, style), c.seeds,
                                c.seeds == 1 ? "" : "s");
  if (c.seeds > 1)
    out += fmt::format("   {}% intervals of the paired difference, Holm-adjusted", plain_number(c.confidence * 100.0));
  out += "\n\n";
  std::vector<std::string> heading{""};
  std::vector<Align> align{Align::left};
  for (std::size_t p = 0; p < c.policies.size(); ++p) {
    heading.push_back(printable(c.policies[p]));
    align.push_back(Align::right);
    if (p > 0) {
      heading.push_back("");
      align.push_back(Align::left);
    }
  }
  Table table(heading, align);
  bool unclear = false;
  bool same = false;
  for (const Comparison::Row& row : c.rows) {
    std::vector<std::string> cells{row.metric.title};
    for (std::size_t p = 0; p < row.means.size(); ++p) {
      cells.push_back(told(row.means[p], row.unit, style));
      if (p == 0) continue;
      const auto& v = row.versus[p];
      std::string cell = v ? interval_cell(*v, row.unit, style) : "";
      unclear |= cell == "~";
      same |= cell == "=";
      if (v && v->significant && row.metric.better != ComparedMetric::Better::neither) {
        const bool better = (v->difference < 0) == (row.metric.better == ComparedMetric::Better::lower);
        cell = painted(cell, better ? Paint::good : Paint::bad, style);
      }
      cells.push_back(std::move(cell));
    }
    table.row(std::move(cells));
  }
  out += table.render(2, 2);
  if (unclear || same || !c.notes.empty()) out += "\n";
  if (unclear) out += "  ~ : the interval contains 0\n";
  if (same) out += "  = : equal in every seed\n";
  for (const std::string& note : c.notes) out += "  " + note + "\n";
  return out;
}

std::string percentile_name(std::int64_t millionths) {
  std::string fraction = fmt::format(".{:06}", millionths % 1'000'000);
  fraction.resize(fraction.find_last_not_of(".0") + 1);
  return fmt::format("p{}{}", millionths / 1'000'000, fraction);
}

std::int64_t percentile_of(const Histogram& h, std::int64_t millionths) {
  return h.quantile(static_cast<std::uint64_t>(millionths), 100'000'000);
}

}  // namespace gmpsim
