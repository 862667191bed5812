#include "tools/judged_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

#include "models/go/settings.hpp"
#include "scenarios/ops/registry.hpp"
#include "sim/random.hpp"
#include "tools/failure.hpp"
#include "tools/version.hpp"

namespace gmpsim {
namespace {

constexpr double kMillion = 1e6;

OracleSpec spec_of(const Check& c) {
  OracleSpec s;
  s.name = c.name;
  s.kind = c.kind;
  s.warn = c.warn;
  s.who = c.who;
  s.on = c.on;
  s.max = c.max;
  s.within = c.within;
  s.by = c.by;
  s.mark = c.mark;
  s.done = c.done;
  if (c.jain_min_ppm) s.jain_min = static_cast<double>(*c.jain_min_ppm) / kMillion;
  if (c.share_ppm)
    s.share = {static_cast<double>(c.share_ppm->first) / kMillion, static_cast<double>(c.share_ppm->second) / kMillion};
  s.label = c.label;
  s.values = c.values;
  s.how = c.how;
  s.message = c.message;
  s.expression = c.expression;
  if (c.blocked) {
    s.blocked.emplace();
    for (const Check::Blocked& b : *c.blocked) s.blocked->push_back({b.who, b.reason, b.on, b.count});
  }
  return s;
}

/// A deadlock or a panic is a finding also where nobody asked; where a check speaks of it, that check decides.
std::vector<OracleSpec> implied_checks(const std::vector<Check>& checks) {
  const auto any_of_kind = [&](std::initializer_list<const char*> kinds) {
    return std::any_of(checks.begin(), checks.end(),
                       [&](const Check& c) { return std::find(kinds.begin(), kinds.end(), c.kind) != kinds.end(); });
  };
  std::vector<OracleSpec> out;
  for (const char* const kind : {"deadlock", "panic"}) {
    const bool spoken_of =
        kind[0] == 'd' ? any_of_kind({"deadlock", "ends"}) : any_of_kind({"panic", "misuse", "ends"});
    if (spoken_of) continue;
    OracleSpec s;
    s.name = s.kind = kind;
    out.push_back(std::move(s));
  }
  return out;
}

std::optional<Expected> expectation(const Scenario& s, const std::string& policy, const std::string& check) {
  std::optional<Expected> found;
  for (const Expectation& e : s.expect) {
    if (e.check != check) continue;
    if (e.policy == policy) return e.verdict;
    if (e.policy == "*") found = e.verdict;
  }
  return found;
}

EndOfRun::How how_of(End end) {
  switch (end) {
    case End::none:
    case End::done: return EndOfRun::How::done;
    case End::deadlock: return EndOfRun::How::deadlock;
    case End::panic: return EndOfRun::How::panic;
    case End::fatal: return EndOfRun::How::fatal;
    case End::exit: return EndOfRun::How::exit;
    case End::time: return EndOfRun::How::time;
    case End::limit: return EndOfRun::How::limit;
  }
  return EndOfRun::How::done;
}

Chooser& outermost(SeededChooser& seeded, std::optional<ReplayChooser>& replay,
                   std::optional<RecordingChooser>& recording) {
  if (recording) return *recording;
  if (replay) return *replay;
  return seeded;
}

}  // namespace

Plan make_plan(const LoadedScenario& loaded, const std::string& policy, Context& context) {
  Plan plan;
  plan.code = loaded.compiled;
  const Scenario& s = plan.scenario();
  plan.policy = policy.empty() ? s.policies.front().name : policy;
  Diagnostics problems;
  auto world = plan_world(plan.code, plan.policy, problems);
  if (!world) {
    context.err() << problems.render(context.err_style.color);
    throw Failure{Exit::bad_input, in_quotes(loaded.name) + " was not run", {}};
  }
  plan.world = std::move(*world);
  plan.world.info.preset = plan.world.options.settings.preset;
  plan.world.info.procs = plan.world.options.procs;
  plan.world.info.cores = plan.world.options.cores;
  for (const Check& c : s.checks) plan.checks.push_back(spec_of(c));
  const std::vector<OracleSpec> implied = implied_checks(s.checks);
  plan.implied = implied.size();
  plan.checks.insert(plan.checks.end(), implied.begin(), implied.end());
  plan.key = {loaded.name, s.hash, kModelBehaviour, plan.policy, s.random.seed, loaded.overrides, 0, false};

  // What is wrong with a check is told before anything runs, at its place.
  Metrics metrics(plan.world.info);
  Checks checks(metrics, {});
  for (const OracleSpec& spec : plan.checks) {
    const std::string wrong = checks.add(spec);
    if (wrong.empty()) continue;
    const auto check =
        std::find_if(s.checks.begin(), s.checks.end(), [&](const Check& c) { return c.name == spec.name; });
    if (check == s.checks.end()) fail_input("check " + in_quotes(spec.name) + ": " + wrong);
    problems.add(at_node(*check->place.node, check->place.pointer, "E0402", wrong));
  }
  if (problems.has_errors()) {
    context.err() << problems.render(context.err_style.color);
    throw Failure{Exit::bad_input, in_quotes(loaded.name) + " was not run", {}};
  }
  return plan;
}

JudgedRun::JudgedRun(const Plan& plan, std::uint64_t seed, const RunWishes& wishes)
    : plan_(plan),
      seed_(seed),
      seeded_(seed),
      replay_(wishes.replayed != nullptr ? std::optional<ReplayChooser>(std::in_place, *wishes.replayed, seeded_)
                                         : std::nullopt),
      recording_(wishes.keep_choices ? std::optional<RecordingChooser>(
                                           std::in_place, replay_ ? static_cast<Chooser&>(*replay_) : seeded_)
                                     : std::nullopt),
      simulation_(plan.world, outermost(seeded_, replay_, recording_), seed),
      variables_(simulation_.interpreter()),
      wakes_(simulation_.interpreter()),
      metrics_(simulation_.world().info(), {.watch = Checks::watched(plan.checks)}),
      checks_(metrics_, {.variables = &variables_, .wakes = &wakes_}) {
  for (const OracleSpec& spec : plan_.checks) {
    const std::string wrong = checks_.add(spec);
    GMPSIM_CHECK(wrong.empty(), "checks were tried when the plan was made");
  }
  add_sink(checks_);
  add_sink(checkpoints_);
  for (Sink* const sink : wishes.sinks) add_sink(*sink);
}

// Called while the question waits for its answer: who asks is alive, and the clock shows when.
void JudgedRun::departed() {
  World& world = simulation_.world();
  const CompiledScenario& code = *plan_.code;
  const Site& site = replay_->first_departure().site;
  Departure d;
  d.at = world.now();
  if (site.stream == stream_named("steal")) {
    d.who = "P" + std::to_string(site.entity);
    d.what = "the order in which it looks for work";
  }
  for (const CompiledArrival& a : code.arrivals) {
    if (a.stream != site.stream) continue;
    d.who = "arrivals " + a.declared->name;
    d.what = "when the next one comes";
    Diagnostics place;
    place.add(at_node(*a.declared->place.node, a.declared->place.pointer, "E0600", {}));
    d.place = place.all().front();
  }
  for (std::size_t i = 0; i < code.streams.size(); ++i) {
    if (code.streams[i] != site.stream) continue;
    Diagnostics place;  // settles line and column
    place.add(code.at(code.stream_places[i], {}));
    d.place = place.all().front();
    for (const Node::Member& m : code.places[code.stream_places[i]].node->members)
      if (d.what.empty() && all_ops().find(m.key) != nullptr) d.what = m.key;
  }
  for (const G* g = world.first_goroutine(); g != nullptr && d.who.empty(); g = g->allnext) {
    if (g->system || g->program >= code.programs.size()) continue;
    const CompiledProgram& p = code.programs[g->program];
    if (mix64(p.key, g->ordinal) == site.entity) d.who = "G" + std::to_string(g->id) + " " + p.name;
  }
  departure_ = std::move(d);
}

void JudgedRun::run() {
  if (replay_) replay_->on_departure([](void* self) { static_cast<JudgedRun*>(self)->departed(); }, this);
  if (checks_.wants_variables())  // `never` over shared variables looks after every operation
    simulation_.observe_operations(
        [](void* self) {
          auto& run = *static_cast<JudgedRun*>(self);
          World& world = run.simulation_.world();
          world.recorder().flush();
          run.checks_.observe_variables(world.now());
        },
        this);
  const Outcome& outcome = simulation_.run();
  simulation_.world().recorder().flush();
  simulation_.world().recorder().set_level(Recorder::Level::off);  // what is still to be torn down is nobody's business
  events_ = outcome.events;
  end_ = end_of(outcome);
  verdicts_ = checks_.finish(end_);
  judge();
}

EndOfRun JudgedRun::end_of(const Outcome& outcome) {
  World& world = simulation_.world();
  EndOfRun end;
  end.how = how_of(outcome.end);
  if (simulation_.scenario_error()) end.how = EndOfRun::How::error;
  end.message = outcome.message;
  end.at = outcome.at;
  const bool waited_for = !plan_.scenario().stop.when_done.empty() || !plan_.scenario().stop.when_done_mark.empty();
  end.stopped = end.how == EndOfRun::How::done && waited_for && world.goroutines_alive() > 0;
  for (const G* g = world.first_goroutine(); g != nullptr; g = g->allnext) {
    if (g->system || g->status != GStatus::waiting) continue;
    end.blocked.push_back({g->id, world.wait_reason_text(g->wait_reason), object_name(world.info(), g->waiting_on)});
  }
  return end;
}

void JudgedRun::judge() {
  const std::size_t ours = plan_.implied;
  std::vector<Verdict> told;
  for (std::size_t i = 0; i < verdicts_.size(); ++i) {
    Verdict& v = verdicts_[i];
    const bool implied = i < plan_.checks.size() && i + ours >= plan_.checks.size();
    if (implied && v.outcome == Verdict::Outcome::pass) continue;
    const auto expected = implied ? std::nullopt : expectation(plan_.scenario(), plan_.policy, v.name);
    const bool failed = v.failed();
    if (v.outcome == Verdict::Outcome::undecided) {
      const bool matters = expected ? *expected == Expected::pass || *expected == Expected::fail : !v.warn;
      if (matters) exit_ = worse(exit_, Exit::undecided);
    } else if (!expected) {
      if (failed && !v.warn) exit_ = worse(exit_, Exit::finding);
    } else if (*expected == Expected::fail) {
      if (!failed) exit_ = worse(exit_, Exit::finding);
      v.sentence += failed ? "   (as expected)" : "   (expected to fail)";
    } else if (*expected == Expected::pass && failed) {
      exit_ = worse(exit_, Exit::finding);
      v.sentence += "   (expected to pass)";
    }
    told.push_back(std::move(v));
  }
  verdicts_ = std::move(told);
  if (end_.how == EndOfRun::How::limit && !limit_was_expected()) exit_ = worse(exit_, Exit::undecided);
  if (simulation_.scenario_error()) exit_ = worse(exit_, Exit::bad_input);
}

/// A check says that the run ends at a limit; that it did so leaves nothing open.
bool JudgedRun::limit_was_expected() const {
  return std::any_of(plan_.checks.begin(), plan_.checks.end(),
                     [](const OracleSpec& c) { return c.kind == "ends" && c.how == "limit"; });
}

bool JudgedRun::has_finding() const {
  return exit_ == Exit::finding ||
         std::any_of(verdicts_.begin(), verdicts_.end(), [](const Verdict& v) { return v.failed() && !v.warn; });
}

Token JudgedRun::token() const {
  RunKey key = plan_.key;
  key.seed = seed_;
  return make_token(std::move(key), checkpoints_);
}

RunReport JudgedRun::report() {
  RunReport r;
  r.metrics = &metrics_;
  r.verdicts = verdicts_;
  r.end = end_;
  r.events = events_;
  r.fingerprint = checkpoints_.fingerprint();
  const auto& percentiles = plan_.scenario().metrics.percentiles;
  if (!percentiles.empty()) r.percentiles.assign(percentiles.begin(), percentiles.end());
  r.spans = plan_.scenario().metrics.spans;
  if (has_finding())
    r.next.push_back("gmpsim replay " + encode(token()) + (plan_.key.scenario == "-" ? " SCENARIO" : ""));
  return r;
}

std::uint64_t seed_of(const std::string& text, std::uint64_t otherwise, Context& context) {
  if (text.empty()) return otherwise;
  if (text == "random") {
    std::random_device device;
    const std::uint64_t seed = std::uint64_t{device()} << 32 | device();
    context.say(fmt::format("seed {:#x}", seed));
    return seed;
  }
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  const char* const begin = text.data() + (hex ? 2 : 0);
  const char* const end = text.data() + text.size();
  std::uint64_t seed = 0;
  const auto [stop, error] = std::from_chars(begin, end, seed, hex ? 16 : 10);
  if (error != std::errc() || stop != end)
    fail_usage("--seed: " + in_quotes(text) + " is no seed",
               "a number from 0 to 2^64-1, in decimal or as 0x..., or random");
  return seed;
}

std::size_t replications_of(const std::string& text, std::size_t otherwise) {
  constexpr std::size_t kMost = 1'000'000;
  if (text.empty()) return otherwise;
  std::size_t n = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || stop != text.data() + text.size() || n == 0 || n > kMost)
    fail_usage("--replications: " + in_quotes(text) + " is no number from 1 to 1000000");
  return n;
}

}  // namespace gmpsim
