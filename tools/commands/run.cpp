// run: one scenario, one policy, one seed or many.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/compare.hpp"
#include "tools/commands/commands.hpp"
#include "tools/cost_file.hpp"
#include "tools/failure.hpp"
#include "tools/goroutine_dump.hpp"
#include "tools/judged_run.hpp"
#include "tools/leak_profile.hpp"
#include "tools/parallel.hpp"
#include "tools/run_log.hpp"
#include "tools/run_output.hpp"
#include "tools/runtime_metrics.hpp"
#include "tools/schedule_file.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

Exit one_run(const RunOptions& options, const Plan& plan, std::uint64_t seed, Context& context) {
  JudgedRun run(plan, seed, {.keep_choices = !options.save_schedule.empty()});
  TraceFile trace(options.trace, options.force, run);
  std::optional<RunLog> log;
  if (context.options.format == "log") run.add_sink(log.emplace(run.info()));
  std::optional<GoroutineDump> dump;
  if (context.options.format == "goroutines") run.add_sink(dump.emplace());
  std::optional<RuntimeMetrics> runtime;
  if (context.options.format == "runtime-metrics") run.add_sink(runtime.emplace());
  std::optional<FileWriter>
      schedule_file;  // opened first: nobody wants to learn after a long run that it cannot be written
  if (!options.save_schedule.empty())
    schedule_file.emplace(options.save_schedule, options.force ? Overwrite::yes : Overwrite::no);

  run_with_progress(run, plan, "run", context);
  if (const auto error = run.scenario_error()) {
    const std::string& format = context.options.format;  // those that say how a run ended
    if (log)
      context.out() << log->text(run.end());
    else if (format == "json" || format == "jsonl")
      context.out() << run_text(run, format, context.style);
    print_scenario_error(*error, context);
    throw Failure{Exit::bad_input,
                  fmt::format("the run ended at {} with an error of the scenario", instant(run.report().end.at)),
                  {}};
  }
  trace.commit(context);
  if (schedule_file) {
    Schedule schedule;
    schedule.key = plan.key;
    schedule.key.seed = seed;
    schedule.records = run.checkpoints().records();
    schedule.fingerprint = run.checkpoints().fingerprint().hex();
    schedule.choices = run.choices()->log();
    schedule.choices_complete = !run.choices()->truncated();
    schedule.checkpoints = run.checkpoints().all();
    write_schedule(schedule_file->stream(), schedule);
    schedule_file->commit();
    context.say("wrote " + printable(options.save_schedule) + "\nnext   gmpsim replay " +
                printable(options.save_schedule));
  }
  context.out() << (log                                        ? log->text(run.end())
                    : dump                                     ? dump->text(run)
                    : runtime                                  ? runtime->text(run)
                    : context.options.format == "leak-profile" ? leak_profile(run)
                                                               : run_text(run, context.options.format, context.style));
  return run.exit_code();
}

// ------------------------------------------------------------------------------------------------ many seeds

/// What is kept of each of many runs.
struct Replication {
  Exit exit = Exit::good;
  std::vector<Verdict> verdicts;
  std::vector<double> values;
  std::string text;   ///< machine formats
  std::string token;  ///< of one with a finding
  Fingerprint fingerprint;
  bool has_error = false;
  Diagnostic error;
};

std::string checks_text(const std::vector<Replication>& runs, std::uint64_t first_seed, const TextStyle& style) {
  // Checks of all runs by name, in the order in which they first appear (implied ones appear only where they fail).
  std::vector<std::string> names;
  for (const Replication& r : runs) {
    for (const Verdict& v : r.verdicts) {
      if (std::find(names.begin(), names.end(), v.name) == names.end()) names.push_back(v.name);
    }
  }
  std::size_t width = 0;
  for (const std::string& name : names) width = std::max(width, display_width(printable(name)));
  std::string out;
  for (const std::string& name : names) {
    std::size_t failed = 0, undecided = 0;
    bool warn = false;
    std::string seeds, sentence;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      for (const Verdict& v : runs[i].verdicts) {
        if (v.name != name) continue;
        warn |= v.warn;
        undecided += v.outcome == Verdict::Outcome::undecided ? 1 : 0;
        if (!v.failed()) continue;
        if (failed == 0) sentence = v.sentence;
        if (failed++ < 5) seeds += fmt::format("{}{}", seeds.empty() ? "" : ", ", first_seed + i);
      }
    }
    const bool bad = failed > 0;
    const char* const word = bad ? (warn ? "WARN" : "FAIL") : undecided > 0 ? "UNDECIDED" : "PASS";
    const Paint paint = bad ? (warn ? Paint::warn : Paint::bad) : undecided > 0 ? Paint::warn : Paint::good;
    std::string line = "  " + painted(word, paint, style) + " " + printable(name) +
                       std::string(width - display_width(printable(name)) + 3, ' ');
    line += bad ? fmt::format("in {} of {} runs, seed{} {}{}   {}", failed, runs.size(), failed == 1 ? "" : "s", seeds,
                              failed > 5 ? ", ..." : "", printable(sentence))
                : fmt::format("in {} of {} runs", undecided > 0 ? undecided : runs.size(), runs.size());
    out += line + "\n";
  }
  return out;
}

std::string values_text(const std::vector<Replication>& runs, const std::vector<ComparedMetric>& metrics,
                        std::uint64_t first_seed, const TextStyle& style) {
  using Align = Table::Align;
  Table table({"", "mean", "95% interval", "min", "max", "at seed"},
              {Align::left, Align::right, Align::left, Align::right, Align::right, Align::right});
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    std::vector<double> values;
    std::size_t worst = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (!std::isfinite(runs[i].values[m])) continue;
      if (values.empty() || runs[i].values[m] > *std::max_element(values.begin(), values.end())) worst = i;
      values.push_back(runs[i].values[m]);
    }
    if (values.empty()) continue;
    const MetricParse parsed = parse_metric(metrics[m].name);
    const MetricUnit unit = parsed.ref ? parsed.ref->unit : MetricUnit::number;
    const MeanInterval mean = mean_interval(values);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const bool same = *low == *high;
    table.row({metrics[m].title, told(mean.mean, unit, style),
               same ? "same in all" : "[" + told(mean.low, unit, style) + ", " + told(mean.high, unit, style) + "]",
               told(*low, unit, style), told(*high, unit, style), same ? "" : std::to_string(first_seed + worst)});
  }
  return table.render();
}

Exit many_runs(const RunOptions& options, const Plan& plan, std::uint64_t first_seed, std::size_t n, Context& context) {
  if (!options.trace.empty() || !options.save_schedule.empty() || !options.schedtrace.empty())
    fail_usage("--trace, --save-schedule and --schedtrace are about one run, but --replications asks for " +
               std::to_string(n));
  const std::string& format = context.options.format;
  if (format == "log" || format == "goroutines" || format == "leak-profile" || format == "runtime-metrics")
    fail_usage("--format " + format + " is about one run, but --replications asks for " + std::to_string(n));
  const bool table = format == "table";
  std::vector<Replication> runs(n);
  std::vector<ComparedMetric> metrics;
  Progress progress(context, "run", n);
  const auto one = [&](std::size_t i) {
    JudgedRun run(plan, first_seed + i);
    run.run();
    Replication& r = runs[i];
    r.exit = run.exit_code();
    r.verdicts = run.verdicts();
    r.fingerprint = run.checkpoints().fingerprint();
    if (const auto error = run.scenario_error()) r.has_error = true, r.error = *error;
    if (table && i == 0) metrics = default_comparison(run.metrics());
    if (table) r.values = sample(run.metrics(), metrics);
    if (!table) r.text = run_text(run, format, context.style, i == 0);
    if (run.has_finding()) {
      r.token = encode(run.token());
      progress.found();
    }
  };
  // The first run settles which metrics there are; the others follow on all cores.
  one(0);
  progress.done_one();
  const bool complete = for_each_index(n - 1, context.jobs, progress, [&](std::size_t i) { one(i + 1); });
  progress.finish();
  if (!complete) throw Failure{Exit::interrupted, "interrupted", {}};

  Exit code = Exit::good;
  Hasher all;
  std::string token;
  for (const Replication& r : runs) {
    code = worse(code, r.exit);
    all.word(r.fingerprint.hi);
    all.word(r.fingerprint.lo);
    if (token.empty()) token = r.token;
    if (r.has_error) {
      print_scenario_error(r.error, context);
      throw Failure{Exit::bad_input, "a run ended with an error of the scenario", {}};
    }
  }
  if (format == "json") {
    context.out() << "{\n\"apiVersion\": \"gmpsim/v1\",\n\"kind\": \"ResultList\",\n\"items\": [\n";
    for (std::size_t i = 0; i < n; ++i) context.out() << (i == 0 ? "" : ",\n") << runs[i].text;
    context.out() << "]\n}\n";
  } else if (!table) {
    for (const Replication& r : runs) context.out() << r.text;
  } else {
    const TraceInfo& info = plan.world.info;
    context.out() << fmt::format("{}   policy {} ({})   {} P   {} seeds from {}\n\n",
                                 painted(printable(info.scenario), Paint::strong, context.style),
                                 printable(info.policy), printable(info.preset), info.procs, n, first_seed);
    context.out() << values_text(runs, metrics, first_seed, context.style);
    if (const std::string checks = checks_text(runs, first_seed, context.style); !checks.empty())
      context.out() << '\n' << checks;
    if (!token.empty()) context.out() << "\n  next    gmpsim replay " << token << '\n';
    context.out() << "\nfingerprint of all " << all.value().short_hex() << '\n';
  }
  return code;
}

}  // namespace

Exit run_command(const RunOptions& options, Context& context) {
  if (options.scenario.scenario.empty())
    fail_usage("run needs a scenario", "for example: gmpsim run tight-loop; gmpsim list scenarios shows what there is");
  const std::size_t replications = replications_of(options.replications, 1);
  const ScenarioText source = find_scenario(options.scenario.scenario, context.env);
  const LoadedScenario loaded =
      load_with_costs(source, options.scenario.sets, options.costs, {options.policy}, context);
  Plan plan = make_plan(loaded, options.policy, context);
  set_schedtrace(plan, options.schedtrace, context.options.format);
  const std::uint64_t seed = seed_of(options.scenario.seed, loaded.scenario->random.seed, context);
  return replications == 1 ? one_run(options, plan, seed, context)
                           : many_runs(options, plan, seed, replications, context);
}

}  // namespace gmpsim
