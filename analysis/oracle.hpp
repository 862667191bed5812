#pragma once
// Oracles: a judgement on a run, with the culprits by name. One file in analysis/oracles/ for each kind.
//
//   Metrics metrics(info, {.watch = Checks::watched(specs)});
//   Checks checks(metrics, {});
//   for (const OracleSpec& spec : specs) checks.add(spec);   // says what is wrong with a spec, if anything
//   recorder.add_sink(checks);                               // drives `metrics` too: do not add both
//   ... run, recorder.flush() ...
//   const std::vector<Verdict> verdicts = checks.finish(end);
//
// An oracle sees each record together with what it meant (Facts, Metrics). It names the kinds it wants, so that twenty
// oracles cost no more than the few that a record concerns. Rejected: oracles as independent sinks, each re-deriving
// the state of every goroutine.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/condition.hpp"
#include "analysis/metrics.hpp"

namespace gmpsim {

/// One entry of a scenario's `checks`. Fields that its kind does not have keep their default.
struct OracleSpec {
  struct Blocked {
    std::string who = "*";
    std::string reason;  ///< text of the preset, or our name of it ("chan_receive"); "": any
    std::string on;      ///< object; "": any
    std::int64_t count = 1;
  };
  std::string name;                                ///< of the check
  std::string kind;                                ///< "deadlock", "bounded_wait", "require", …
  bool warn = false;                               ///< a failure is a warning
  std::string who = "*";                           ///< leak, bounded_wait, timer_late, fairness
  std::string on;                                  ///< bounded_wait: an object instead of the CPU
  std::optional<Duration> max;                     ///< bounded_wait, timer_late; work_conserving: max_idle
  std::optional<Duration> within;                  ///< progress
  std::optional<Time> by;                          ///< eventually
  std::string mark;                                ///< progress, eventually; fairness: of which mark ("": of the CPU)
  std::string done;                                ///< eventually: a program, all of whose goroutines have ended
  std::optional<double> jain_min;                  ///< fairness
  std::optional<std::pair<double, double>> share;  ///< fairness: [low, high]
  std::string label;                               ///< logged
  std::vector<std::vector<std::int64_t>> values;   ///< logged: one tuple a line
  std::string how;                                 ///< ends
  std::string message;                             ///< ends; "": any
  std::optional<std::vector<Blocked>> blocked;     ///< ends: complete list
  std::string expression;                          ///< require, never
};

/// How the run ended, told by whoever ran it.
struct EndOfRun {
  enum class How : std::uint8_t {
    done,
    deadlock,
    panic,
    fatal,
    exit,
    time,
    limit,
    error  ///< of the scenario itself; no check asks for it
  };
  struct Blocked {
    std::uint32_t g = kNoG;
    std::string reason;  ///< as Go prints it
    std::string object;
  };
  How how = How::done;
  std::string message;
  Time at = 0;
  bool stopped = false;  ///< `stop.when_done` ended it
  std::vector<Blocked> blocked;
};
[[nodiscard]] const char* name_of(EndOfRun::How how);

/// A goroutine that a verdict blames or pities.
struct Culprit {
  std::uint32_t g = kNoG;
  std::string name;  ///< "G7 worker"
  std::string what;  ///< "waits in P2 local queue", "holds B1", "ran on P0"
  Time since = 0;
  Time until = 0;     ///< kNever: still so when the run ended
  bool told = false;  ///< `what` says when; reports need not repeat it
};

struct Verdict {
  enum class Outcome : std::uint8_t { pass, fail, undecided };
  std::string name;
  std::string kind;
  Outcome outcome = Outcome::pass;
  bool warn = false;
  std::string sentence;  ///< "longest wait 4.6ms <= 20ms"
  Time at = 0;           ///< when it was violated, 0 when it was not
  std::vector<Culprit> culprits;

  [[nodiscard]] bool failed() const { return outcome == Outcome::fail; }
};
[[nodiscard]] const char* name_of(Verdict::Outcome outcome);  ///< "PASS", "FAIL", "UNDECIDED"

/// May a blocked goroutine still be woken? Supplied by the layer that knows the programs, for `leak`.
class WakeKnowledge {
 public:
  virtual ~WakeKnowledge() = default;
  /// Can a live goroutine, pending timer or arrival still act on what `g` waits for? None: it cannot be told.
  [[nodiscard]] virtual std::optional<bool> may_be_woken(std::uint32_t g) const = 0;
};

struct OracleHooks {
  const Variables* variables = nullptr;
  const WakeKnowledge* wakes = nullptr;
};

class Oracle {
 public:
  virtual ~Oracle() = default;
  /// Bit k: it wants records of Kind k.
  [[nodiscard]] virtual std::uint64_t kinds() const { return 0; }
  /// A record, after `metrics` has taken it in.
  virtual void observe(const Transition&, const Facts&, const Metrics&) {}
  /// A shared variable or the content of a channel changed at `now`.
  virtual void observe_variables(Time /*now*/, const Metrics&) {}
  [[nodiscard]] virtual bool wants_variables() const { return false; }
  /// Already violated, whatever comes. Lets a search stop a run early.
  [[nodiscard]] virtual bool violated() const { return false; }
  /// The judgement; name, kind and severity are filled in by the caller.
  [[nodiscard]] virtual Verdict finish(const EndOfRun& end, const Metrics& metrics) = 0;
};

inline constexpr std::uint64_t kAllKinds = ~std::uint64_t{0};

class Checks final : public Sink {
 public:
  Checks(Metrics& metrics, OracleHooks hooks) : metrics_(&metrics), hooks_(hooks) {}

  /// Adds an oracle. An empty string on success, else what is wrong with the spec, for people.
  [[nodiscard]] std::string add(const OracleSpec& spec);

  void consume(std::span<const Transition> records) override;
  /// Some condition reads shared variables: flush the recorder and call `observe_variables` after every operation.
  [[nodiscard]] bool wants_variables() const;
  void observe_variables(Time now);
  [[nodiscard]] bool violated() const;

  /// Ends the metrics too. False assertions without an `assert` check are reported as check "assert".
  [[nodiscard]] std::vector<Verdict> finish(const EndOfRun& end);

  /// Single goroutines that the specs read metrics of.
  [[nodiscard]] static std::vector<std::string> watched(const std::vector<OracleSpec>& specs);

 private:
  struct Entry {
    OracleSpec spec;
    std::unique_ptr<Oracle> oracle;
    std::uint64_t kinds = 0;
  };
  Metrics* metrics_;
  OracleHooks hooks_;
  std::vector<Entry> entries_;
  std::uint64_t kinds_ = 0;  // union over the entries
};

/// One line of `gmpsim list checks`.
struct OracleDoc {
  std::string kind;
  std::string doc;
};
[[nodiscard]] std::vector<OracleDoc> list_oracles();

}  // namespace gmpsim
