#pragma once
// From a compiled scenario to a world that runs it.
//
// Two steps, because they happen differently often: `plan_world` settles once per policy what a world is made of
// (switches, costs, sizes, names for the trace); a Simulation is one world made from a plan with one source of chance.
// Making one parses nothing and resolves no name, so an exploration can make very many; plans and compiled scenarios
// are immutable and shared between threads.

#include <memory>
#include <optional>
#include <string>

#include "models/go/world.hpp"
#include "scenarios/compile.hpp"
#include "scenarios/interpreter.hpp"
#include "scenarios/scenario.hpp"
#include "sim/chooser.hpp"

namespace gmpsim {

/// All that worlds of one scenario under one policy have in common.
struct WorldPlan {
  std::shared_ptr<const CompiledScenario> code;
  WorldOptions options;
  std::vector<FaultPlan> faults;
  TraceInfo info;  ///< without the seed
};

/// Settles a plan. `policy` is a policy of the scenario ("" is its first). What does not run in this version (E0900)
/// and what does not fit is reported, and nothing is returned.
[[nodiscard]] std::optional<WorldPlan> plan_world(std::shared_ptr<const CompiledScenario> code,
                                                  const std::string& policy, Diagnostics& out);

/// One run.
class Simulation {
 public:
  /// `chooser` answers what is left to chance; it must outlive the simulation. `seed` is only named in the trace.
  Simulation(const WorldPlan& plan, Chooser& chooser, std::uint64_t seed);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  [[nodiscard]] World& world() { return world_; }
  /// `observe(self)` is called after every operation of every goroutine. Before the run.
  void observe_operations(void (*observe)(void*), void* self) {
    interpreter_.observe = observe;
    interpreter_.observer = self;
    interpreter_.watched = true;
  }
  /// Runs to the end. Call once. Marks, spans, logs and all transitions go to the world's recorder.
  const Outcome& run();
  /// A scenario error that ended the run, with its place in the document; nothing when there was none.
  [[nodiscard]] std::optional<Diagnostic> scenario_error() const;
  [[nodiscard]] const Interpreter& interpreter() const { return interpreter_; }

 private:
  Interpreter interpreter_;
  World world_;
};

}  // namespace gmpsim
