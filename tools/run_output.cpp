#include "tools/run_output.hpp"

#include <atomic>
#include <nlohmann/json.hpp>

#include "analysis/report_json.hpp"
#include "analysis/trace_io.hpp"
#include "tools/failure.hpp"
#include "tools/parallel.hpp"
#include "tools/times.hpp"

namespace gmpsim {
namespace {

constexpr const char* kBinarySuffix = ".gmt";

/// How far a run is, for another thread to read.
class SimulatedTime final : public Sink {
 public:
  void consume(std::span<const Transition> records) override {
    if (!records.empty()) at_.store(records.back().at, std::memory_order_relaxed);
  }
  [[nodiscard]] Time at() const { return at_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Time> at_{0};
};

}  // namespace

std::string run_text(JudgedRun& run, const std::string& format, const TextStyle& style, bool first) {
  const RunReport report = run.report();
  if (format == "json") return run_to_json(report);
  if (format == "csv") return run_to_csv(report, first);
  // The same document on one line.
  if (format == "jsonl") return nlohmann::ordered_json::parse(run_to_json(report)).dump() + "\n";
  std::string out;
  for (const std::string& line : run.schedtrace()) out += line + "\n";
  if (!out.empty()) out += "\n";
  return out + render_run(report, style);
}

void set_schedtrace(Plan& plan, Duration every, bool detail) {
  plan.key.schedtrace = plan.world.options.schedtrace = every;
  plan.key.scheddetail = plan.world.options.scheddetail = detail;
}

void set_schedtrace(Plan& plan, const std::string& text, const std::string& format) {
  if (text.empty()) return;
  const std::size_t comma = text.find(',');
  const std::string option = comma == std::string::npos ? "" : text.substr(comma + 1);
  if (comma != std::string::npos && option != "detail")
    fail_usage("--schedtrace: " + in_quotes(option) + " is none of its options",
               "for example: --schedtrace 100ms,detail");
  const auto every = time_of(text.substr(0, comma));
  if (!every || *every < 1'000'000 || *every > seconds(3600))
    fail_usage("--schedtrace: " + in_quotes(text.substr(0, comma)) + " is no time from 1ms to 3600s",
               "for example: --schedtrace 100ms");
  if (format != "table") fail_usage("--schedtrace prints lines for people: it goes with --format table only");
  set_schedtrace(plan, *every, option == "detail");
}

TraceFile::TraceFile(const std::string& path, bool force, JudgedRun& run) : path_(path) {
  if (path.empty()) return;
  if (path == "-") fail_usage("--trace needs a file: stdout has the results");
  file_.emplace(path, force ? Overwrite::yes : Overwrite::no);
  binary_ = path.ends_with(kBinarySuffix);
  if (binary_) {
    sink_ = std::make_unique<BinaryTraceWriter>(file_->stream(), run.info());
  } else {
    sink_ = std::make_unique<JsonLinesWriter>(file_->stream(), run.info());
  }
  run.add_sink(*sink_);
}

TraceFile::~TraceFile() = default;

void TraceFile::commit(Context& context) {
  if (!file_) return;
  if (binary_) static_cast<BinaryTraceWriter&>(*sink_).finish();
  file_->commit();
  context.say("wrote " + printable(path_));
}

void run_with_progress(JudgedRun& run, const Plan& plan, const char* what, Context& context) {
  SimulatedTime time;
  Progress progress(context, what, 1);
  if (progress.visible()) run.add_sink(time);
  const auto& after = plan.scenario().stop.after;
  progress.tell([&] {
    return instant(time.at()) + (after ? " of " + short_time(static_cast<double>(*after)) : std::string()) +
           " simulated";
  });
  for_each_index(1, 1, progress, [&](std::size_t) { run.run(); });
}

void print_scenario_error(const Diagnostic& error, Context& context) {
  Diagnostics problems;
  problems.add(error);
  context.err() << problems.render(context.err_style.color);
}

}  // namespace gmpsim
