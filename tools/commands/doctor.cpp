// doctor: what this binary is, what it may use here, and whether it is deterministic on this machine.

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "models/go/settings.hpp"
#include "tools/catalogue.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/judged_run.hpp"
#include "tools/parallel.hpp"
#include "tools/templates.hpp"
#include "tools/text_formats.hpp"
#include "tools/version.hpp"

namespace gmpsim {
namespace {

struct Line {
  std::string what;
  std::string value;
};

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

std::string limit_of(int resource, double unit, const char* name) {
  rlimit limit{};
  if (getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return "no limit";
  return fmt::format("{:.0f} {}", static_cast<double>(limit.rlim_cur) / unit, name);
}

/// A run of each template and of some scenarios of the catalogue: enough to meet every part of the model, short
/// enough to wait for.
std::vector<ScenarioText> samples() {
  std::vector<ScenarioText> out;
  for (const ScenarioTemplate& t : scenario_templates()) {
    std::string text(t.text);
    for (std::size_t at = text.find("@NAME@"); at != std::string::npos; at = text.find("@NAME@", at))
      text.replace(at, 6, "sample");
    out.push_back({std::string(t.name), std::string(t.name) + " (template)", std::move(text), true});
  }
  return out;
}

/// Fingerprints twice in a row and in threads at the same time.
std::vector<Line> self_test(Context& context, bool& good) {
  std::vector<Plan> plans;
  for (const ScenarioText& source : samples()) {
    const LoadedScenario loaded = load_scenario(source, {}, {}, context);
    for (const Policy& p : loaded.scenario->policies) plans.push_back(make_plan(loaded, p.name, context));
  }
  const auto fingerprint = [](const Plan& plan) {
    JudgedRun run(plan, plan.key.seed);
    run.run();
    return run.checkpoints().fingerprint();
  };
  std::vector<Fingerprint> first, again;
  for (const Plan& plan : plans) first.push_back(fingerprint(plan));
  for (const Plan& plan : plans) again.push_back(fingerprint(plan));
  constexpr std::size_t kTimes = 8;
  std::vector<Fingerprint> parallel(plans.size() * kTimes);
  Progress progress(context, "doctor", parallel.size());
  for_each_index(parallel.size(), std::max(context.jobs, 8u), progress,
                 [&](std::size_t i) { parallel[i] = fingerprint(plans[i % plans.size()]); });
  progress.finish();

  const bool twice = first == again;
  bool in_threads = true;
  Hasher all;
  for (std::size_t i = 0; i < parallel.size(); ++i) in_threads &= parallel[i] == first[i % plans.size()];
  for (const Fingerprint& f : first) all.word(f.hi), all.word(f.lo);
  good = twice && in_threads;
  return {{"runs", fmt::format("{} scenarios and policies", plans.size())},
          {"twice in a row", twice ? "the same" : "NOT the same"},
          {fmt::format("{} at once", parallel.size()), in_threads ? "the same" : "NOT the same"},
          {"fingerprint of all", all.value().short_hex() + "   (the same on every machine with this version)"}};
}

}  // namespace

Exit doctor_command(Context& context) {
  const std::string flags = std::string(GMPSIM_BUILD_FLAGS) + " -ffp-contract=off";
  const std::string sanitize = GMPSIM_BUILD_SANITIZE;
  const std::vector<Line> build{
      {"version", fmt::format("{}   model behaviour {}", version(), kModelBehaviour)},
      {"compiler", compiler()},
      {"build",
       fmt::format("{}   {}{}", GMPSIM_BUILD_TYPE, flags, sanitize.empty() ? "" : "   sanitizers " + sanitize)},
      {"checks", "on (an internal error ends a run instead of falsifying it)"},
      {"presets", fmt::format("{} to {}", presets().front().name, presets().back().name)},
      {"catalogue", counted(catalogue().size(), "scenario")},
  };
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGE_SIZE);
  const std::vector<Line> machine{
      {"processors", fmt::format("{}   {} used (--jobs, GMPSIM_JOBS)", context.env.processors, context.jobs)},
      {"memory", fmt::format("{:.1f} GiB   address space {}",
                             static_cast<double>(pages) * static_cast<double>(page) / (1024.0 * 1024 * 1024),
                             limit_of(RLIMIT_AS, 1024.0 * 1024, "MiB"))},
      {"stack", limit_of(RLIMIT_STACK, 1024, "KiB")},
  };
  const std::vector<Line> terminal{
      {"stdout", context.env.out_is_terminal ? fmt::format("terminal, {} columns", context.env.width) : "no terminal"},
      {"colour", fmt::format("{}   (--color, NO_COLOR{}, TERM={})", context.style.color ? "yes" : "no",
                             context.env.variable("NO_COLOR").empty() ? " unset" : " set",
                             context.env.variable("TERM").empty() ? "unset" : context.env.variable("TERM"))},
      {"characters", context.style.ascii ? "ASCII   (the locale is not UTF-8, or --ascii)" : "UTF-8"},
  };
  bool good = false;
  const std::vector<Line> test = self_test(context, good);

  const std::vector<std::pair<std::string, const std::vector<Line>*>> sections{
      {"build", &build}, {"machine", &machine}, {"terminal", &terminal}, {"determinism", &test}};
  if (context.options.format == "json") {
    context.out() << "{\n  \"apiVersion\": \"gmpsim/v1\",\n  \"kind\": \"Doctor\",\n  \"healthy\": "
                  << (good ? "true" : "false");
    for (const auto& [title, lines] : sections) {
      context.out() << ",\n  " << json_text(title) << ": {";
      for (std::size_t i = 0; i < lines->size(); ++i)
        context.out() << (i == 0 ? " " : ", ") << json_text((*lines)[i].what) << ": " << json_text((*lines)[i].value);
      context.out() << " }";
    }
    context.out() << "\n}\n";
  } else {
    for (const auto& [title, lines] : sections) {
      context.out() << painted(title, Paint::strong, context.style) << '\n';
      for (const Line& l : *lines) context.out() << fmt::format("  {:<20} {}\n", l.what, printable(l.value));
    }
    context.out() << '\n'
                  << (good ? painted("healthy", Paint::good, context.style)
                           : painted("NOT deterministic here: please report this", Paint::bad, context.style))
                  << '\n';
  }
  return good ? Exit::good : Exit::internal;
}

}  // namespace gmpsim
