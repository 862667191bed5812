#include "scenarios/litmus.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>

#include "scenarios/compile.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/world_builder.hpp"
#include "sim/chooser.hpp"

namespace gmpsim {
namespace {

constexpr std::uint64_t kSeeds = 64;  // tried where chance decides
// Events of all tries of one program together: then it is not tried again. A program that runs away would take minutes.
constexpr std::uint64_t kMostEvents = 10'000'000;
struct Effort {
  std::uint64_t events_left = kMostEvents;
  std::uint32_t runs = 0;
};
constexpr std::int64_t kTolerance = 3'000'000;  // [ns] of a recorded time

constexpr std::array<LitmusPhase, 9> kPhases{{{500'000, 0},
                                              {500'000, 6'000},
                                              {500'000, 12'000},
                                              {300'000, 0},
                                              {700'000, 0},
                                              {300'000, 6'000},
                                              {700'000, 6'000},
                                              {300'000, 12'000},
                                              {700'000, 12'000}}};

/// Notices whether chance was asked about more than one alternative.
class NoticingChooser final : public Chooser {
 public:
  explicit NoticingChooser(std::uint64_t seed) : seeded_(seed) {}
  std::uint32_t choose(const Site& s, std::uint32_t n) override {
    asked = asked || n > 1;
    return seeded_.choose(s, n);
  }
  std::uint64_t draw(const Site& s) override { return seeded_.draw(s); }
  bool asked = false;

 private:
  SeededChooser seeded_;
};

/// Collects the steps out of the stream of transitions.
class Steps final : public Sink {
 public:
  Steps(std::uint32_t step_label, std::uint32_t begin_label, std::size_t limit)
      : step_(step_label), begin_(begin_label), limit_(limit) {}
  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records) {
      if (t.kind == Kind::mark && t.a == begin_) begun_ = t.at;
      if (t.kind != Kind::log || t.a != step_) continue;
      if (t.why < values_.size()) values_[t.why] = t.value;
      if (t.why != 2) continue;
      const auto g = static_cast<std::uint32_t>(values_[0]);
      numbers.emplace(t.g, g);
      if (events.size() < limit_)
        events.push_back({g, static_cast<std::uint32_t>(values_[1]), values_[2], t.at - begun_});
    }
  }
  std::vector<LitmusEvent> events;
  std::map<std::uint32_t, std::uint32_t> numbers;  ///< of the model's goroutine: the recording's

 private:
  std::uint32_t step_;
  std::uint32_t begin_;
  std::size_t limit_;
  Time begun_ = 0;
  std::array<std::int64_t, 3> values_{};
};

std::uint32_t label(const CompiledScenario& code, std::string_view name) {
  for (std::size_t i = 0; i < code.labels.size(); ++i)
    if (code.labels[i] == name) return static_cast<std::uint32_t>(i);
  return 0xffffffff;
}

const char* word_for(End end) {
  switch (end) {
    case End::deadlock: return "deadlock";
    case End::panic:
    case End::fatal: return "panic";
    case End::exit:
    case End::done: return "exit";
    default: return "limit";
  }
}

LitmusRun run_once(const WorldPlan& plan, Chooser& chooser, std::uint64_t seed, const LitmusEntry& entry,
                   bool reasons_only, Effort& effort) {
  LitmusRun run;
  Steps steps(label(*plan.code, "step"), label(*plan.code, "begin"), entry.recorded.events.size() + 16);
  Simulation simulation(plan, chooser, seed);
  World& world = simulation.world();
  world.recorder().add_sink(steps);
  const Outcome& outcome = simulation.run();
  ++effort.runs;
  effort.events_left -= std::min(effort.events_left, outcome.events);
  run.events = std::move(steps.events);
  run.outcome = word_for(outcome.end);
  run.message = outcome.message;
  if (const auto error = simulation.scenario_error()) {
    run.outcome = "error";
    run.message = error->message;
  }
  if (outcome.end != End::deadlock) return run;
  for (const G* g = world.first_goroutine(); g != nullptr; g = g->allnext) {
    if (g->system) continue;
    std::uint32_t number = kNoLitmusGoroutine;
    if (!reasons_only) {
      const auto known = steps.numbers.find(g->id);
      number = known != steps.numbers.end() ? known->second : g->id - 1;
    }
    run.blocked.push_back({number, world.wait_reason_text(g->wait_reason)});
  }
  // Goroutines of timers are numbered when they begin to run, which is another order than that of their making.
  if (!reasons_only)
    std::stable_sort(run.blocked.begin(), run.blocked.end(),
                     [](const LitmusBlocked& a, const LitmusBlocked& b) { return a.goroutine < b.goroutine; });
  return run;
}

std::string words_for(const LitmusEvent& e) {
  return "goroutine " + std::to_string(e.goroutine) + " step " + std::to_string(e.step) + " value " +
         std::to_string(e.value);
}

void compare(const LitmusEntry& entry, LitmusResult& r) {
  const LitmusRun& want = entry.recorded;
  const LitmusRun& got = r.model;
  r.verdict = LitmusResult::Verdict::differs;
  const auto same = [](const LitmusEvent& a, const LitmusEvent& b) {
    return a.goroutine == b.goroutine && a.step == b.step && a.value == b.value;
  };
  const std::size_t common = std::min(want.events.size(), got.events.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (want.events[i].at >= 0) r.late = std::max(r.late, std::abs(want.events[i].at - got.events[i].at));
    if (same(want.events[i], got.events[i])) continue;
    r.at = i;
    r.difference = "event " + std::to_string(i) + ": recorded " + words_for(want.events[i]) + ", model " +
                   words_for(got.events[i]);
    return;
  }
  if (want.events.size() != got.events.size()) {
    r.at = common;
    r.difference = want.events.size() > common
                       ? "event " + std::to_string(common) + ": recorded " + words_for(want.events[common]) +
                             ", the model ended before"
                       : "event " + std::to_string(common) + ": the recording ended before, model " +
                             words_for(got.events[common]);
    return;
  }
  r.at = common;
  if (want.outcome != got.outcome) {
    r.difference = "outcome: recorded " + want.outcome + ", model " + got.outcome;
    return;
  }
  if (want.message != got.message) {
    r.difference = "message: recorded " + in_quotes(want.message) + ", model " + in_quotes(got.message);
    return;
  }
  if (want.outcome == "deadlock") {
    const auto line = [](const std::vector<LitmusBlocked>& all, std::size_t i) {
      if (i >= all.size()) return std::string("nobody");
      return (all[i].goroutine == kNoLitmusGoroutine ? std::string()
                                                     : "goroutine " + std::to_string(all[i].goroutine) + " ") +
             in_quotes(all[i].reason);
    };
    for (std::size_t i = 0; i < std::max(want.blocked.size(), got.blocked.size()); ++i) {
      if (i < want.blocked.size() && i < got.blocked.size() && want.blocked[i].goroutine == got.blocked[i].goroutine &&
          want.blocked[i].reason == got.blocked[i].reason)
        continue;
      r.difference = "blocked: recorded " + line(want.blocked, i) + ", model " + line(got.blocked, i);
      return;
    }
  }
  if (r.late > std::max(entry.spread, kTolerance)) {
    r.difference = "times: up to " + std::to_string(r.late / 1000) + "us from the recorded ones";
    return;
  }
  r.verdict = LitmusResult::Verdict::identical;
}

}  // namespace

std::size_t litmus_phases(const LitmusFile& file) { return file.warmed_up ? kPhases.size() : 1; }
LitmusPhase litmus_phase(std::size_t number) { return kPhases[number]; }

namespace {

LitmusResult run_litmus_in(const LitmusFile& file, std::size_t index, const std::string& preset, std::uint64_t seed,
                           const LitmusPhase& phase, Effort& effort) {
  const LitmusEntry& entry = file.entries[index];
  LitmusResult result;
  Diagnostics problems;
  std::optional<WorldPlan> plan;
  if (auto scenario = read_scenario(litmus_scenario(file, index, preset, phase), file.file, {}, problems)) {
    if (const auto code = compile(std::make_shared<const Scenario>(std::move(*scenario)), problems))
      plan = plan_world(code, "recorded", problems);
  }
  if (!plan) {
    result.verdict = LitmusResult::Verdict::unsupported;
    for (const Diagnostic& d : problems.all())
      if (d.severity == Severity::error) {
        result.difference = d.message;
        break;
      }
    return result;
  }
  LitmusResult first;
  for (std::uint64_t s = seed; s < seed + kSeeds; ++s) {
    NoticingChooser chooser(s);
    result = {};
    result.seed = s;
    result.model = run_once(*plan, chooser, s, entry, file.warmed_up, effort);
    compare(entry, result);
    if (result.verdict == LitmusResult::Verdict::identical) return result;
    if (s == seed) first = std::move(result);
    if (!chooser.asked || effort.events_left == 0) break;
  }
  return first;
}

}  // namespace

LitmusResult run_litmus(const LitmusFile& file, std::size_t index, const std::string& preset, std::uint64_t seed) {
  Effort effort;
  LitmusResult nominal = run_litmus_in(file, index, preset, seed, litmus_phase(0), effort);
  nominal.runs = effort.runs;
  if (nominal.verdict != LitmusResult::Verdict::differs) return nominal;
  for (std::size_t p = 1; p < litmus_phases(file) && effort.events_left > 0; ++p) {
    LitmusResult result = run_litmus_in(file, index, preset, seed, litmus_phase(p), effort);
    result.phase = p;
    result.runs = nominal.runs = effort.runs;
    if (result.verdict == LitmusResult::Verdict::identical) return result;
  }
  return nominal;
}

namespace {

/// Writes the events of a run as lines.
class EventLines {
 public:
  EventLines(const LitmusProgram& program, const LitmusRun& run) : program_(program), run_(run) {
    // Which body a goroutine runs is told by the `go` that started it (unknown for those that a timer started).
    bodies_[0] = 0;
    for (const LitmusEvent& e : run.events)
      if (const LitmusOp* op = operation(e); op != nullptr && op->verb == "go")
        bodies_[static_cast<std::uint32_t>(e.value)] = static_cast<std::size_t>(op->args[0]);
  }
  [[nodiscard]] std::string operator()(std::size_t i, bool with_time) const {
    if (i >= run_.events.size()) return "-";
    const LitmusEvent& e = run_.events[i];
    std::string text = "g" + std::to_string(e.goroutine) + " step " + std::to_string(e.step);
    if (const LitmusOp* op = operation(e)) {
      text += " " + op->verb;
      if (op->verb != "select")
        for (const std::int64_t a : op->args) text += " " + std::to_string(a);
    }
    text += " = " + std::to_string(e.value);
    if (with_time && e.at >= 0) text += " at " + std::to_string(e.at / 1000) + "us";
    return text;
  }

 private:
  [[nodiscard]] const LitmusOp* operation(const LitmusEvent& e) const {
    const auto body = bodies_.find(e.goroutine);
    if (body == bodies_.end()) return nullptr;
    const auto& ops = program_.bodies[body->second];
    return e.step < ops.size() ? &ops[e.step] : nullptr;
  }
  const LitmusProgram& program_;
  const LitmusRun& run_;
  std::map<std::uint32_t, std::size_t> bodies_;
};

}  // namespace

std::string litmus_side_by_side(const LitmusFile& file, std::size_t index, const LitmusResult& result,
                                std::size_t context) {
  constexpr std::size_t kHead = 12;
  constexpr std::size_t kColumn = 40;
  const LitmusRun& want = file.entries[index].recorded;
  const LitmusRun& got = result.model;
  const bool timed = !want.events.empty() && want.events[0].at >= 0;
  std::string out;
  const auto row = [&](bool same, const std::string& head, const std::string& left, const std::string& right) {
    std::string line = (same ? "  " : "> ") + head;
    line.resize(std::max(line.size() + 1, kHead), ' ');
    line += left;
    line.resize(std::max(line.size() + 2, kHead + kColumn), ' ');
    out += line + right + '\n';
  };
  row(true, "", "recorded on " + displayable(file.go), "model");
  const EventLines recorded(file.entries[index].program, want);
  const EventLines model(file.entries[index].program, got);
  const std::size_t from = result.at > context ? result.at - context : 0;
  const std::size_t to = std::min(result.at + context + 1, std::max(want.events.size(), got.events.size()));
  for (std::size_t i = from; i < to; ++i)
    row(recorded(i, false) == model(i, false), std::to_string(i), recorded(i, timed), model(i, timed));
  row(want.outcome == got.outcome, "outcome", want.outcome, got.outcome);
  row(want.message == got.message, "message", displayable(want.message), displayable(got.message));
  if (result.at < want.events.size() || result.at < got.events.size()) return out;
  const auto blocked = [](const LitmusRun& run, std::size_t i) {
    if (i >= run.blocked.size()) return std::string("-");
    const LitmusBlocked& b = run.blocked[i];
    return (b.goroutine == kNoLitmusGoroutine ? std::string() : "g" + std::to_string(b.goroutine) + " ") +
           displayable(b.reason);
  };
  for (std::size_t i = 0; i < std::max(want.blocked.size(), got.blocked.size()); ++i)
    row(blocked(want, i) == blocked(got, i), "blocked", blocked(want, i), blocked(got, i));
  return out;
}

}  // namespace gmpsim
