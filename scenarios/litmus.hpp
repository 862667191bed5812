#pragma once
// Litmus: small concurrent programs with what a real Go runtime did with them, held against the model.
//
// A recording is data (`"kind": "LitmusRecording"`): programs in a terse notation, the events in the order in which
// their steps completed, how the run ended and who was still blocked. Each program is translated into an ordinary
// scenario and goes the ordinary way (reader, compile, World); nothing in the model knows of litmus.
//
// Rejected: running the recordings directly on the model's C++ interface. It is simpler, but would leave the reader,
// the compiler and the interpreter out of the comparison, and nobody could take a failing program away as a scenario.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/diagnostics.hpp"
#include "scenarios/json.hpp"

namespace gmpsim {

/// One completed step: goroutine (0 is main, the others in order of creation), index in its body, value.
struct LitmusEvent {
  std::uint32_t goroutine = 0;
  std::uint32_t step = 0;
  std::int64_t value = 0;
  std::int64_t at = -1;  ///< [ns] since main began its body; -1: not recorded
};

/// A goroutine that never finished; `goroutine` is kNoLitmusGoroutine where only reasons were recorded.
struct LitmusBlocked {
  std::uint32_t goroutine = 0;
  std::string reason;
};
inline constexpr std::uint32_t kNoLitmusGoroutine = 0xffffffff;

/// How a run went: recorded, or in the model.
struct LitmusRun {
  std::vector<LitmusEvent> events;
  std::string outcome;  ///< "deadlock", "panic"; of the model also "exit", "limit", "error"
  std::string message;
  std::vector<LitmusBlocked> blocked;
};

/// An operation of a body. `args` are its numbers; of `select` pairs of (0 receive, 1 send; channel).
struct LitmusOp {
  std::string verb;
  std::vector<std::int64_t> args;
  bool recovered = false;    ///< `try`: under recover
  bool has_default = false;  ///< of `select`
};

struct LitmusProgram {
  std::uint32_t procs = 1;
  std::vector<std::int64_t> chans;  ///< capacities
  std::uint32_t mutexes = 0, rwmutexes = 0, wgs = 0, conds = 0, onces = 0, timers = 0;
  std::vector<std::vector<LitmusOp>> bodies;
};

struct LitmusEntry {
  LitmusProgram program;
  LitmusRun recorded;
  std::int64_t spread = 0;  ///< [ns] largest distance of any event from its median over the recorded runs
};

struct LitmusFile {
  std::string file;
  std::string go;             ///< "go1.26.8"
  std::string preset;         ///< "go1.26"
  bool async_preempt = true;  ///< recorded without asyncpreemptoff=1
  bool warmed_up = false;     ///< mixed and timed files: the start described at litmus_scenario
  /// How long kernel sleeps took on the recording machine: (asked, took) [ns], by length; empty: not recorded.
  std::vector<std::pair<std::int64_t, std::int64_t>> sleeps;
  /// By how much computing took longer than asked for, [1/100000]: the recorder's `compute` does not count gaps in
  /// which the machine ran something else (interrupts, its host). Measured on the recording itself: see litmus_read.cpp.
  std::int64_t stolen = 0;
  std::vector<LitmusEntry> entries;
};

/// What the recording machine did a little differently from run to run, and no recording says: how far sysmon is in its
/// cycle when the program begins, and how much its sleeps overshoot. Only recordings with times depend on it.
struct LitmusPhase {
  std::int64_t warm_up = 500'000;  ///< [ns] that main computes between waking sysmon and beginning its body
  std::int64_t more_slack = 0;     ///< [ns] by which a kernel sleep takes longer than the recording's table says
};
/// Phase 0 is the nominal one; the others span what was seen: the first preemption of a recorded loop comes 11.6 to
/// 12.6 ms after the begin (medians of 152 programs), nominally after 12.0 ms.
[[nodiscard]] std::size_t litmus_phases(const LitmusFile& file);
[[nodiscard]] LitmusPhase litmus_phase(std::size_t number);

/// What a kernel sleep of `asked` [ns] took on the machine of the recording.
[[nodiscard]] std::int64_t litmus_sleep(const LitmusFile& file, std::int64_t asked);

/// Reads a recording. Any text is answered with a file or with diagnostics.
[[nodiscard]] std::optional<LitmusFile> read_litmus(std::string text, std::string file, Diagnostics& out);

/// Entry `index` as a scenario in the scenario language, under `preset` ("" is the recording's own).
/// main sleeps 2 ms first; for a warmed-up start a 40 ms system call, a yield and 0.5 ms of computing follow; then it
/// marks "begin". Every step logs (goroutine, step, value) under the label "step".
[[nodiscard]] std::string litmus_scenario(const LitmusFile& file, std::size_t index, const std::string& preset = {},
                                          const LitmusPhase& phase = {});

struct LitmusResult {
  enum class Verdict : std::uint8_t {
    identical,
    differs,
    unsupported  ///< the program uses what the model cannot run yet; counts as different
  };
  Verdict verdict = Verdict::identical;
  std::string difference;  ///< one line: "event 12", "message", "blocked", "times"
  LitmusRun model;
  std::size_t at = 0;      ///< index of the first differing event or blocked goroutine
  std::int64_t late = 0;   ///< [ns] largest distance of any time from its recorded median
  std::uint64_t seed = 1;  ///< of the run that is shown
  std::size_t phase = 0;   ///< of sysmon, in the run that is shown; 0: the nominal one
  std::uint32_t runs = 0;  ///< tried
};

/// Runs entry `index` and compares. Where a select had several ready cases the recorded outcome is one of several that
/// are right: seeds from `seed` on are tried until one agrees, and the result says which. In the same way the phases of
/// sysmon are tried, the nominal one first. All tries together have ten million events: some thousands are usual.
[[nodiscard]] LitmusResult run_litmus(const LitmusFile& file, std::size_t index, const std::string& preset = {},
                                      std::uint64_t seed = 1);

/// The first difference, recorded beside model, with `context` lines around it.
[[nodiscard]] std::string litmus_side_by_side(const LitmusFile& file, std::size_t index, const LitmusResult& result,
                                              std::size_t context = 3);

}  // namespace gmpsim
