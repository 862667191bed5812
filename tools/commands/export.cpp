// export: a scenario as a program for something real. See tools/go_export/export_go.hpp.

#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/files.hpp"
#include "tools/go_export/export_go.hpp"
#include "tools/judged_run.hpp"
#include "tools/scenario_source.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

/// As it could be typed again; where the file went is not part of how it was made.
std::string command_line(const std::vector<std::string>& arguments) {
  std::string out = "gmpsim";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "-o" || arguments[i] == "--output") {
      ++i;
      continue;
    }
    if (arguments[i].starts_with("--output=") || arguments[i] == "--force") continue;
    out += " " + printable(arguments[i]);
  }
  return out;
}

}  // namespace

Exit export_command(const ExportOptions& options, Context& context) {
  if (options.scenario.scenario.empty())
    fail_usage("export needs a scenario", "for example: gmpsim export worker-pool --to go");
  if (options.to.empty()) fail_usage("export needs to know what to write", "for example: --to go");
  if (options.to != "go") fail_usage("--to: " + in_quotes(options.to) + " is not go");
  const ScenarioText source = find_scenario(options.scenario.scenario, context.env);
  const LoadedScenario loaded = load_scenario(source, overrides_of(options.scenario.sets), {options.policy}, context);
  GoExport wishes;
  wishes.policy = options.policy.empty() ? loaded.scenario->policies.front().name : options.policy;
  wishes.seed = seed_of(options.scenario.seed, loaded.scenario->random.seed, context);
  wishes.command = command_line(context.arguments);
  Diagnostics problems;
  const auto text = export_to_go(*loaded.compiled, wishes, problems);
  if (!text) {
    context.err() << problems.render(context.err_style.color);
    throw Failure{Exit::bad_input, in_quotes(loaded.name) + " was not exported", {}};
  }
  if (options.output.empty() || options.output == "-") {
    context.out() << *text;
  } else {
    write_file(options.output, *text, options.force ? Overwrite::yes : Overwrite::no);
    context.say("wrote " + printable(options.output));
  }
  return Exit::good;
}

}  // namespace gmpsim
