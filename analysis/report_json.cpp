#include "analysis/report_json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace gmpsim {
namespace {

using Json = nlohmann::ordered_json;  // the order in which we write is the order in which people read

/// Names come from the scenario and may be no valid UTF-8; the JSON library would throw.
std::string text_of(std::string_view text) { return printable(text); }

Json number_of(double v) {
  if (!std::isfinite(v)) return nullptr;
  // Whole numbers (times in ns, counts) without a fraction, so that 2.2 s is 2200000000 and not 2.2e9.
  if (std::abs(v) < 9e15 && v == std::floor(v)) return static_cast<std::int64_t>(v);
  return v;
}

const char* unit_name(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::count: return "count";
    case MetricUnit::time: return "ns";
    case MetricUnit::share: return "share";
    case MetricUnit::per_second: return "per_second";
    case MetricUnit::number: return "number";
  }
  return "number";
}

Json histogram(const Histogram& h, const std::vector<std::int64_t>& percentiles) {
  Json j;
  j["count"] = h.count();
  if (h.count() == 0) return j;
  j["mean"] = number_of(h.mean());
  j["min"] = h.min();
  for (const std::int64_t p : percentiles) j[percentile_name(p)] = percentile_of(h, p);
  j["max"] = h.max();
  return j;
}

Json wait_json(const WaitRecord& w, const TraceInfo& info) {
  Json j;
  j["length_ns"] = w.length;
  j["goroutine"] = text_of(goroutine_name(info, w.g, w.program));
  j["queue"] = queue_name(w.queue);
  j["since_ns"] = w.since;
  j["until_ns"] = w.open ? Json(nullptr) : Json(w.until);
  return j;
}

Json verdict_json(const Verdict& v) {
  static constexpr const char* kOutcome[] = {"pass", "fail", "undecided"};
  Json j;
  j["name"] = text_of(v.name);
  j["kind"] = v.kind;
  j["outcome"] = kOutcome[static_cast<std::size_t>(v.outcome)];
  j["severity"] = v.warn ? "warn" : "error";
  j["sentence"] = text_of(v.sentence);
  if (v.failed()) j["at_ns"] = v.at;
  j["culprits"] = Json::array();
  for (const Culprit& c : v.culprits) {
    Json one;
    one["g"] = c.g;
    one["name"] = text_of(c.name);
    one["what"] = text_of(c.what);
    one["since_ns"] = c.since;
    one["until_ns"] = c.until == kNever ? Json(nullptr) : Json(c.until);
    j["culprits"].push_back(std::move(one));
  }
  return j;
}

Json gauge_json(const Gauge& g) {
  Json j;
  j["mean"] = g.mean();
  j["max"] = g.max();
  j["max_at_ns"] = g.max_at();
  return j;
}

Json proc_json(const Metrics& m, std::size_t p) {
  static constexpr const char* kStates[] = {"idle", "runtime", "busy", "syscall", "stopped", "gone"};
  const ProcView& proc = m.witness().procs()[p];
  Json j;
  j["p"] = p;
  for (std::size_t s = 0; s < static_cast<std::size_t>(ProcView::State::kCount); ++s)
    j[std::string(kStates[s]) + "_ns"] = proc.time[s];
  j["queue"] = gauge_json(proc.queue);
  const ProcMetrics own = p < m.procs().size() ? m.procs()[p] : ProcMetrics{};
  j["steals"] = own.steals;
  j["stolen"] = own.stolen;
  j["robbed"] = own.robbed;
  j["steal_misses"] = own.misses;
  return j;
}

Json programs_json(const RunReport& report) {
  const Metrics& m = *report.metrics;
  const TraceInfo& info = m.info();
  Json all = Json::array();
  for (std::size_t i = 0; i < info.programs.size(); ++i) {
    const ProgramMetrics& p = m.program(static_cast<std::uint32_t>(i));
    Json j;
    j["name"] = text_of(info.programs[i].name);
    if (!info.programs[i].klass.empty()) j["class"] = text_of(info.programs[i].klass);
    j["created"] = i < m.witness().created_of().size() ? m.witness().created_of()[i] : 0;
    j["ended"] = p.ended;
    j["cpu_ns"] = p.cpu;
    j["delay"] = histogram(p.delay, report.percentiles);
    j["run"] = histogram(p.run, report.percentiles);
    if (p.late.count() > 0) j["late"] = histogram(p.late, report.percentiles);
    if (p.longest.g != kNoG) j["longest_wait"] = wait_json(p.longest, info);
    all.push_back(std::move(j));
  }
  return all;
}

Json objects_json(const RunReport& report) {
  constexpr std::size_t kShown = 1000;
  const Metrics& m = *report.metrics;
  Json all = Json::array();
  for (std::size_t i = 0; i < m.objects().size() && all.size() < kShown; ++i) {
    const ObjectMetrics& o = m.objects()[i];
    if (o.count == 0) continue;
    Json j;
    j["name"] = text_of(object_name(m.info(), static_cast<std::uint32_t>(i + 1)));
    j["count"] = o.count;
    j["mean"] = static_cast<double>(o.sum) / static_cast<double>(o.count);
    j["max"] = o.max;
    if (o.waits) j["wait"] = histogram(*o.waits, report.percentiles);
    all.push_back(std::move(j));
  }
  return all;
}

Json labels_json(const RunReport& report) {
  const Metrics& m = *report.metrics;
  Json j;
  j["spans"] = Json::object();
  for (std::size_t i = 0; i < m.spans().size(); ++i) {
    const SpanMetrics& s = m.spans()[i];
    if (s.length.count() == 0 && s.open == 0 && s.abandoned == 0) continue;
    Json one = histogram(s.length, report.percentiles);
    one["open"] = s.open;
    one["abandoned"] = s.abandoned;
    j["spans"][text_of(label_name(m.info(), static_cast<std::uint32_t>(i)))] = std::move(one);
  }
  j["marks"] = Json::object();
  for (std::size_t i = 0; i < m.marks().size(); ++i) {
    if (m.marks()[i].total > 0)
      j["marks"][text_of(label_name(m.info(), static_cast<std::uint32_t>(i)))] = {
          {"count", m.marks()[i].count}, {"total", m.marks()[i].total}, {"last_ns", m.marks()[i].last}};
  }
  j["logs"] = Json::object();
  for (std::size_t i = 0; i < m.logs().size(); ++i) {
    const LogMetrics& log = m.logs()[i];
    if (log.count == 0) continue;
    Json one;
    one["count"] = log.count;
    one["last"] = log.last;
    one["min"] = log.min;
    one["max"] = log.max;
    one["sum"] = number_of(log.sum);
    one["complete"] = log.complete;
    one["values"] = log.values;
    if (log.width > 1) one["width"] = log.width;
    j["logs"][text_of(label_name(m.info(), static_cast<std::uint32_t>(i)))] = std::move(one);
  }
  return j;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_number(double v) {
  if (!std::isfinite(v)) return "";
  return std::abs(v) < 9e15 && v == std::floor(v) ? fmt::format("{:.0f}", v) : fmt::format("{}", v);
}

std::string dumped(const Json& j) { return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string run_to_json(const RunReport& report) {
  const Metrics& m = *report.metrics;
  const TraceInfo& info = m.info();
  Json j;
  j["apiVersion"] = kApiVersion;
  j["kind"] = "Result";
  j["scenario"] = text_of(info.scenario);
  j["policy"] = text_of(info.policy);
  j["preset"] = text_of(info.preset);
  j["seed"] = info.seed;
  j["procs"] = info.procs;
  j["cores"] = info.cores > 0 ? Json(info.cores) : Json(nullptr);  // null: as many as Ps
  j["end"] = {{"how", name_of(report.end.how)}, {"message", text_of(report.end.message)}, {"at_ns", report.end.at}};
  Json blocked = Json::array();
  for (const EndOfRun::Blocked& b : report.end.blocked) {
    const LiveGoroutine* const g = m.witness().find(b.g);
    Json one;
    one["g"] = b.g;
    one["name"] = text_of(goroutine_name(info, b.g, g == nullptr ? kNoProgram : g->program));
    one["reason"] = text_of(b.reason);
    one["object"] = text_of(b.object);
    blocked.push_back(std::move(one));
  }
  j["end"]["blocked"] = std::move(blocked);
  j["measured_ns"] = m.measured();
  Json scalars;
  for (const MetricDoc& doc : list_metrics()) {
    if (doc.name.find('[') != std::string::npos) continue;
    const std::optional<double> value = m.value_of(doc.name);
    scalars[doc.name] = value ? number_of(*value) : Json(nullptr);
  }
  j["metrics"] = std::move(scalars);
  j["delay"] = histogram(m.delay(Selector{}), report.percentiles);
  j["classes"] = Json::object();
  for (const std::string& klass : m.classes()) {
    Selector who;
    Selector::parse("class:" + klass, who);
    j["classes"][text_of(klass)] = {{"delay", histogram(m.delay(who), report.percentiles)}, {"cpu_ns", m.cpu(who)}};
  }
  j["programs"] = programs_json(report);
  j.update(labels_json(report));
  j["waits"] = objects_json(report);
  j["wait_reasons"] = Json::object();
  for (std::size_t r = 0; r < m.waits_by_reason().size(); ++r) {
    if (m.waits_by_reason()[r].count() > 0)
      j["wait_reasons"][name_of(static_cast<WaitReason>(r))] = histogram(m.waits_by_reason()[r], report.percentiles);
  }
  j["longest_waits"] = Json::array();
  for (const WaitRecord& w : m.longest_waits()) j["longest_waits"].push_back(wait_json(w, info));
  j["busiest"] = Json::array();
  for (const CpuRecord& r : m.busiest())
    j["busiest"].push_back({{"goroutine", text_of(goroutine_name(info, r.g, r.program))}, {"cpu_ns", r.cpu}});
  j["proc"] = Json::array();
  for (std::size_t p = 0; p < m.witness().procs().size(); ++p) j["proc"].push_back(proc_json(m, p));
  j["queues"] = {{"all", gauge_json(m.witness().runnable())}, {"global", gauge_json(m.witness().global_queue())}};
  j["checks"] = Json::array();
  for (const Verdict& v : report.verdicts) j["checks"].push_back(verdict_json(v));
  j["events"] = report.events;
  j["fingerprint"] = report.fingerprint.hex();
  return dumped(j);
}

std::string run_to_csv(const RunReport& report, bool heading) {
  const Metrics& m = *report.metrics;
  const TraceInfo& info = m.info();
  std::vector<std::string> names;
  for (const MetricDoc& doc : list_metrics()) {
    if (doc.name.find('[') == std::string::npos) names.push_back(doc.name);
  }
  std::vector<std::string> stats{"count", "mean"};
  for (const std::int64_t p : report.percentiles) stats.push_back(percentile_name(p));
  stats.emplace_back("max");
  std::vector<std::string> histograms{"delay[*]"};
  for (const std::string& klass : m.classes()) histograms.push_back("delay[class:" + klass + "]");
  for (const TraceInfo::Program& p : info.programs) histograms.push_back("delay[program:" + p.name + "]");
  for (std::size_t i = 0; i < m.spans().size() && i < info.labels.size(); ++i) {
    if (m.spans()[i].length.count() > 0) histograms.push_back("span[" + info.labels[i] + "]");
  }
  for (const std::string& h : histograms) {
    for (const std::string& stat : stats) names.push_back(h + "." + stat);
  }
  for (std::size_t i = 0; i < m.marks().size() && i < info.labels.size(); ++i) {
    if (m.marks()[i].total > 0) names.push_back("mark[" + info.labels[i] + "].count");
  }
  std::string out = heading ? "scenario,policy,seed,metric,value,unit\n" : "";
  for (const std::string& name : names) {
    const MetricParse parsed = parse_metric(name);
    if (!parsed.ref) continue;
    const std::optional<double> value = m.value_of(*parsed.ref);
    out +=
        fmt::format("{},{},{},{},{},{}\n", csv_field(text_of(info.scenario)), csv_field(text_of(info.policy)),
                    info.seed, csv_field(text_of(name)), value ? csv_number(*value) : "", unit_name(parsed.ref->unit));
  }
  for (const Verdict& v : report.verdicts) {
    static constexpr const char* kOutcome[] = {"pass", "fail", "undecided"};
    out += fmt::format("{},{},{},{},{},{}\n", csv_field(text_of(info.scenario)), csv_field(text_of(info.policy)),
                       info.seed, csv_field("check[" + text_of(v.name) + "]"),
                       kOutcome[static_cast<std::size_t>(v.outcome)], "verdict");
  }
  return out;
}

std::string comparison_to_json(const Comparison& c) {
  Json j;
  j["apiVersion"] = kApiVersion;
  j["kind"] = "Comparison";
  j["scenario"] = text_of(c.scenario);
  j["seeds"] = c.seeds;
  j["confidence"] = c.confidence;
  j["policies"] = Json::array();
  for (const std::string& p : c.policies) j["policies"].push_back(text_of(p));
  j["rows"] = Json::array();
  for (const Comparison::Row& row : c.rows) {
    Json r;
    r["metric"] = text_of(row.metric.name);
    r["title"] = text_of(row.metric.title);
    r["unit"] = unit_name(row.unit);
    r["policies"] = Json::array();
    for (std::size_t p = 0; p < row.means.size(); ++p) {
      Json one;
      one["policy"] = text_of(p < c.policies.size() ? c.policies[p] : "");
      one["mean"] = number_of(row.means[p]);
      if (const auto& v = row.versus[p]) {
        one["n"] = v->n;
        one["difference"] = number_of(v->difference);
        if (v->interval_known) one["interval"] = {number_of(v->low), number_of(v->high)};
        one["relative"] = number_of(v->relative);
        if (v->interval_known) one["relative_interval"] = {number_of(v->relative_low), number_of(v->relative_high)};
        one["p"] = number_of(v->p);
        one["p_adjusted"] = number_of(v->p_adjusted);
        one["correlation"] = number_of(v->correlation);
        one["identical"] = v->identical;
        one["significant"] = v->significant;
      }
      r["policies"].push_back(std::move(one));
    }
    j["rows"].push_back(std::move(r));
  }
  j["notes"] = c.notes;
  return dumped(j);
}

std::string comparison_to_csv(const Comparison& c) {
  std::string out = "scenario,metric,unit,policy,mean,difference,low,high,relative,p_adjusted,significant\n";
  for (const Comparison::Row& row : c.rows) {
    for (std::size_t p = 0; p < row.means.size(); ++p) {
      out += fmt::format("{},{},{},{},{}", csv_field(text_of(c.scenario)), csv_field(text_of(row.metric.name)),
                         unit_name(row.unit), csv_field(text_of(p < c.policies.size() ? c.policies[p] : "")),
                         csv_number(row.means[p]));
      if (const auto& v = row.versus[p]) {
        out += fmt::format(",{},{},{},{},{},{}\n", csv_number(v->difference),
                           v->interval_known ? csv_number(v->low) : "", v->interval_known ? csv_number(v->high) : "",
                           csv_number(v->relative), csv_number(v->p_adjusted), v->significant ? "yes" : "no");
      } else {
        out += ",,,,,,\n";
      }
    }
  }
  return out;
}

}  // namespace gmpsim
