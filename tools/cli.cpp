// The only file that sees CLI11 (it costs seconds to compile).
//
// CLI11 splits and stores; everything that a person reads is ours. Its messages are terse, its exit codes are numbers
// above 100, an unknown command says "A subcommand is required", "--seed -4" becomes 2^64-4, help cannot show examples
// first. So: nothing is required of the parser, extra words are taken and judged here, numbers are read from text by
// the commands. The name of a value says what may stand there: words separated by '|' are checked, and completed.

#include "tools/cli.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <utility>

#include "scenarios/diagnostics.hpp"
#include "sim/check.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/topics.hpp"
#include "tools/version.hpp"

namespace gmpsim {
namespace {

constexpr const char* kWork = "Simulate";
constexpr const char* kWrite = "Write scenarios";
constexpr const char* kLearn = "Look things up";
constexpr const char* kTool = "The tool itself";

struct Command {
  CLI::App* app = nullptr;
  std::string name;
  std::string summary;
  std::string details;
  std::vector<std::string> examples;
  std::string group;
  bool help = false;
  bool all_help = false;
  std::function<Exit(Context&)> run;
};

class CommandLine {
 public:
  CommandLine() {
    app_.set_help_flag("");
    app_.require_subcommand(0, 1);
    app_.allow_extras();
    add_work();
    add_writing();
    add_looking_up();
    add_tool();
  }

  Exit run(std::vector<std::string> arguments, Environment& env);
  [[nodiscard]] CommandTree tree() const;

 private:
  // --- declaring
  Command& add(const char* group, const char* name, const char* summary, std::vector<std::string> examples,
               const char* details = "") {
    auto& c = *commands_.emplace_back(std::make_unique<Command>());
    c.app = app_.add_subcommand(name);
    c.app->set_help_flag("");
    c.app->allow_extras();
    c.name = name;
    c.summary = summary;
    c.details = details;
    c.examples = std::move(examples);
    c.group = group;
    return c;
  }
  template <class T>
  void positional(Command& c, const char* value, T& to, const char* doc) {
    // CLI11 wants a name of its own for each; only the value is shown.
    c.app->add_option("argument" + std::to_string(c.app->get_options().size()), to, doc)->type_name(value);
  }
  template <class T>
  void option(Command& c, const char* names, const char* value, T& to, const char* doc) {
    // One value for each time that it is written: a list would take the scenario that stands behind it.
    c.app->add_option(names, to, doc)->type_name(value)->group("Own")->allow_extra_args(false);
  }
  void flag(Command& c, const char* names, bool& to, const char* doc) { c.app->add_flag(names, to, doc)->group("Own"); }
  void common(Command& c, const char* formats = nullptr) {
    CLI::App& a = *c.app;
    const auto add_option = [&](const char* names, const char* value, std::string& to, const char* doc) {
      a.add_option(names, to, doc)->type_name(value)->group("Common");
    };
    if (formats != nullptr)
      option(c, "--format", formats, common_.format, "how results are written (default: the first)");
    add_option("--color", "auto|always|never", common_.color, "colour; auto: on a terminal, unless NO_COLOR is set");
    a.add_flag("--ascii", common_.ascii, "no characters beyond ASCII (the default unless the locale is UTF-8)")
        ->group("Common");
    a.add_flag("-q,--quiet", common_.quiet, "nothing on stderr but errors")->group("Common");
    a.add_flag("-h", c.help, "examples and options")->group("Common");
    a.add_flag("--help", c.all_help, "everything about the command")->group("Common");
  }
  void parallel(Command& c) {
    option(c, "-j,--jobs", "N", common_.jobs, "threads to use (default: one for each processor); results are the same");
    c.app->add_option("--progress", common_.progress, "bar on a terminal, a line every 30s (plain), or nothing")
        ->type_name("auto|plain|never")
        ->group("Own");
    flag(c, "--exit-zero", common_.exit_zero, "exit 0 also with findings (for dashboards)");
  }
  void scenario(Command& c, ScenarioOptions& o) {
    positional(c, "SCENARIO", o.scenario, "a file, - for stdin, or a name from `gmpsim list scenarios`");
    option(c, "--seed", "N", o.seed,
           "decimal or 0x hexadecimal, or random (picked and printed); default: the scenario's, else 1");
    option(c, "--set", "PATH=VALUE", o.sets,
           "change the scenario: params.workers=16, /runtime/gomaxprocs=8; may be repeated");
  }
  void add_work();
  void add_writing();
  void add_looking_up();
  void add_tool();

  // --- running
  [[nodiscard]] Command* command_of(const CLI::App* app) {
    for (const auto& c : commands_)
      if (c->app == app) return c.get();
    return nullptr;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& c : commands_) out.push_back(c->name);
    return out;
  }
  [[nodiscard]] Command& known(const std::string& name);
  void parse(const Command& c, std::vector<std::string> arguments);
  void check_words(const Command& c) const;
  [[noreturn]] void refuse_extra(const Command& c, const std::string& word) const;
  Exit help(const std::vector<std::string>& arguments, Environment& env);
  [[nodiscard]] Context context_for(std::vector<std::string> arguments, Environment& env) const;

  CLI::App app_{"a deterministic simulator of Go's goroutine scheduler", "gmpsim"};
  std::vector<std::unique_ptr<Command>> commands_;
  CommonOptions common_;
  RunOptions run_;
  CompareOptions compare_;
  ReplayOptions replay_;
  LitmusOptions litmus_;
  ValidateOptions validate_;
  InitOptions init_;
  FormatOptions fmt_;
  ListOptions list_;
  ExplainOptions explain_;
  DiffPresetsOptions diff_;
  ExportOptions export_;
  BugsOptions bugs_;
  CalibrateOptions calibrate_;
  SchemaOptions schema_;
  CompletionOptions completion_;
};

void CommandLine::add_work() {
  Command& run =
      add(kWork, "run", "simulate a scenario under one policy and judge what happened",
          {"gmpsim run worker-pool", "gmpsim run tight-loop --policy cooperative --seed 7",
           "gmpsim run tight-loop --schedtrace 100ms", "gmpsim run my.json --set params.workers=16 --trace run.jsonl",
           "gmpsim run my.json --replications 100 --format csv"},
          "Prints latencies, what the Ps did, and a verdict for each check of the scenario. With `expect` in the "
          "scenario the exit code says "
          "whether the verdicts are the expected ones. A finding ends with the command that shows it again.");
  scenario(run, run_.scenario);
  option(run, "-p,--policy", "POLICY", run_.policy,
         "a policy of the scenario, or a preset (default: the first one declared)");
  option(run, "-n,--replications", "N", run_.replications, "run with so many seeds, from --seed on (default: 1)");
  option(run, "--costs", "FILE", run_.costs, "what steps cost, as `gmpsim calibrate` measured it");
  option(run, "--trace", "FILE", run_.trace,
         "write every transition: JSON lines, or binary when the name ends in .gmt");
  option(run, "--schedtrace", "TIME[,detail]", run_.schedtrace, "print lines as GODEBUG=schedtrace does, so often");
  option(run, "--save-schedule", "FILE", run_.save_schedule,
         "write seed, choices and checkpoints, for `gmpsim replay`");
  flag(run, "--force", run_.force, "overwrite files");
  parallel(run);
  common(run, "table|json|csv|jsonl|log|goroutines|leak-profile|runtime-metrics");
  run.run = [this](Context& c) { return run_command(run_, c); };

  Command& compare =
      add(kWork, "compare", "policies side by side on the same seeds, with confidence intervals",
          {"gmpsim compare uneven-fan-out", "gmpsim compare tight-loop --policies cooperative,async",
           "gmpsim compare my.json -n 50 --metric span.request.p99",
           "gmpsim compare my.json --fail-if 'span.request.p99 > +5%'"},
          "Every policy runs on the same seeds, so that differences are differences of policy and not of luck. The "
          "first policy is the one "
          "the others are held against. Also says at which decision the policies first part.\n"
          "--fail-if METRIC > +5% (or < -2ms): true when a policy differs from the first by more than that, and the "
          "interval of the "
          "difference agrees. Any other EXPR is a condition as in `require`, true when it holds in some run.");
  scenario(compare, compare_.scenario);
  compare.app
      ->add_option("-p,--policies", compare_.policies,
                   "policies or presets; the first is the one to compare with (default: all declared)")
      ->type_name("A,B")
      ->group("Own")
      ->allow_extra_args(false)
      ->delimiter(',');
  compare.app
      ->add_option("-m,--metric", compare_.metrics,
                   "what to compare, as in `gmpsim list metrics` (default: what suits the run); may be repeated")
      ->type_name("METRIC")
      ->group("Own")
      ->allow_extra_args(false);
  option(compare, "-n,--replications", "N", compare_.replications, "seeds (default: the scenario's, else 20)");
  option(compare, "--costs", "FILE", compare_.costs, "what steps cost, as `gmpsim calibrate` measured it");
  option(compare, "--confidence", "LEVEL", compare_.confidence,
         "of the intervals, for the whole table (default: 0.95)");
  option(compare, "--fail-if", "EXPR", compare_.fail_if, "exit 1 when this is true");
  parallel(compare);
  common(compare, "table|json|csv");
  compare.run = [this](Context& c) { return compare_command(compare_, c); };

  Command& replay = add(kWork, "replay", "see a run again, and whether it is still the same",
                        {"gmpsim replay g1-CnRpZ2h0LWxvb3A...", "gmpsim replay run.schedule.json",
                         "gmpsim replay g1-CnRpZ2h0LWxvb3A... my-edited.json"},
                        "Prints exactly what the run printed. When the scenario or the model has changed since, it "
                        "says so, runs nevertheless, and reports "
                        "between which transitions the run departs (exit 5).");
  positional(replay, "TOKEN|FILE", replay_.what,
             "the token that a finding prints, or a file made by `run --save-schedule`");
  positional(replay, "SCENARIO", replay_.scenario, "instead of the scenario that it names");
  option(replay, "--trace", "FILE", replay_.trace, "write every transition, as for `run`");
  flag(replay, "--force", replay_.force, "overwrite files");
  flag(replay, "--exit-zero", common_.exit_zero, "exit 0 also with findings");
  common(replay, "table|json|csv|jsonl");
  replay.run = [this](Context& c) { return replay_command(replay_, c); };

  Command& litmus = add(
      kWork, "litmus", "hold recordings of the real Go runtime against the model",
      {"gmpsim litmus order-go1.26.json", "gmpsim litmus order-go1.26.json --index 17",
       "gmpsim litmus order-go1.26.json --emit 17 > program.json",
       "gmpsim litmus record --go /usr/lib/go-1.19/bin/go --seed 7 --count 200 -o mine.json"},
      "Each program of a recording is translated into a scenario and run under the preset that the file names; "
      "order of events, values, "
      "outcome, message and blocked goroutines must be the recorded ones, and times where there are any.\n"
      "`gmpsim litmus record` makes random programs from a seed, runs each several times on a Go toolchain, and keeps "
      "those that did the same every time.");
  positional(litmus, "FILE", litmus_.files, "recordings; or the word record");
  option(litmus, "--preset", "PRESET", litmus_.preset, "instead of the one that the file names");
  option(litmus, "--index", "I", litmus_.index, "only this program, from 0");
  option(litmus, "--emit", "I", litmus_.emit, "write this program as a scenario on stdout");
  option(litmus, "--go", "PATH", litmus_.go, "record: the toolchain (default: go on the path)");
  option(litmus, "--style", "order|mixed|timed", litmus_.style,
         "record: no preemption and no times (the default), all operations, or mostly times");
  option(litmus, "--seed", "N", litmus_.seed, "record: of the random programs (default: 1)");
  option(litmus, "--count", "N", litmus_.count, "record: how many programs to try (default: 100)");
  option(litmus, "--runs", "N", litmus_.runs, "record: how often each must do the same (default: 6, with times 4)");
  option(litmus, "-o,--output", "FILE", litmus_.output, "record: where to (default: stdout)");
  flag(litmus, "--force", litmus_.force, "record: overwrite the file");
  parallel(litmus);
  common(litmus, "table|json|csv");
  litmus.run = [this](Context& c) { return litmus_command(litmus_, c); };
}

void CommandLine::add_writing() {
  Command& exported = add(
      kWrite, "export", "a scenario as a program for something real: Go",
      {"gmpsim export worker-pool --to go -o pool.go", "gmpsim export my.json --to go --policy go1.26 --seed 7"},
      "One self-contained Go program (Linux, Go 1.19 or later) with the same goroutines, channels, locks, timers and "
      "random numbers. It prints what `gmpsim run --format log` prints of the model, so that a scenario can be held "
      "against the real runtime: GOMAXPROCS is that of the scenario (--set /runtime/gomaxprocs=1 for exact order). "
      "What only a model can do is refused at its place.");
  scenario(exported, export_.scenario);
  option(exported, "--to", "go", export_.to, "what it is written in");
  option(exported, "-p,--policy", "POLICY", export_.policy, "a policy of the scenario, or a preset: a version of Go");
  option(exported, "-o,--output", "FILE", export_.output, "where to (default: stdout)");
  flag(exported, "--force", export_.force, "overwrite the file");
  common(exported);
  exported.run = [this](Context& c) { return export_command(export_, c); };

  Command& init = add(kWrite, "init", "write a small scenario to start from",
                      {"gmpsim init my-pool", "gmpsim init my-loop --template tight-loop -o loop.json"},
                      "Templates: gmpsim list templates.");
  positional(init, "NAME", init_.name, "name of the scenario: a-z, 0-9 and -");
  option(init, "-t,--template", "TEMPLATE", init_.from, "what to start from (default: worker-pool)");
  option(init, "-o,--output", "FILE", init_.output, "where to (default: NAME.json; - for stdout)");
  flag(init, "--force", init_.force, "overwrite the file");
  common(init);
  init.run = [this](Context& c) { return init_command(init_, c); };

  Command& validate =
      add(kWrite, "validate", "say all that is wrong with scenario files",
          {"gmpsim validate my.json", "gmpsim validate scenarios/*.json --format sarif > problems.sarif"},
          "Reads and compiles without running. Problems come with line, column, and what was probably meant.");
  positional(validate, "FILE", validate_.files, "scenarios; - for stdin");
  option(validate, "--set", "PATH=VALUE", validate_.sets, "change the scenario first; may be repeated");
  flag(validate, "--strict", validate_.strict, "warnings count as errors");
  common(validate, "table|json|sarif");
  validate.run = [this](Context& c) { return validate_command(validate_, c); };

  Command& fmt =
      add(kWrite, "fmt", "lay out scenario files in one way", {"gmpsim fmt my.json", "gmpsim fmt --check *.json"});
  positional(fmt, "FILE", fmt_.files, "files to rewrite; - reads stdin and writes stdout");
  flag(fmt, "--check", fmt_.check, "write nothing; exit 1 when a file would change");
  flag(fmt, "--drop-comments", fmt_.drop_comments, "also files with comments, which are lost");
  common(fmt);
  fmt.run = [this](Context& c) { return fmt_command(fmt_, c); };

  Command& schema =
      add(kWrite, "schema", "the JSON Schema of scenarios, for editors", {"gmpsim schema > scenario.v1.json"});
  positional(schema, "KIND", schema_.kind, "Scenario (the default)");
  common(schema);
  schema.run = [this](Context& c) { return schema_command(schema_, c); };
}

void CommandLine::add_looking_up() {
  Command& list = add(kLearn, "list", "what there is: scenarios, presets, policies, operations, metrics, ...",
                      {"gmpsim list scenarios", "gmpsim list ops --format json"});
  std::string words;
  for (const TopicKind& kind : topic_kinds()) words += (words.empty() ? "" : "|") + kind.plural;
  positional(list, words.c_str(), list_.what, "what to list");
  common(list, "table|json|csv");
  list.run = [this](Context& c) { return list_command(list_, c); };

  Command& explain =
      add(kLearn, "explain", "what a word means: an operation, policy, switch, metric, check, error code, ...",
          {"gmpsim explain runnext", "gmpsim explain bounded_wait", "gmpsim explain E0107"});
  positional(explain, "TOPIC", explain_.topic, "any name that `gmpsim list` shows, or an error code");
  common(explain, "table|json");
  explain.run = [this](Context& c) { return explain_command(explain_, c); };

  Command& diff =
      add(kLearn, "diff-presets", "in which switches two versions of Go differ", {"gmpsim diff-presets go1.19 go1.26"});
  positional(diff, "PRESET", diff_.presets, "two presets");
  common(diff, "table|json|csv");
  diff.run = [this](Context& c) { return diff_presets_command(diff_, c); };

  Command& bugs =
      add(kLearn, "bugs", "known bugs of Go's scheduler under the versions that had and mended them",
          {"gmpsim bugs", "gmpsim bugs mutex-barging"},
          "Each bug is one scenario under two versions (or settings): what the model shows, the verdict of its "
          "check, and the published figure.");
  positional(bugs, "BUG", bugs_.names, "bugs as `gmpsim list bugs` names them (default: all)");
  common(bugs, "table|json|csv");
  bugs.run = [this](Context& c) { return bugs_command(bugs_, c); };
}

void CommandLine::add_tool() {
  Command& completion = add(kTool, "completion", "a completion script for your shell",
                            {"gmpsim completion bash > ~/.local/share/bash-completion/completions/gmpsim",
                             "gmpsim completion fish > ~/.config/fish/completions/gmpsim.fish"});
  positional(completion, "bash|zsh|fish", completion_.shell, "the shell");
  common(completion);
  completion.run = [this](Context& c) { return completion_command(completion_, tree(), c); };

  Command& calibrate =
      add(kTool, "calibrate", "measure what the scheduler's steps cost on this machine",
          {"gmpsim calibrate -o costs.json", "gmpsim run worker-pool --costs costs.json"},
          "Builds and runs a small Go program (a few seconds; best on an idle machine) and writes a cost "
          "file. Costs that a Go program cannot see of itself keep their default (gmpsim list costs).");
  option(calibrate, "--go", "PATH", calibrate_.go, "the toolchain (default: go on the path)");
  option(calibrate, "-o,--output", "FILE", calibrate_.output, "where to (default: stdout)");
  flag(calibrate, "--force", calibrate_.force, "overwrite the file");
  common(calibrate);
  calibrate.run = [this](Context& c) { return calibrate_command(calibrate_, c); };

  Command& doctor =
      add(kTool, "doctor", "how this binary was built, what it may use, and whether it is deterministic here",
          {"gmpsim doctor"});
  common(doctor, "table|json");
  doctor.run = [](Context& c) { return doctor_command(c); };
}

// ------------------------------------------------------------------------------------------------ running

Command& CommandLine::known(const std::string& name) {
  for (const auto& c : commands_)
    if (c->name == name) return *c;
  std::string hint = did_you_mean(name, names());
  if (hint.empty()) hint = "gmpsim --help lists the commands";
  if (name.ends_with(".json")) hint = "gmpsim run " + name;
  fail_usage("there is no command " + in_quotes(name), hint);
}

void CommandLine::refuse_extra(const Command& c, const std::string& word) const {
  const std::string help = "gmpsim " + c.name + " -h shows what it takes";
  if (word.size() < 2 || word[0] != '-') fail_usage(in_quotes(word) + " is one argument too many for " + c.name, help);
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const CLI::Option* o : c.app->get_options()) {
    for (const std::string& l : o->get_lnames()) known.push_back("--" + l);
    for (const std::string& s : o->get_snames()) known.push_back("-" + s);
  }
  const std::string near = did_you_mean(name, known);
  // A flag that another command has is a likelier mistake than a typing error.
  std::string elsewhere;
  for (const auto& other : commands_) {
    for (const CLI::Option* o : other->app->get_options()) {
      if (elsewhere.empty() && o->check_name(name)) elsewhere = "gmpsim " + other->name + " has it; " + help;
    }
  }
  fail_usage(c.name + " has no option " + in_quotes(name), !near.empty()        ? near
                                                           : !elsewhere.empty() ? elsewhere
                                                                                : help);
}

void CommandLine::parse(const Command& c, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants a vector
  try {
    app_.parse(arguments);
  } catch (const CLI::ParseError& e) {
    std::string text = e.what();  // "--seed: 1 required N missing"
    if (const std::size_t at = text.find(": 1 required "); at != std::string::npos && text.ends_with(" missing"))
      text = text.substr(0, at) + " needs a value: " + text.substr(at + 13, text.size() - at - 13 - 8);
    if (const auto end = text.find('\n'); end != std::string::npos) text.resize(end);
    fail_usage(text, "gmpsim " + c.name + " -h shows what it takes");
  }
  for (const std::string& word : c.app->remaining()) refuse_extra(c, word);
  for (const std::string& word : app_.remaining()) refuse_extra(c, word);
}

void CommandLine::check_words(const Command& c) const {
  for (const CLI::Option* o : c.app->get_options()) {
    CommandOption option;
    option.value = o->get_type_name();
    const std::vector<std::string> words = option.words();
    if (words.empty() || option.value == "TOKEN|FILE") continue;
    for (const std::string& given : o->results()) {
      if (std::find(words.begin(), words.end(), given) != words.end()) continue;
      const std::string name = o->get_positional() ? c.name : o->get_name();
      fail_usage(name + ": " + in_quotes(given) + " is none of " + known_names("", words).substr(2),
                 did_you_mean(given, words));
    }
  }
}

Context CommandLine::context_for(std::vector<std::string> arguments, Environment& env) const {
  Context context{env, common_, {}, {}, 1, std::move(arguments)};
  std::string color = common_.color;
  if (const std::string wish = env.variable("GMPSIM_COLOR"); color == "auto" && (wish == "always" || wish == "never"))
    color = wish;
  context.style.ascii = context.err_style.ascii = common_.ascii || !speaks_utf8(env);
  context.style.color = use_color(env, env.out_is_terminal, color);
  context.err_style.color = use_color(env, env.err_is_terminal, color);
  // The width of a terminal may shape what is shown on it, but never what goes into a file.
  context.style.width = context.err_style.width = env.out_is_terminal ? env.width : 100;
  std::string jobs = common_.jobs.empty() ? env.variable("GMPSIM_JOBS") : common_.jobs;
  context.jobs = env.processors;
  if (!jobs.empty()) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(jobs.data(), jobs.data() + jobs.size(), value);
    if (error != std::errc() || end != jobs.data() + jobs.size() || value > 1024)
      fail_usage("--jobs: " + in_quotes(jobs) + " is no number from 0 to 1024");
    if (value > 0) context.jobs = value;
  }
  return context;
}

Exit CommandLine::help(const std::vector<std::string>& arguments, Environment& env) {
  if (arguments.empty()) {
    *env.out << help_text(tree(), env.width);
    return Exit::good;
  }
  const CommandTree all = tree();
  if (const CommandTree* const command = all.find(arguments[0])) {
    *env.out << help_text(all, *command, true, env.width);
    return Exit::good;
  }
  explain_.topic = arguments[0];
  Context context = context_for(arguments, env);
  return explain_command(explain_, context);
}

Exit CommandLine::run(std::vector<std::string> arguments, Environment& env) {
  if (arguments.empty()) {
    *env.err << help_text(tree(), env.width);
    return Exit::usage;
  }
  const std::string first = arguments[0];
  if (first == "-h" || first == "--help" || first == "help") return help({arguments.begin() + 1, arguments.end()}, env);
  if (first == "--version" || first == "-V") {
    *env.out << "gmpsim " << version() << "   model behaviour " << kModelBehaviour << "\n";
    return Exit::good;
  }
  if (first.starts_with("-"))
    fail_usage("options come after the command: " + in_quotes(first), "gmpsim --help lists the commands");
  Command& command = known(first);
  // Help is asked for also by who got the rest wrong.
  const auto asks = [&](const char* flag) {
    return std::find(arguments.begin() + 1, arguments.end(), flag) != arguments.end();
  };
  if (asks("--help") || asks("-h")) {
    const CommandTree all = tree();
    *env.out << help_text(all, *all.find(first), asks("--help"), env.width);
    return Exit::good;
  }
  parse(command, arguments);
  check_words(command);
  Context context = context_for(std::move(arguments), env);
  Exit code = command.run(context);
  if (common_.exit_zero && (code == Exit::finding || code == Exit::undecided)) code = Exit::good;
  return code;
}

CommandTree CommandLine::tree() const {
  CommandTree root{
      app_.get_name(), app_.get_description(), {}, {"gmpsim run tight-loop", "gmpsim compare tight-loop"}, {}, {}, {}};
  for (const auto& c : commands_) {
    CommandTree command{c->name, c->summary, c->details, c->examples, c->group, {}, {}};
    for (const CLI::Option* o : c->app->get_options()) {
      CommandOption option;
      if (!o->get_positional()) {
        for (const std::string& s : o->get_snames()) option.names.push_back("-" + s);
        for (const std::string& l : o->get_lnames()) option.names.push_back("--" + l);
      }
      if (o->get_items_expected_max() > 0) option.value = o->get_type_name();
      option.many = o->get_items_expected_max() > 1;
      option.doc = o->get_description();
      option.common = o->get_group() == "Common";
      command.options.push_back(std::move(option));
    }
    root.commands.push_back(std::move(command));
  }
  return root;
}

void print_failure(const Failure& f, Environment& env) {
  const TextStyle style{use_color(env, env.err_is_terminal, "auto"), !speaks_utf8(env)};
  *env.err << painted("error:", Paint::bad, style) << ' ' << f.message << '\n';
  if (!f.hint.empty()) *env.err << "       " << f.hint << '\n';
}

void print_our_bug(const std::string& what, const std::vector<std::string>& arguments, Environment& env) {
  *env.err << "gmpsim " << version() << " failed: " << what << "\n"
           << "This is a bug in gmpsim, not in your scenario. Please report it with the scenario and this command "
              "line:\n  gmpsim";
  for (const std::string& a : arguments) {
    const bool plain =
        !a.empty() && a.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./,:") ==
                          std::string::npos;
    *env.err << ' ' << (plain ? a : "'" + a + "'");
  }
  *env.err << '\n';
}

}  // namespace

const char* version() { return GMPSIM_VERSION; }

CommandTree command_tree() { return CommandLine().tree(); }

int run_command_line(const std::vector<std::string>& arguments, Environment& env) {
  Exit code = Exit::internal;
  try {
    code = CommandLine().run(arguments, env);
  } catch (const Failure& f) {
    env.out->flush();
    print_failure(f, env);
    code = f.code;
  } catch (const CheckFailure& f) {
    print_our_bug(f.text, arguments, env);
  } catch (const std::bad_alloc&) {
    *env.err << "error: not enough memory\n";
    code = Exit::environment;
  } catch (const std::exception& e) {
    print_our_bug(e.what(), arguments, env);
  } catch (...) {
    print_our_bug("an unknown exception", arguments, env);
  }
  env.out->flush();
  if (!*env.out) {
    *env.err << "error: cannot write all of the output (is the disk full?)\n";
    code = worse(code, Exit::environment);
  }
  env.err->flush();
  return static_cast<int>(code);
}

}  // namespace gmpsim
