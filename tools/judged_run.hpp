#pragma once
// One run with everything that judges it: world, metrics, oracles, checkpoints. What `run`, `compare`, `replay` and
// `doctor` all do, done once.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/oracle.hpp"
#include "analysis/report_text.hpp"
#include "scenarios/wakes.hpp"
#include "scenarios/world_builder.hpp"
#include "tools/checkpoints.hpp"
#include "tools/exit_code.hpp"
#include "tools/scenario_source.hpp"
#include "tools/shared_variables.hpp"
#include "tools/token.hpp"

namespace gmpsim {

/// A scenario under one policy, ready to be run with any seed. Immutable; shared by threads.
struct Plan {
  std::shared_ptr<const CompiledScenario> code;
  WorldPlan world;
  std::string policy;
  std::vector<OracleSpec> checks;
  std::size_t implied = 0;  ///< the last so many checks are ours: told only when they fail
  RunKey key;               ///< seed: that of the scenario

  [[nodiscard]] const Scenario& scenario() const { return *code->scenario; }
};

/// Settles what `loaded` means under `policy` ("" is the first one declared). Problems go to stderr and end in a
/// Failure.
[[nodiscard]] Plan make_plan(const LoadedScenario& loaded, const std::string& policy, Context& context);

/// Beside the plan.
struct RunWishes {
  const std::vector<Choice>* replayed = nullptr;  ///< answers of an earlier run
  bool keep_choices = false;
  std::vector<Sink*> sinks;  ///< get every transition
};

/// What the programs of a run could still have done, for `leak`.
class RunWakes final : public WakeKnowledge {
 public:
  explicit RunWakes(const Interpreter& interpreter) : wakes_(interpreter) {}
  [[nodiscard]] std::optional<bool> may_be_woken(std::uint32_t g) const override { return wakes_.may_be_woken(g); }

 private:
  Wakes wakes_;
};

class JudgedRun {
 public:
  JudgedRun(const Plan& plan, std::uint64_t seed, const RunWishes& wishes = {});
  JudgedRun(const JudgedRun&) = delete;
  JudgedRun& operator=(const JudgedRun&) = delete;

  /// Runs to the end and judges. Sinks that need the names of things may be added before.
  void run();
  void add_sink(Sink& sink) { simulation_.world().recorder().add_sink(sink); }

  [[nodiscard]] World& world() { return simulation_.world(); }
  [[nodiscard]] const CompiledScenario& code() const { return *plan_.code; }
  [[nodiscard]] const Interpreter& interpreter() const { return simulation_.interpreter(); }
  [[nodiscard]] const TraceInfo& info() { return simulation_.world().info(); }
  [[nodiscard]] const Metrics& metrics() const { return metrics_; }
  [[nodiscard]] const std::vector<Verdict>& verdicts() const { return verdicts_; }
  [[nodiscard]] const EndOfRun& end() const { return end_; }
  [[nodiscard]] const Checkpoints& checkpoints() const { return checkpoints_; }
  [[nodiscard]] const std::vector<std::string>& schedtrace() { return simulation_.world().schedtrace_lines(); }
  [[nodiscard]] const RecordingChooser* choices() const { return recording_ ? &*recording_ : nullptr; }
  [[nodiscard]] const ReplayChooser* replay() const { return replay_ ? &*replay_ : nullptr; }
  /// Where the first question stood that the choices to be replayed could not answer: when, and whose it was (its
  /// program and which goroutine of it; none for the scheduler's own). Nothing when all were answered.
  struct Departure {
    Time at = 0;
    std::string who;                  ///< "G7 worker", "P2"
    std::string what;                 ///< "select", "steal": what was asked for
    std::optional<Diagnostic> place;  ///< of the operation
  };
  [[nodiscard]] const std::optional<Departure>& departure() const { return departure_; }
  /// A scenario error that ended the run.
  [[nodiscard]] std::optional<Diagnostic> scenario_error() const { return simulation_.scenario_error(); }

  /// What the verdicts and the end of the run are worth against `expect`.
  [[nodiscard]] Exit exit_code() const { return exit_; }
  [[nodiscard]] bool has_finding() const;
  [[nodiscard]] Token token() const;
  [[nodiscard]] RunReport report();

 private:
  void departed();
  [[nodiscard]] bool limit_was_expected() const;
  [[nodiscard]] EndOfRun end_of(const Outcome& outcome);
  void judge();

  const Plan& plan_;
  std::uint64_t seed_;
  SeededChooser seeded_;
  std::optional<ReplayChooser> replay_;
  std::optional<RecordingChooser> recording_;
  Simulation simulation_;
  SharedVariables variables_;
  RunWakes wakes_;
  Metrics metrics_;
  Checks checks_;
  Checkpoints checkpoints_;
  std::optional<Departure> departure_;
  EndOfRun end_;
  std::vector<Verdict> verdicts_;
  std::uint64_t events_ = 0;
  Exit exit_ = Exit::good;
};

/// Reads --seed; "" gives `otherwise`. "random" picks one and says which.
[[nodiscard]] std::uint64_t seed_of(const std::string& text, std::uint64_t otherwise, Context& context);
/// Reads a number of replications; "" gives `otherwise`.
[[nodiscard]] std::size_t replications_of(const std::string& text, std::size_t otherwise);

}  // namespace gmpsim
