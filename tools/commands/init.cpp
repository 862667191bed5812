// init: a small complete scenario to start from.

#include <algorithm>

#include "scenarios/diagnostics.hpp"
#include "scenarios/grammar.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/files.hpp"
#include "tools/templates.hpp"

namespace gmpsim {

Exit init_command(const InitOptions& options, Context& context) {
  if (options.name.empty()) fail_usage("init needs a name", "for example: gmpsim init my-pool");
  if (!matches(Form::title, options.name) || options.name.size() > 100) {
    std::string better =
        options.name.ends_with(".json") ? options.name.substr(0, options.name.size() - 5) : options.name;
    for (char& c : better)
      c = std::isalnum(static_cast<unsigned char>(c)) != 0
              ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
              : '-';
    fail_usage(in_quotes(options.name) + " is no name for a scenario: a-z, 0-9 and -",
               matches(Form::title, better) ? "for example: gmpsim init " + better : "");
  }
  const auto templates = scenario_templates();
  const auto chosen = std::find_if(templates.begin(), templates.end(),
                                   [&](const ScenarioTemplate& t) { return t.name == options.from; });
  if (chosen == templates.end()) {
    std::vector<std::string> known;
    for (const ScenarioTemplate& t : templates) known.emplace_back(t.name);
    const std::string near = did_you_mean(options.from, known);
    fail_usage("there is no template " + in_quotes(options.from),
               near.empty() ? known_names("templates", known) : near);
  }
  std::string text(chosen->text);
  for (std::size_t at = text.find("@NAME@"); at != std::string::npos; at = text.find("@NAME@", at))
    text.replace(at, 6, options.name);

  const std::string file = options.output.empty() ? options.name + ".json" : options.output;
  if (file == "-") {
    context.out() << text;
    return Exit::good;
  }
  write_file(file, text, options.force ? Overwrite::yes : Overwrite::no);
  context.say("wrote " + printable(file) + "\nnext   gmpsim run " + printable(file));
  return Exit::good;
}

}  // namespace gmpsim
