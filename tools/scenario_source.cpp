#include "tools/scenario_source.hpp"

#include <utility>

#include "models/go/settings.hpp"
#include "tools/catalogue.hpp"
#include "tools/condition_check.hpp"
#include "tools/failure.hpp"
#include "tools/files.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

// One byte more than the parser takes, so that it is the one who complains.
constexpr std::size_t kReadAtMost = kMaxBytes + 1;

/// Makes presets that are asked for policies of the scenario.
void add_policies(Scenario& s, const std::vector<std::string>& wanted) {
  for (const std::string& name : wanted) {
    if (name.empty() || s.policy(name) != nullptr) continue;
    Settings ignored;
    if (!apply_preset(name, ignored)) {
      std::vector<std::string> known;
      for (const Policy& p : s.policies) known.push_back(p.name);
      std::vector<std::string> all = known;
      for (const Preset& p : presets()) all.emplace_back(p.name);
      const std::string near = did_you_mean(name, all);
      fail_usage("the scenario has no policy " + in_quotes(name) + ", and no preset is called so",
                 near.empty() ? known_names("policies", known) : near);
    }
    Policy preset;
    preset.name = preset.use = name;
    preset.place = {s.document.get(), ""};
    s.policies.push_back(std::move(preset));
  }
}

bool could_be_a_name(const std::string& name) {
  return name.find('/') == std::string::npos && !name.ends_with(".json");
}

}  // namespace

ScenarioText find_scenario(const std::string& name, Environment& env) {
  if (name == "-") return {"-", "<stdin>", read_stream(*env.in, kReadAtMost).text, false};
  const bool may_be_name = could_be_a_name(name);
  if (may_be_name) {
    if (const CatalogueEntry* const entry = find_in_catalogue(name))
      return {name, name + ".json", std::string(entry->text), true};
  }
  if (auto file = read_if_there(name, kReadAtMost)) return {name, name, std::move(file->text), false};
  std::string hint;
  if (may_be_name) {
    hint = did_you_mean(name, catalogue_names());
    if (hint.empty() && is_file(name + ".json")) hint = "did you mean " + name + ".json?";
    if (hint.empty()) hint = "gmpsim list scenarios shows the names there are";
    fail_environment("there is neither a scenario of the catalogue nor a file called " + in_quotes(name), hint);
  }
  if (const std::string stem = name.substr(name.rfind('/') + 1); stem.ends_with(".json")) {
    const std::string bare = stem.substr(0, stem.size() - 5);
    if (find_in_catalogue(bare) != nullptr) hint = "the catalogue has one of this name: " + bare;
  }
  fail_environment("cannot read " + in_quotes(name) + ": no such file", hint);
}

ReadOptions read_options(const ScenarioText& source, std::vector<Override> overrides) {
  ReadOptions options;
  options.overrides = std::move(overrides);
  if (source.from_catalogue) {
    options.load = [](const std::string& path) -> std::optional<std::string> {
      if (!path.ends_with(".json")) return std::nullopt;
      const CatalogueEntry* const entry = find_in_catalogue(path.substr(0, path.size() - 5));
      return entry == nullptr ? std::nullopt : std::optional(std::string(entry->text));
    };
  } else {
    options.load = [](const std::string& path) -> std::optional<std::string> {
      try {
        auto file = read_if_there(path, kReadAtMost);
        return file ? std::optional(std::move(file->text)) : std::nullopt;
      } catch (const Failure&) {
        return std::nullopt;  // a folder, no permission: told where it is extended
      }
    };
  }
  return options;
}

std::vector<Override> overrides_of(const std::vector<std::string>& sets) {
  std::vector<Override> out;
  for (const std::string& set : sets) {
    auto parsed = parse_override(set);
    if (!parsed)
      fail_usage("--set: " + in_quotes(set) + " is not PATH=VALUE",
                 "for example: --set params.workers=16, --set /runtime/gomaxprocs=8");
    out.push_back(std::move(*parsed));
  }
  return out;
}

LoadedScenario load_scenario(const ScenarioText& source, std::vector<Override> overrides,
                             const std::vector<std::string>& policies, Context& context) {
  LoadedScenario out;
  out.name = source.name;
  out.overrides = overrides;
  Diagnostics problems;
  if (auto scenario = read_scenario(source.text, source.file, read_options(source, std::move(overrides)), problems)) {
    add_policies(*scenario, policies);
    out.scenario = std::make_shared<const Scenario>(std::move(*scenario));
    out.compiled = compile(out.scenario, problems);
    check_conditions(*out.scenario, problems);
    // A scenario that is valid but beyond this version is refused here, by whoever wants to run it.
    if (out.compiled) {
      for (const auto* list : {&out.scenario->not_yet, &out.compiled->not_yet}) {
        for (const Diagnostic& d : *list) problems.add(d);
      }
    }
  }
  const bool good = out.compiled != nullptr && !problems.has_errors();
  if (!problems.all().empty() && (!good || !context.options.quiet))
    context.err() << problems.render(context.err_style.color);
  if (!good) throw Failure{Exit::bad_input, in_quotes(source.file) + " was not run", {}};
  return out;
}

}  // namespace gmpsim
