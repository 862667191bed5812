// compare: policies side by side on the same seeds.
//
// Cells (policy, seed) are run on all cores and each writes at its own index, so the table does not depend on how many
// threads there were. Metrics are settled by the first run of the first policy.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "analysis/compare.hpp"
#include "analysis/report_json.hpp"
#include "analysis/statistics.hpp"
#include "tools/commands/commands.hpp"
#include "tools/cost_file.hpp"
#include "tools/fail_if.hpp"
#include "tools/failure.hpp"
#include "tools/first_difference.hpp"
#include "tools/judged_run.hpp"
#include "tools/parallel.hpp"
#include "tools/run_output.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

constexpr std::size_t kUsualSeeds = 20;

struct Cell {
  std::vector<double> values;
  std::vector<Verdict> verdicts;
  bool fails = false;      ///< --fail-if holds
  bool undecided = false;  ///< a limit ended it
  std::optional<Diagnostic> error;
  std::optional<Checkpoints> checkpoints;  ///< of the first seed
};

double confidence_of(const std::string& text) {
  double level = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), level, std::chars_format::fixed);
  if (error == std::errc() && end == text.data() + text.size() && level >= 0.5 && level < 1) return level;
  fail_usage("--confidence: " + in_quotes(text) + " is no level from 0.5 to 0.9999",
             text == "95" || text == "99" ? "write 0." + text : "");
}

/// Which metrics stand in the table.
std::vector<ComparedMetric> metrics_for(const CompareOptions& options, const FailIf* fail_if, const Metrics& first) {
  std::vector<ComparedMetric> out;
  for (const std::string& name : options.metrics) out.push_back({name, name});
  if (out.empty()) out = default_comparison(first);
  const bool missing =
      fail_if != nullptr && fail_if->metric() &&
      std::none_of(out.begin(), out.end(), [&](const ComparedMetric& m) { return m.name == fail_if->metric()->name; });
  if (missing) out.push_back(*fail_if->metric());
  return out;
}

void check_metrics(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const MetricParse parsed = parse_metric(name);
    if (!parsed.ref)
      fail_usage("--metric: " + in_quotes(name) + ": " + parsed.error, parsed.suggestion.empty()
                                                                           ? "gmpsim list metrics shows the names"
                                                                           : "did you mean " + parsed.suggestion + "?");
  }
}

/// "PASS" or in how many runs a check failed, for each policy.
std::string checks_text(const std::vector<Plan>& plans, const std::vector<std::vector<Cell>>& cells,
                        const TextStyle& style) {
  std::vector<std::string> names;
  for (const auto& of_policy : cells) {
    for (const Cell& c : of_policy) {
      for (const Verdict& v : c.verdicts) {
        if (std::find(names.begin(), names.end(), v.name) == names.end()) names.push_back(v.name);
      }
    }
  }
  if (names.empty()) return "";
  std::vector<std::string> heading{"checks"};
  std::vector<Table::Align> align{Table::Align::left};
  for (const Plan& p : plans) {
    heading.push_back(printable(p.policy));
    align.push_back(Table::Align::left);
  }
  Table table(heading, align);
  for (const std::string& name : names) {
    std::vector<std::string> row{printable(name)};
    for (const auto& of_policy : cells) {
      std::size_t failed = 0, undecided = 0;
      bool warn = false;
      for (const Cell& c : of_policy) {
        for (const Verdict& v : c.verdicts) {
          if (v.name != name) continue;
          failed += v.failed() ? 1 : 0;
          undecided += v.outcome == Verdict::Outcome::undecided ? 1 : 0;
          warn |= v.warn;
        }
      }
      std::string text = failed > 0      ? painted(warn ? "WARN" : "FAIL", warn ? Paint::warn : Paint::bad, style)
                         : undecided > 0 ? painted("UNDECIDED", Paint::warn, style)
                                         : painted("PASS", Paint::good, style);
      const std::size_t n = failed > 0 ? failed : undecided;
      if (n > 0 && n < of_policy.size()) text += fmt::format(" in {} of {}", n, of_policy.size());
      row.push_back(text);
    }
    table.row(std::move(row));
  }
  return table.render();
}

std::string differences_json(const std::vector<Plan>& plans,
                             const std::vector<std::optional<FirstDifference>>& differences, std::uint64_t seed) {
  std::string out = "\"firstDifferences\": [";
  for (std::size_t p = 1; p < plans.size(); ++p) {
    const auto& d = differences[p];
    out += fmt::format("{}\n    {{ \"policies\": [{}, {}], \"seed\": {}, ", p == 1 ? "" : ",",
                       json_text(plans[0].policy), json_text(plans[p].policy), seed);
    if (!d) {
      out += "\"identical\": true }";
      continue;
    }
    const auto side = [](const std::optional<Transition>& t, const std::string& text) {
      return t ? fmt::format("{{ \"at_ns\": {}, \"kind\": {}, \"text\": {} }}", t->at, json_text(name_of(t->kind)),
                             json_text(text))
               : std::string("null");
    };
    out += fmt::format("\"identical\": false, \"after\": {},\n      \"left\": {},\n      \"right\": {} }}", d->index,
                       side(d->left, d->left_text), side(d->right, d->right_text));
  }
  return out + (plans.size() > 1 ? "\n  ]" : "]");
}

/// `json` (an object) with one more member at its end.
std::string with_member(std::string json, const std::string& member) {
  const std::size_t close = json.rfind('}');
  std::size_t last = close;
  while (last > 0 && (json[last - 1] == '\n' || json[last - 1] == ' ')) --last;
  return json.substr(0, last) + ",\n  " + member + "\n}\n";
}

}  // namespace

Exit compare_command(const CompareOptions& options, Context& context) {
  if (options.scenario.scenario.empty())
    fail_usage("compare needs a scenario", "for example: gmpsim compare tight-loop");
  const double confidence = confidence_of(options.confidence);
  check_metrics(options.metrics);
  std::optional<FailIf> fail_if;
  if (!options.fail_if.empty()) fail_if.emplace(options.fail_if);

  const ScenarioText source = find_scenario(options.scenario.scenario, context.env);
  const LoadedScenario loaded =
      load_with_costs(source, options.scenario.sets, options.costs, options.policies, context);
  std::vector<std::string> names = options.policies;
  if (names.empty()) {
    for (const Policy& p : loaded.scenario->policies) names.push_back(p.name);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i))
      fail_usage("--policies names " + in_quotes(names[i]) + " twice");
  }
  if (names.size() < 2)
    fail_usage("there is only one policy to compare: " + in_quotes(names[0]),
               "name some: --policies " + names[0] + ",go1.19 (gmpsim list presets)");
  std::vector<Plan> plans;
  for (const std::string& name : names) plans.push_back(make_plan(loaded, name, context));

  const RandomSettings& random = loaded.scenario->random;
  const std::size_t seeds = replications_of(
      options.replications, random.replications > 1 ? static_cast<std::size_t>(random.replications) : kUsualSeeds);
  const std::uint64_t first_seed = seed_of(options.scenario.seed, random.seed, context);

  std::vector<std::vector<Cell>> cells(plans.size(), std::vector<Cell>(seeds));
  std::vector<ComparedMetric> metrics;
  Progress progress(context, "compare", plans.size() * seeds);
  const auto one = [&](std::size_t i) {
    // Seed after seed, so that an interruption leaves whole rows of policies.
    const std::size_t seed = i / plans.size();
    const std::size_t policy = i % plans.size();
    JudgedRun run(plans[policy], first_seed + seed);
    run.run();
    if (i == 0) metrics = metrics_for(options, fail_if ? &*fail_if : nullptr, run.metrics());
    Cell& cell = cells[policy][seed];
    cell.values = sample(run.metrics(), metrics);
    cell.verdicts = run.verdicts();
    for (Verdict& v : cell.verdicts) v.culprits.clear();
    cell.fails = fail_if && fail_if->holds(run.metrics());
    cell.undecided = run.exit_code() == Exit::undecided;
    cell.error = run.scenario_error();
    if (seed == 0) cell.checkpoints = run.checkpoints();
    if (run.has_finding()) progress.found();
  };
  one(0);
  progress.done_one();
  const bool complete =
      for_each_index(plans.size() * seeds - 1, context.jobs, progress, [&](std::size_t i) { one(i + 1); });
  progress.finish();
  // An interruption leaves the seeds that all policies have been through.
  std::size_t usable = 0;
  while (
      usable < seeds &&
      std::all_of(cells.begin(), cells.end(), [&](const auto& of_policy) { return !of_policy[usable].values.empty(); }))
    ++usable;
  if (usable == 0) throw Failure{Exit::interrupted, "interrupted before the first seed was complete", {}};
  for (auto& of_policy : cells) of_policy.resize(usable);

  Exit code = complete ? Exit::good : Exit::interrupted;
  for (const auto& of_policy : cells) {
    for (const Cell& c : of_policy) {
      if (c.undecided) code = worse(code, Exit::undecided);
      if (!c.error) continue;
      print_scenario_error(*c.error, context);
      throw Failure{Exit::bad_input, "a run ended with an error of the scenario", {}};
    }
  }
  std::vector<std::vector<std::vector<double>>> values(plans.size());
  for (std::size_t p = 0; p < plans.size(); ++p) {
    for (const Cell& c : cells[p]) values[p].push_back(c.values);
  }
  const Comparison comparison = compare_policies(loaded.scenario->metadata.name, names, metrics, values, confidence);

  std::vector<std::optional<FirstDifference>> differences(plans.size());
  if (context.options.format != "csv") {
    Progress searching(context, "first difference", plans.size() - 1);
    for_each_index(plans.size() - 1, context.jobs, searching, [&](std::size_t i) {
      differences[i + 1] =
          first_difference(plans[0], *cells[0][0].checkpoints, plans[i + 1], *cells[i + 1][0].checkpoints, first_seed);
    });
  }
  std::vector<std::string> broken;
  if (fail_if) {
    broken = fail_if->broken(comparison);
    for (std::size_t p = 0; p < plans.size(); ++p) {
      for (std::size_t s = 0; s < cells[p].size(); ++s) {
        if (!cells[p][s].fails) continue;
        broken.push_back(fmt::format("{}: true with seed {}", names[p], first_seed + s));
        break;
      }
    }
    if (!broken.empty()) code = worse(code, Exit::finding);
  }

  if (context.options.format == "json") {
    std::string text = with_member(comparison_to_json(comparison), differences_json(plans, differences, first_seed));
    if (fail_if) {
      std::string list;
      for (const std::string& b : broken) list += (list.empty() ? "" : ", ") + json_text(b);
      text = with_member(std::move(text), fmt::format("\"failIf\": {{ \"expression\": {}, \"broken\": [{}] }}",
                                                      json_text(fail_if->text()), list));
    }
    context.out() << text;
    return code;
  }
  if (context.options.format == "csv") {
    context.out() << comparison_to_csv(comparison);
    for (const std::string& b : broken) context.say("--fail-if: " + b);
    return code;
  }
  context.out() << render_comparison(comparison, context.style);
  if (const std::string checks = checks_text(plans, cells, context.style); !checks.empty())
    context.out() << '\n' << checks;
  context.out() << fmt::format("\nwhere they part, seed {}\n", first_seed);
  for (std::size_t p = 1; p < plans.size(); ++p) {
    if (differences[p]) {
      context.out() << render(*differences[p], printable(names[0]), printable(names[p]), context.style);
    } else {
      context.out() << "  " << printable(names[0]) << " and " << printable(names[p]) << " never part\n";
    }
  }
  if (fail_if)
    context.out() << '\n'
                  << (broken.empty() ? painted("PASS", Paint::good, context.style)
                                     : painted("FAIL", Paint::bad, context.style))
                  << " --fail-if " << printable(fail_if->text()) << '\n';
  for (const std::string& b : broken) context.out() << "     " << printable(b) << '\n';
  if (!complete) context.out() << fmt::format("\ninterrupted: {} of {} seeds\n", usable, seeds);
  return code;
}

}  // namespace gmpsim
