#pragma once
// Included by one file of each test program that uses run_program.hpp.

#include "scenarios/reader.hpp"
#include "scenarios/world_builder.hpp"
#include "tests/unit/scenarios/run_program.hpp"

namespace gmpsim::fixtures {

namespace {

class Collector final : public Sink {
 public:
  Collector(Ran& out, const TraceInfo& info) : out_(out), info_(info) {}
  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records) {
      const char* prefix = t.kind == Kind::log           ? ""
                           : t.kind == Kind::mark        ? "mark "
                           : t.kind == Kind::span_end    ? "span "
                           : t.kind == Kind::assert_fail ? "assert "
                                                         : nullptr;
      if (prefix == nullptr) continue;
      if (t.kind != Kind::log || t.why == 0) {
        out_.logs.push_back(prefix + info_.labels.at(t.a));
        out_.times.push_back(t.at);
        out_.goroutines.push_back(t.g);
      }
      if (t.kind == Kind::log && t.p != 0) {
        const bool reference = (t.p & 0x8000) != 0;
        out_.logs.back() += reference ? " object" + std::to_string(t.value) : " " + std::to_string(t.value);
      }
    }
  }

 private:
  Ran& out_;
  const TraceInfo& info_;
};

void note_problems(const Diagnostics& d, Ran& out) {
  for (const Diagnostic& p : d.all()) {
    if (p.severity != Severity::error) continue;
    out.problems.push_back(p.code + " " + p.pointer);
    out.texts.push_back(p.message + (p.hint.empty() ? "" : " [" + p.hint + "]"));
  }
}

}  // namespace

Ran run(const Setup& setup) {
  Ran out;
  out.end = "refused";
  const std::string text =
      R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": {"name": "test"}, "runtime": {"profile": ")" +
      setup.preset + "\"" + (setup.procs > 0 ? ", \"gomaxprocs\": " + std::to_string(setup.procs) : "") + setup.runtime + "}, " + setup.rest + R"("resources": )" +
      setup.resources + R"(, "programs": {)" + setup.programs + (setup.programs.empty() ? "" : ", ") +
      R"("main": {"do": )" + setup.main + R"(}}, "start": [{"go": "main"}]})";
  Diagnostics problems;
  std::optional<Scenario> scenario = read_scenario(text, "test.json", {}, problems);
  std::shared_ptr<const CompiledScenario> code;
  std::optional<WorldPlan> plan;
  if (scenario) code = compile(std::make_shared<const Scenario>(std::move(*scenario)), problems);
  if (code) plan = plan_world(code, "", problems);
  note_problems(problems, out);
  if (!plan) return out;

  plan->options.limits.events = std::min<std::uint64_t>(plan->options.limits.events, 20'000'000);
  SeededChooser chooser(setup.seed);
  Simulation simulation(*plan, chooser, setup.seed);
  Collector collector(out, simulation.world().info());
  simulation.world().recorder().add_sink(collector);
  const Outcome& outcome = simulation.run();
  out.fingerprint = simulation.world().recorder().fingerprint().hex();
  static constexpr const char* kEnds[] = {"none", "done", "deadlock", "panic", "fatal", "exit", "time", "limit"};
  out.end = kEnds[static_cast<std::size_t>(outcome.end)];
  out.message = outcome.message;
  out.at = outcome.at;
  for (const G* g = simulation.world().first_goroutine(); g != nullptr; g = g->allnext) {
    if (!g->system && g->status == GStatus::waiting)
      out.blocked.push_back("G" + std::to_string(g->id) + " " + simulation.world().wait_reason_text(g->wait_reason));
  }
  if (const auto error = simulation.scenario_error()) {
    out.end = "error";
    out.problems.push_back(error->code + " " + error->pointer);
    out.texts.push_back(error->message);
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& l : lines) out += (out.empty() ? "" : " | ") + l;
  return out;
}

}  // namespace gmpsim::fixtures
