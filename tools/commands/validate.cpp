// validate: reads and compiles without running, and says all that is wrong: for people, for programs, for code review.

#include <algorithm>
#include <utility>

#include "scenarios/compile.hpp"
#include "scenarios/reader.hpp"
#include "tools/commands/commands.hpp"
#include "tools/condition_check.hpp"
#include "tools/failure.hpp"
#include "tools/scenario_source.hpp"
#include "tools/text_formats.hpp"
#include "tools/topics.hpp"
#include "tools/version.hpp"

namespace gmpsim {
namespace {

struct Checked {
  std::string file;
  Diagnostics problems;
  Exit code = Exit::good;
};

Checked check(const std::string& name, const std::vector<Override>& overrides, bool strict, Environment& env) {
  const ScenarioText source = find_scenario(name, env);
  Checked out{source.file, {}, Exit::good};
  if (auto scenario = read_scenario(source.text, source.file, read_options(source, overrides), out.problems)) {
    const auto shared = std::make_shared<const Scenario>(std::move(*scenario));
    const auto compiled = compile(shared, out.problems);
    check_conditions(*shared, out.problems);
    // What does not run yet is no mistake of the file.
    const auto add_all = [&](const std::vector<Diagnostic>& list) {
      for (Diagnostic d : list) {
        d.severity = Severity::warning;
        out.problems.add(std::move(d));
      }
    };
    add_all(shared->not_yet);
    if (compiled) add_all(compiled->not_yet);
  }
  if (out.problems.has_errors() || (strict && out.problems.warnings() > 0)) out.code = Exit::bad_input;
  return out;
}

const char* word_for(Severity s) { return s == Severity::error ? "error" : "warning"; }

std::string as_json(const std::vector<Checked>& all) {
  std::string out = "{\n  \"apiVersion\": \"gmpsim/v1\",\n  \"kind\": \"Diagnostics\",\n  \"files\": [";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Checked& c = all[i];
    out += std::string(i == 0 ? "" : ",") + "\n    { \"file\": " + json_text(c.file) +
           ", \"errors\": " + std::to_string(c.problems.errors()) +
           ", \"warnings\": " + std::to_string(c.problems.warnings()) + ", \"problems\": [";
    const auto& list = c.problems.all();
    for (std::size_t d = 0; d < list.size(); ++d) {
      const Diagnostic& p = list[d];
      out += std::string(d == 0 ? "" : ",") + "\n      { \"severity\": \"" + word_for(p.severity) +
             "\", \"code\": " + json_text(p.code) + ", \"message\": " + json_text(p.message) +
             ", \"hint\": " + json_text(p.hint) + ", \"note\": " + json_text(p.note) +
             ",\n        \"file\": " + json_text(p.file) + ", \"line\": " + std::to_string(p.line) +
             ", \"column\": " + std::to_string(p.column) + ", \"pointer\": " + json_text(p.pointer) + " }";
    }
    out += list.empty() ? "] }" : "\n    ] }";
  }
  return out + "\n  ]\n}\n";
}

/// SARIF 2.1.0: what code hosting services show beside the lines of a change.
std::string as_sarif(const std::vector<Checked>& all) {
  std::vector<std::string> codes;
  std::string results;
  for (const Checked& c : all) {
    for (const Diagnostic& p : c.problems.all()) {
      if (std::find(codes.begin(), codes.end(), p.code) == codes.end()) codes.push_back(p.code);
      const std::string text = p.message + (p.hint.empty() ? "" : "; " + p.hint);
      results += std::string(results.empty() ? "" : ",") + "\n      { \"ruleId\": " + json_text(p.code) +
                 ", \"level\": \"" + word_for(p.severity) + "\", \"message\": { \"text\": " + json_text(text) +
                 " },\n        \"locations\": [ { \"physicalLocation\": { \"artifactLocation\": { \"uri\": " +
                 json_text(p.file.empty() ? c.file : p.file) +
                 " }, \"region\": { \"startLine\": " + std::to_string(std::max<std::uint32_t>(p.line, 1)) +
                 ", \"startColumn\": " + std::to_string(std::max<std::uint32_t>(p.column, 1)) + " } } } ] }";
    }
  }
  std::sort(codes.begin(), codes.end());
  std::string rules;
  for (const std::string& code : codes)
    rules += std::string(rules.empty() ? "" : ",") + " { \"id\": " + json_text(code) + " }";
  return "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n  \"runs\": "
         "[ {\n"
         "    \"tool\": { \"driver\": { \"name\": \"gmpsim\", \"version\": " +
         json_text(version()) + ", \"rules\": [" + rules + " ] } },\n    \"results\": [" + results +
         (results.empty() ? "]" : "\n    ]") + "\n  } ]\n}\n";
}

}  // namespace

Exit validate_command(const ValidateOptions& options, Context& context) {
  if (options.files.empty()) fail_usage("validate needs files", "for example: gmpsim validate my.json");
  const std::vector<Override> overrides = overrides_of(options.sets);
  std::vector<Checked> all;
  Exit code = Exit::good;
  for (const std::string& file : options.files) {
    try {
      all.push_back(check(file, overrides, options.strict, context.env));
      code = worse(code, all.back().code);
    } catch (const Failure& f) {
      // The other files are looked at nevertheless.
      context.err() << painted("error:", Paint::bad, context.err_style) << ' ' << f.message << '\n';
      if (!f.hint.empty()) context.err() << "       " << f.hint << '\n';
      code = worse(code, f.code);
    }
  }
  if (context.options.format == "json") {
    context.out() << as_json(all);
  } else if (context.options.format == "sarif") {
    context.out() << as_sarif(all);
  } else {
    for (const Checked& c : all) {
      if (c.problems.all().empty()) {
        context.out() << painted("ok", Paint::good, context.style) << "   " << printable(c.file) << '\n';
        continue;
      }
      std::string text = c.problems.render(context.style.color);
      if (c.code != Exit::good && text.ends_with('\n')) text.insert(text.size() - 1, ": exit 3");
      context.out() << text;
    }
  }
  return code;
}

}  // namespace gmpsim
