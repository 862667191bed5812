#pragma once
// The switches of the Go model: what differs between versions, and what a policy may change.
//
// A preset (`go1.19`) is a list of switches with their values; each switch names the change and where it is described.
// The model reads them as plain fields; names, documentation and sources are given once, in `describe`, from which come
// reading, refusal of unknown names, `explain` and `list`.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/time.hpp"

namespace gmpsim {

/// A policy chosen by name, with parameters ("steal": "richest", "steal.max": 4).
struct PolicyChoice {
  std::string name;
  std::vector<std::pair<std::string, std::int64_t>> params;
};

struct Settings {
  std::string preset = "go1.26";

  // --- policies
  PolicyChoice steal{"go", {}};
  PolicyChoice preempt{"async", {}};
  PolicyChoice timers{"heap", {}};
  PolicyChoice wake{"go", {}};

  // --- queues
  bool runnext = true;
  bool inherit_slice = true;
  std::int64_t global_poll = 61;

  // --- waking and idling
  bool needspinning = true;
  bool gosched_wakep = true;
  bool idle_recheck_global = true;
  bool inject_wakep = true;
  bool idle_stack_high_first = true;

  // --- system calls and sysmon
  bool sysmon = true;
  bool psyscall = false;
  std::string syscall_handoff = "retake";
  Duration sysmon_min = us(20);
  Duration sysmon_max = ms(10);
  Duration syscall_grace = ms(10);

  // --- timers
  bool timer_wake_always = false;
  bool channel_timers_lazy = true;

  // --- synchronisation
  bool mutex_starvation = true;
  Duration mutex_starving_after = ms(1);

  // --- what is printed
  std::string wait_reasons = "1.24";
  std::string schedtrace = "1.25";
};

/// Visits every switch: v.field(name, value, what, source). The order is that of the documentation.
template <class Visitor, class S>
void describe(Visitor& v, S& s) {
  v.policy("steal", s.steal, "how an idle P finds work at other Ps", "proc.go: stealWork");
  v.policy("preempt", s.preempt, "who is asked to stop, when and how", "proc.go: retake, preemptone");
  v.policy("timers", s.timers, "the structure that holds the timers of a P", "time.go");
  v.policy("wake", s.wake, "where a goroutine goes that was made ready", "proc.go: ready, runqput");
  v.field("runnext", s.runnext, "a readied goroutine goes to the one-element slot that runs next",
          "1.5, commit e870f06c3f");
  v.field("inherit_slice", s.inherit_slice, "what runs from runnext shares the time slice of its waker",
          "1.5, proc.go: runqget, execute");
  v.field("global_poll", s.global_poll, "every so many ticks the global queue is tried first; 0 never",
          "1.2, issue 5639; proc.go: findRunnable");
  v.field("needspinning", s.needspinning, "an M about to idle spins instead when work was found but no P",
          "1.20, proc.go: pidlegetSpinning");
  v.field("gosched_wakep", s.gosched_wakep, "Gosched and preemption wake another P", "1.22, commit ad943066f6");
  v.field("idle_recheck_global", s.idle_recheck_global, "an M that gave up spinning looks at the global queue again",
          "1.22, proc.go: findRunnable");
  v.field("inject_wakep", s.inject_wakep, "a list of ready goroutines put in with a P ends with a wake-up",
          "1.23, issue 63555");
  v.field("idle_stack_high_first", s.idle_stack_high_first, "after the start the highest idle P is taken first",
          "1.26, proc.go: procresize");
  v.field("sysmon", s.sysmon, "the monitor thread runs", "proc.go: sysmon");
  v.field("psyscall", s.psyscall, "a P in a system call has a state of its own and is unwired",
          "until 1.25, commit 7244e9221f");
  v.field("syscall_handoff", s.syscall_handoff,
          "retake: sysmon takes the P of a long call; on_entry: every call gives its P away",
          "proc.go: reentersyscall, entersyscallblock");
  v.field("sysmon_min", s.sysmon_min, "shortest sleep of sysmon", "proc.go: sysmon");
  v.field("sysmon_max", s.sysmon_max, "longest sleep of sysmon while some P works", "proc.go: sysmon");
  v.field("syscall_grace", s.syscall_grace, "how long a P stays with a system call when no work waits for it",
          "proc.go: retake");
  v.field("timer_wake_always", s.timer_wake_always, "every new timer may wake the poller, not only an earlier one",
          "until 1.22, time.go: addtimer");
  v.field("channel_timers_lazy", s.channel_timers_lazy, "a channel timer is in a heap only while somebody waits for it",
          "1.23, time.go: needsAdd");
  v.field("mutex.starvation", s.mutex_starvation, "a waiter of more than 1 ms gets the mutex handed over",
          "1.9, sync/mutex.go");
  v.field("mutex.starving_after", s.mutex_starving_after, "after how long a waiter starves", "1.9, sync/mutex.go");
  v.field("wait_reasons", s.wait_reasons, "texts of wait reasons as of this version", "1.20 and 1.24, runtime2.go");
  v.field("schedtrace", s.schedtrace, "format of schedtrace lines as of this version",
          "1.20 and 1.25, proc.go: schedtrace");
}

/// A switch and the value a preset gives it, as text.
struct PresetEntry {
  const char* name;
  const char* value;
};

/// One preset: the switches in which it differs from the newest.
struct Preset {
  const char* name;
  const char* note;
  std::vector<PresetEntry> entries;
};

[[nodiscard]] const std::vector<Preset>& presets();

/// Settings of a preset by name; false when there is none of that name.
[[nodiscard]] bool apply_preset(const std::string& name, Settings& out);

/// Sets one switch from text ("true", "10ms", "richest", "4"). On failure returns what is wrong and what would be right.
[[nodiscard]] std::string set_switch(Settings& s, const std::string& name, const std::string& value);

/// All switches as (name, value, what, source), in order.
struct SwitchText {
  std::string name, value, what, source;
};
[[nodiscard]] std::vector<SwitchText> list_switches(const Settings& s);

}  // namespace gmpsim
