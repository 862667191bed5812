// replay: the same run again, from a token or from a stored schedule, and whether it is still the same.

#include <fmt/format.h>

#include <algorithm>

#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/judged_run.hpp"
#include "tools/run_output.hpp"
#include "tools/schedule_file.hpp"
#include "tools/text_formats.hpp"
#include "tools/version.hpp"

namespace gmpsim {
namespace {

/// What a token and a schedule have in common.
struct Remembered {
  RunKey key;
  std::uint64_t records = 0;
  std::string fingerprint;               ///< 16 digits of a token, 32 of a schedule
  std::vector<std::uint64_t> positions;  ///< of the checkpoints
  std::vector<std::uint64_t> hashes;
  std::uint64_t mask = ~std::uint64_t{0};  ///< how much of a hash was kept
  std::optional<Schedule> schedule;
};

Remembered from_token(const std::string& text) {
  auto result = decode_token(text);
  if (!result.token) fail_input(result.error, "copy the whole token, from \"g1-\" to its end");
  Remembered r;
  r.records = result.token->records;
  r.fingerprint = Fingerprint{result.token->fingerprint, 0}.short_hex();
  r.positions = checkpoints_of_token(r.records);
  r.hashes.assign(result.token->checkpoints.begin(), result.token->checkpoints.end());
  r.mask = 0xffff;
  r.key = std::move(result.token->key);
  return r;
}

Remembered from_file(const std::string& file, Context& context) {
  const bool piped = file == "-";
  std::string text = piped ? read_stream(*context.env.in, kMaxBytes + 1).text : read_file(file, kMaxBytes + 1).text;
  Diagnostics problems;
  auto schedule = read_schedule(std::move(text), piped ? "<stdin>" : file, problems);
  if (!schedule) {
    context.err() << problems.render(context.err_style.color);
    fail_input(in_quotes(file) + " cannot be replayed");
  }
  Remembered r;
  r.key = schedule->key;
  r.records = schedule->records;
  r.fingerprint = schedule->fingerprint;
  for (const Checkpoint& c : schedule->checkpoints) {
    r.positions.push_back(c.count);
    r.hashes.push_back(c.hash);
  }
  r.schedule = std::move(*schedule);
  return r;
}

Remembered remembered(const std::string& what, Context& context) {
  const bool file_like = what == "-" || what.ends_with(".json") || what.find('/') != std::string::npos;
  if (file_like || (!what.starts_with("g1-") && is_file(what))) return from_file(what, context);
  return from_token(what);
}

/// Says at once what has changed since; the run follows all the same.
bool say_what_changed(const Remembered& r, const Plan& plan, Context& context) {
  const auto warn = [&](const std::string& line) {
    context.err() << painted("changed:", Paint::warn, context.err_style) << ' ' << line << '\n';
  };
  bool changed = false;
  if (r.key.scenario_hash != plan.key.scenario_hash) {
    warn(fmt::format("the scenario is not the one of that run (its hash was {:016x}, now {:016x})", r.key.scenario_hash,
                     plan.key.scenario_hash));
    changed = true;
  }
  if (r.key.behaviour != kModelBehaviour) {
    warn(fmt::format("the model is not the one of that run (its behaviour was number {}, now {})", r.key.behaviour,
                     kModelBehaviour));
    changed = true;
  }
  return changed;
}

/// Where the run departs from what is remembered, in words; empty when it does not.
std::string departure(const Remembered& r, JudgedRun& run, const std::vector<Checkpoint>& along) {
  const TextStyle plain;
  const auto place = [&](std::uint64_t count, Time at) {
    return fmt::format("transition {} ({})", grouped(static_cast<std::int64_t>(count), plain), instant(at));
  };
  std::size_t same = 0;
  while (same < along.size() && same < r.hashes.size() && (along[same].hash & r.mask) == r.hashes[same]) ++same;
  const std::uint64_t records = run.checkpoints().records();
  const std::string fingerprint = run.checkpoints().fingerprint().hex().substr(0, r.fingerprint.size());
  if (same == r.hashes.size() && records == r.records && fingerprint == r.fingerprint) return {};

  std::string text = same == 0 ? "the run departs after its start"
                               : "the run departs after " + place(along[same - 1].count, along[same - 1].at);
  if (same < r.hashes.size() && same < along.size()) {
    text += " and before " + place(along[same].count, along[same].at);
  } else if (same < r.hashes.size()) {
    text += fmt::format(" and ends after {} transitions; that run had {}",
                        grouped(static_cast<std::int64_t>(records), plain),
                        grouped(static_cast<std::int64_t>(r.records), plain));
  } else {
    text += fmt::format("; it has {} transitions, that run had {}", grouped(static_cast<std::int64_t>(records), plain),
                        grouped(static_cast<std::int64_t>(r.records), plain));
  }
  return text;
}

std::string answer_text(const Choice& c) {
  return c.n == 0 ? fmt::format("the random bits {:#x}", c.answer)
                  : fmt::format("alternative {} of {}", c.answer + 1, c.n);
}

/// The first question that the stored choices could not answer: who asked it, when and where, and both answers.
std::string choice_departure(const JudgedRun& run, const std::string& margin) {
  const ReplayChooser& replay = *run.replay();
  const TextStyle plain;
  const auto number = [&](std::size_t n) { return grouped(static_cast<std::int64_t>(n), plain); };
  if (!run.departure())
    return margin + fmt::format(
                        "every question was answered as in that run, {} of {} stored answers were used: what "
                        "differs is not left to chance\n",
                        number(replay.answered()), number(replay.recorded()));
  const JudgedRun::Departure& d = *run.departure();
  const Choice& c = replay.first_departure();
  std::string text = margin + fmt::format("first choice that departs, at {} after {} answered: {} asks for {}{}\n",
                                          instant(d.at), number(replay.answered_before()),
                                          d.who.empty() ? "something from outside" : printable(d.who),
                                          d.what.empty() ? "chance" : d.what,
                                          c.site.count == 0 ? "" : fmt::format(", for the {}. time", c.site.count + 1));
  if (d.place)
    text += margin + fmt::format("  at        {}:{}:{}   {}\n", printable(d.place->file), d.place->line,
                                 d.place->column, printable(d.place->pointer));
  text += margin + "  recorded  " +
          (replay.recorded_there() ? answer_text(*replay.recorded_there()) : "nothing: that run did not ask this") +
          "\n";
  text += margin + "  now       " + answer_text(c) + "\n";
  return text;
}

}  // namespace

Exit replay_command(const ReplayOptions& options, Context& context) {
  if (options.what.empty())
    fail_usage("replay needs a token or a schedule file", "a finding of `gmpsim run` prints the whole command");
  const Remembered r = remembered(options.what, context);
  const std::string scenario = options.scenario.empty() ? r.key.scenario : options.scenario;
  if (scenario == "-" && options.scenario.empty())
    fail_usage("that run read its scenario from stdin: say where it is", "gmpsim replay " + options.what + " SCENARIO");

  const ScenarioText source = find_scenario(scenario, context.env);
  const LoadedScenario loaded = load_scenario(source, r.key.overrides, {r.key.policy}, context);
  Plan plan = make_plan(loaded, r.key.policy, context);
  set_schedtrace(plan, r.key.schedtrace, r.key.scheddetail);
  plan.key.scenario = scenario;
  const bool changed = say_what_changed(r, plan, context);

  Checkpoints along(r.positions);
  RunWishes wishes;
  wishes.sinks = {&along};
  if (r.schedule) wishes.replayed = &r.schedule->choices;
  JudgedRun run(plan, r.key.seed, wishes);
  TraceFile trace(options.trace, options.force, run);
  run_with_progress(run, plan, "replay", context);
  trace.commit(context);
  if (const auto error = run.scenario_error()) print_scenario_error(*error, context);
  context.out() << run_text(run, context.options.format, context.style);
  context.out().flush();

  const std::string departed = departure(r, run, along.all());
  if (departed.empty()) {
    context.say(fmt::format("replayed: the same {} transitions, fingerprint {}{}",
                            grouped(static_cast<std::int64_t>(r.records), context.err_style), r.fingerprint,
                            changed ? " (what has changed does not matter to this run)" : ""));
    return run.exit_code();
  }
  context.err() << painted("departed:", Paint::bad, context.err_style) << ' ' << departed << '\n';
  if (run.replay() != nullptr && r.schedule->choices_complete) context.err() << choice_departure(run, "          ");
  if (!changed)
    context.err() << "          neither the scenario nor the model says that it has changed: please report this\n";
  return worse(run.exit_code(), Exit::not_reproducible);
}

}  // namespace gmpsim
