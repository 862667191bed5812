// bugs: known bugs of Go's scheduler, each as one scenario under an old and a new version (or setting), with what was
// published beside what the model shows.
//
// The scenarios are scenarios/catalogue/bugs/*.json. Beside the ordinary sections each says what to look at:
//
//   "x-bug": { "metric": "span[get].mean", "published": { "old": "seconds", "new": "1.2 ms" } }
//
// "unit": "time" says that logged values are nanoseconds. Where the program itself has the bug and the cure, "params" names
// the parameters of each row, "params": { "new": { "admission": "1" } }; `expect` then speaks of the defaults, and a row with
// other parameters is not held to it.
//
// A row is one policy of one scenario. The verdict is that of the scenario's first check, as `expect` has it.

#include <fmt/format.h>

#include "analysis/table.hpp"
#include "scenarios/diagnostics.hpp"
#include "tools/catalogue.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/judged_run.hpp"
#include "tools/run_output.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

/// One version of one bug.
struct BugRow {
  std::string bug, version, metric, measured, verdict, published;
  std::optional<double> value;
};

std::string text_at(const Node& node, std::string_view key) {
  const Node* const found = node.find(key);
  return found != nullptr && found->is(Node::Type::string) ? found->text : std::string();
}

std::vector<std::string> all_bugs() {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : catalogue())
    if (entry.folder == "bugs") names.emplace_back(entry.name);
  return names;
}

/// What the row of this policy changes of the scenario's parameters.
std::vector<Override> params_of(const Node& about, const std::string& policy) {
  std::vector<Override> out;
  const Node* const all = about.find("params");
  const Node* const own = all != nullptr ? all->find(policy) : nullptr;
  if (own == nullptr) return out;
  for (const auto& member : own->members) out.push_back({"params." + member.key, member.value.text});
  return out;
}

/// "go1.9", or "go1.22 sysmon=false": what a policy stands for.
std::string version_of(const Policy& policy) {
  std::string text = policy.use;
  for (const Setting& s : policy.params)
    text += " " + s.name + "=" +
            (s.value.node->is(Node::Type::boolean) ? (s.value.node->boolean ? "true" : "false") : s.value.node->text);
  return text;
}

void run_bug(const std::string& name, std::vector<BugRow>& rows, Exit& exit, Context& context) {
  const LoadedScenario loaded = load_scenario(find_scenario(name, context.env), {}, {}, context);
  const Node* const about = loaded.scenario->document->find("x-bug");
  if (about == nullptr) fail_usage(in_quotes(name) + " is no bug", "gmpsim list bugs shows the names");
  const std::string metric = text_at(*about, "metric");
  const MetricParse parsed = parse_metric(metric);
  const Node* const published = about->find("published");
  for (const Policy& policy : loaded.scenario->policies) {
    const std::vector<Override> params = params_of(*about, policy.name);
    const Plan plan =
        make_plan(params.empty() ? loaded : load_scenario(find_scenario(name, context.env), params, {}, context),
                  policy.name, context);
    JudgedRun run(plan, plan.key.seed);
    run_with_progress(run, plan, name.c_str(), context);
    BugRow row{name, version_of(policy), metric, "-", "-", published != nullptr ? text_at(*published, policy.name) : "",
               {}};
    row.value = parsed.ref ? run.metrics().value_of(*parsed.ref) : std::nullopt;
    const MetricUnit unit = text_at(*about, "unit") == "time" ? MetricUnit::time
                            : parsed.ref                      ? parsed.ref->unit
                                                              : MetricUnit::number;
    if (row.value) row.measured = told(*row.value, unit, context.style);
    if (!run.verdicts().empty()) row.verdict = run.verdicts().front().failed() ? "FAIL" : "PASS";
    std::string changed;
    for (const Override& o : params) changed += " " + o.path.substr(o.path.find('.') + 1) + "=" + o.value;
    row.version += changed;
    if (const Exit e = run.exit_code(); params.empty() && e != Exit::good && exit == Exit::good) exit = e;
    rows.push_back(std::move(row));
  }
}

}  // namespace

Exit bugs_command(const BugsOptions& options, Context& context) {
  std::vector<BugRow> rows;
  Exit exit = Exit::good;
  for (const std::string& name : options.names.empty() ? all_bugs() : options.names) run_bug(name, rows, exit, context);
  const std::vector<std::string> heading{"bug", "version", "metric", "model", "check", "published"};
  if (context.options.format == "csv") {
    context.out() << csv_line(heading);
    for (const BugRow& r : rows)
      context.out() << csv_line(
          {r.bug, r.version, r.metric, r.value ? plain_number(*r.value) : "", r.verdict, r.published});
  } else if (context.options.format == "json") {
    context.out() << "{\n  \"apiVersion\": \"gmpsim/v1\",\n  \"kind\": \"Bugs\",\n  \"rows\": [";
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const BugRow& r = rows[i];
      context.out() << (i == 0 ? "\n    " : ",\n    ")
                    << fmt::format(
                           R"({{ "bug": {}, "version": {}, "metric": {}, "value": {}, "check": {}, "published": {} }})",
                           json_text(r.bug), json_text(r.version), json_text(r.metric),
                           r.value ? plain_number(*r.value) : "null", json_text(r.verdict), json_text(r.published));
    }
    context.out() << "\n  ]\n}\n";
  } else {
    std::vector<std::vector<std::string>> cells;
    std::string last;
    for (const BugRow& r : rows) {
      const bool again = r.bug == last;
      last = r.bug;
      cells.push_back({again ? "" : r.bug, r.version, again ? "" : r.metric, r.measured, r.verdict, r.published});
    }
    context.out() << columns_text(heading, cells, context.style);
    context.out()
        << "\n  gmpsim explain NAME says what went wrong; gmpsim compare NAME shows where the versions part.\n";
  }
  return exit;
}

}  // namespace gmpsim
