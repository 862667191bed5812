// diff-presets: in which switches two versions differ.

#include "models/go/settings.hpp"
#include "scenarios/diagnostics.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

std::vector<SwitchText> switches_of(const std::string& preset) {
  Settings settings;
  if (!apply_preset(preset, settings)) {
    std::vector<std::string> known;
    for (const Preset& p : presets()) known.emplace_back(p.name);
    const std::string near = did_you_mean(preset, known);
    fail_usage("there is no preset " + in_quotes(preset), near.empty() ? known_names("presets", known) : near);
  }
  return list_switches(settings);
}

}  // namespace

Exit diff_presets_command(const DiffPresetsOptions& options, Context& context) {
  if (options.presets.size() != 2)
    fail_usage("diff-presets needs two presets", "for example: gmpsim diff-presets go1.19 go1.26");
  const std::string& a = options.presets[0];
  const std::string& b = options.presets[1];
  const std::vector<SwitchText> left = switches_of(a);
  const std::vector<SwitchText> right = switches_of(b);
  std::vector<std::vector<std::string>> rows;
  const auto value_in = [](const std::vector<SwitchText>& list, const std::string& name) {
    for (const SwitchText& s : list)
      if (s.name == name) return s.value;
    return std::string("-");  // a parameter of a policy that the other one does not use
  };
  for (const SwitchText& s : left) {
    if (const std::string other = value_in(right, s.name); other != s.value)
      rows.push_back({s.name, s.value, other, s.what});
  }
  for (const SwitchText& s : right) {
    if (value_in(left, s.name) == "-") rows.push_back({s.name, "-", s.value, s.what});
  }
  const std::vector<std::string> heading{"switch", a, b, "what it decides"};
  if (context.options.format == "csv") {
    context.out() << csv_line(heading);
    for (const auto& row : rows) context.out() << csv_line(row);
  } else if (context.options.format == "json") {
    context.out() << "{\n  \"apiVersion\": \"gmpsim/v1\",\n  \"kind\": \"PresetDifference\",\n  \"presets\": ["
                  << json_text(a) << ", " << json_text(b) << "],\n  \"switches\": [";
    for (std::size_t i = 0; i < rows.size(); ++i)
      context.out() << (i == 0 ? "\n    " : ",\n    ") << "{ \"name\": " << json_text(rows[i][0]) << ", \"values\": ["
                    << json_text(rows[i][1]) << ", " << json_text(rows[i][2]) << "] }";
    context.out() << (rows.empty() ? "]" : "\n  ]") << "\n}\n";
  } else if (rows.empty()) {
    context.out() << a << " and " << b << " do not differ\n";
  } else {
    context.out() << columns_text(heading, rows, context.style);
  }
  return Exit::good;
}

}  // namespace gmpsim
