#pragma once
// A scenario after reading: every section typed, every default filled in, every `{"param": …}` replaced by its value.
//
// What stands here has been checked: units, names, bounds, cross references. Two things are left to later stages and
// kept as nodes of the document: operations (`Program::body`, compiled by scenarios/compile.hpp) and the arguments of
// `start` and `arrivals` (expressions evaluated in the starter, where `index` means something).
//
// Every part keeps its `Place`, so that a later stage reports at the line where the user wrote it. Places point into
// `Scenario::document`, which the scenario owns; a scenario may be moved and copied freely.
// Rejected: copies of nodes in every part (a program's body would exist twice), floating point (ratios are in parts
// per million, rates are rational).
//
// A parameter's value is fixed when the document is read: a sweep reads the document again for each of its cells, and
// compiling starts from plain values.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/json.hpp"
#include "scenarios/value.hpp"
#include "sim/time.hpp"

namespace gmpsim {

/// Where something stands in the merged document. `node` is never null in a scenario that was read, except for
/// optional parts that are absent.
struct Place {
  const Node* node = nullptr;
  std::string pointer;  ///< JSON pointer, "/programs/worker/do"
  [[nodiscard]] explicit operator bool() const { return node != nullptr; }
};

/// A parameter: what `{"param": name}` stands for, and a name that expressions may use.
struct Param {
  enum class Unit : std::uint8_t { none, time, size, rate, text };  ///< `text`: usable only through {"param": …}
  std::string name;
  Unit unit = Unit::none;
  std::int64_t value = 0;  ///< plain, ns or bytes: what the name means in an expression
  std::string text;        ///< as written, "9000/s"
  Place place;
};

/// `count` events each `per` ns; "9000/s" is {9000, 1 000 000 000}.
struct Rate {
  std::int64_t count = 0;
  Duration per = 1;
};

/// How long something takes: a constant, or a random choice. Durations in ns, shapes in parts per million.
struct Distribution {
  enum class Kind : std::uint8_t { constant, uniform, exp, normal, lognormal, pareto };
  Kind kind = Kind::constant;
  Duration value = 0;                ///< constant
  Duration mean = 0;                 ///< exp, normal
  Duration sd = 0;                   ///< normal
  Duration median = 0;               ///< lognormal
  std::optional<Duration> p99;       ///< lognormal: this or sigma
  std::int64_t sigma_ppm = 0;        ///< lognormal
  std::int64_t alpha_ppm = 0;        ///< pareto
  Duration min = 0;                  ///< uniform, pareto: part of the shape; else the draw is clipped to it
  std::optional<Duration> max;       ///< uniform: part of the shape; else the draw is clipped to it
  std::string stream;                ///< a name of its own for the random stream; "" means by place
};

struct Metadata {
  std::string name;  ///< of the file when it has none
  std::string title;
  std::string description;
  std::vector<std::string> tags;
  std::vector<std::string> authors;
  std::vector<std::string> references;
};

struct Machine {
  std::int64_t cores = 0;  ///< 0: as many as Ps
  std::int64_t numa_nodes = 1;
  std::vector<std::vector<std::int64_t>> numa_distance;
  std::optional<std::int64_t> remote_factor_ppm;  ///< absent: 2, or what the matrix says
  std::string os_scheduler = "ideal";
  std::optional<Duration> context_switch;  ///< absent: the preset's
  std::optional<Duration> thread_create;
  std::optional<std::pair<Duration, Duration>> cpu_quota;  ///< {quota, period}
  Place place;
};

/// A named constant of the model, or a switch of a policy: an integer (ns where it was a time), a word or an object.
struct Setting {
  std::string name;
  Place value;
};

struct RuntimeSettings {
  std::string profile = "go1.26";
  std::int64_t gomaxprocs = 0;  ///< 0: as many as cores
  std::int64_t max_threads = 10'000;
  std::vector<Setting> overrides;
  Place place;
};

struct Policy {
  std::string name;
  std::string use;  ///< a preset or a built-in policy
  std::vector<Setting> params;
  std::string note;
  std::vector<Diagnostic> not_yet;  ///< why it cannot run in this version; empty when it can
  Place place;
};

enum class ResourceType : std::uint8_t {
  chan, mutex, rwmutex, waitgroup, cond, once, semaphore, ticker, timer, context, pool, socket, file, cgo_lib, heap, var
};
[[nodiscard]] std::string_view name_of(ResourceType type);

struct Resource {
  std::string name;
  ResourceType type = ResourceType::var;
  std::optional<std::int64_t> array;  ///< number of elements; absent: not an array
  std::int64_t cap = 0;               ///< chan
  std::vector<std::int64_t> init;     ///< chan: what it holds; waitgroup: one number; var: one for all, or one each
  std::string kind;                   ///< mutex, semaphore: "" or "runtime"
  std::string mutex;                  ///< cond: the name of its mutex
  std::int64_t count = 0;             ///< semaphore: weight; cgo_lib: calls served at a time
  Duration period = 0;                ///< ticker
  std::optional<Duration> after;      ///< timer; absent: stopped
  std::string parent;                 ///< context; "": Background
  std::optional<Duration> timeout;    ///< context
  std::optional<Distribution> latency;  ///< socket, file
  std::optional<Distribution> every;    ///< socket: events on their own schedule
  std::int64_t gogc = 100;              ///< heap; -1: off
  std::optional<std::int64_t> memory_limit, trigger, largest_object, full_spans;  ///< heap
  std::int64_t initial_live = 0;                                                  ///< heap
  Place place;
};

/// What a value that names this resource is; integer: none can.
[[nodiscard]] ValueKind value_kind_of(const Resource& r);

/// How the operating system sees the thread of a goroutine that is locked to it.
struct OsSettings {
  std::vector<std::int64_t> cores;  ///< empty: all
  std::optional<std::int64_t> weight;
  std::string group;
  std::string scheduling_class;
};

struct Program {
  std::string name;
  std::vector<std::string> args;
  std::string class_name;
  std::int64_t frame = 0;  ///< bytes of stack a call takes; 0: the preset's
  OsSettings os;
  Place body;  ///< the array under `do`
  Place place;
};

struct Argument {
  std::string name;
  Place value;  ///< an integer or the text of an expression
};

struct Start {
  std::string program;
  std::int64_t count = 1;
  Time at = 0;
  std::vector<Argument> args;
  Place place;
};

struct Arrival {
  enum class Kind : std::uint8_t { poisson, every, stages, closed, burst, replay };
  struct Stage {
    Duration length = 0;
    Rate rate;
    bool ramp = false;  ///< linear from the rate before
  };
  std::string name;
  std::string program;
  std::vector<Argument> args;
  Time from = 0;
  std::optional<Time> until;
  std::optional<std::int64_t> max;
  Kind kind = Kind::poisson;
  Rate rate;                  ///< poisson
  Distribution every;         ///< every; burst: distance of bursts
  std::vector<Stage> stages;  ///< stages
  std::int64_t users = 0;     ///< closed
  Distribution think;         ///< closed
  std::int64_t size = 0;      ///< burst
  std::string file;           ///< replay
  std::vector<Time> times;    ///< replay: what the file lists, ascending
  Place place;
};

struct RunPhase {
  std::string name;
  Duration length = 0;
  bool measure = true;
};

struct Stop {
  std::optional<Time> after;
  std::string when_done;       ///< program; "": none
  std::string when_done_mark;  ///< mark; "": none
  std::int64_t max_events = 0;  ///< 0: the tool's limit
  Place place;
};

struct Fault {
  std::string kind;  ///< "cpu_quota", "stall_core", …
  std::optional<Time> at;
  std::optional<Duration> length;
  std::optional<Duration> every;
  Duration by = 0;                       ///< io_delay, timer_delay, clock_step
  Duration quota = 0, period = 0;        ///< cpu_quota
  std::int64_t core = 0;                 ///< stall_core, slow_core
  std::int64_t factor_ppm = 1'000'000;   ///< slow_core
  bool off = false;                      ///< "gc": false, "lose_wakeup": false
  Place settings;  ///< the value under the injection's name
  Place place;
};

struct MetricSettings {
  enum class Trace : std::uint8_t { off, summary, full };
  std::vector<std::string> spans;
  std::vector<std::int64_t> percentiles;  ///< in millionths: 99.9 is 99 900 000
  std::optional<Duration> sample_every;
  Trace trace = Trace::summary;
};

/// One oracle under a name. Fields that its kind does not have keep their default.
struct Check {
  struct Blocked {
    std::string who;
    std::string reason;
    std::string on;
    std::int64_t count = 1;
  };
  std::string name;
  std::string kind;   ///< "deadlock", "bounded_wait", "require", …
  bool warn = false;  ///< severity "warn"
  std::string expression;      ///< require, never
  std::string who = "*";       ///< leak, bounded_wait, timer_late, fairness
  std::string on;              ///< bounded_wait: a resource; "": the CPU
  std::optional<Duration> max;     ///< bounded_wait, timer_late, time_to_stop; work_conserving: max_idle
  std::optional<Duration> within;  ///< progress
  std::optional<Time> by;          ///< eventually
  std::string mark;  ///< progress, eventually; fairness: of which mark
  std::string done;  ///< eventually: a program
  std::optional<std::int64_t> jain_min_ppm;                              ///< fairness
  std::optional<std::pair<std::int64_t, std::int64_t>> share_ppm;        ///< fairness: [low, high]
  std::string label;                                                     ///< logged
  std::vector<std::vector<std::int64_t>> values;                         ///< logged: one tuple a line
  std::string how;      ///< ends: "done", "deadlock", …
  std::string message;  ///< ends; "": any
  std::optional<std::vector<Blocked>> blocked;  ///< ends
  Place oracle;  ///< the value under the kind's name
  Place place;
};

enum class Expected : std::uint8_t { pass, fail, can_fail, any };

struct Expectation {
  std::string policy;  ///< or "*"
  std::string check;
  Expected verdict = Expected::pass;
  Place place;
};

struct RandomSettings {
  std::uint64_t seed = 1;
  std::int64_t replications = 1;
  bool common_random_numbers = true;
};

/// An axis of a sweep: the values that the place named by `pointer` takes.
struct SweepAxis {
  std::string pointer;
  std::vector<Place> values;
};

struct Sweep {
  std::vector<SweepAxis> matrix;
  std::vector<SweepAxis> zip;  ///< advance together
  std::vector<std::vector<std::pair<std::string, Place>>> exclude;
  std::string where;  ///< expression over the parameters; "": all
};

struct Scenario {
  std::shared_ptr<const Node> document;  ///< merged, overridden, parameters replaced; all places point into it
  std::uint64_t hash = 0;                ///< of everything that can change a result (see scenario_hash)
  Metadata metadata;
  std::vector<Param> params;
  Machine machine;
  RuntimeSettings runtime;
  std::vector<Policy> policies;  ///< never empty: without any, one named like the profile
  std::vector<Resource> resources;
  std::vector<Program> programs;
  std::vector<Start> start;
  std::vector<Arrival> arrivals;
  std::vector<RunPhase> phases;
  Stop stop;
  std::vector<Fault> faults;
  MetricSettings metrics;
  std::vector<Check> checks;
  std::vector<Expectation> expect;
  RandomSettings random;
  Sweep sweep;

  /// What is valid but does not run in this version (E0900), policies apart: these have lists of their own, so that the
  /// other policies of a scenario run. A command refuses to run with what `refusals` gives.
  std::vector<Diagnostic> not_yet;
  [[nodiscard]] std::vector<Diagnostic> refusals(const Policy& policy) const;

  [[nodiscard]] const Param* param(std::string_view name) const;
  [[nodiscard]] const Resource* resource(std::string_view name) const;
  [[nodiscard]] const Program* program(std::string_view name) const;
  [[nodiscard]] const Policy* policy(std::string_view name) const;
};

}  // namespace gmpsim
