// Go versions as data: what each of them changed for whom it schedules.
//
// The list is a history. The first entry sets every switch that ever changed as Go 1.0 had it; each later one names only
// what came with it, so that it reads like release notes. A preset is the first entries up to its name. The newest
// version equals the defaults of Settings (a test holds this). Versions that changed nothing have no entry; their names
// are known all the same (`go1.24` is 1.23 but for what it lists).
//
// Sources: proc.c of 1.0 to 1.4, proc.go since; each switch says in `describe` (settings.hpp) where its change is found.
// What is not modelled of the old ones: the growing ring of 1.1 and 1.2 (here it overflows at 256 as since 1.3).
//
// Rejected: a full list of switches for each version (nobody sees what changed), and differences from the newest
// (adding a version changes all older entries).

#include <algorithm>
#include <charconv>

#include "models/go/settings.hpp"
#include "sim/check.hpp"

namespace gmpsim {

const std::vector<Preset>& presets() {
  static const std::vector<Preset> history{
      {"go1.0",
       "one global queue, no P, no monitor, no preemption",
       {{"wake", "global"},
        {"wake_rule", "each"},
        {"runnext", "false"},
        {"inherit_slice", "false"},
        {"global_batch", "false"},
        {"global_poll", "0"},
        {"steal", "none"},
        {"steal_runnext_pause", "never"},
        {"needspinning", "false"},
        {"gosched_wakep", "false"},
        {"idle_recheck_global", "false"},
        {"inject_local", "false"},
        {"inject_wakep", "false"},
        {"idle_stack_high_first", "false"},
        {"container_maxprocs", "false"},
        {"sysmon", "off"},
        {"preempt", "none"},
        {"slice_in_syscall", "false"},
        {"psyscall", "true"},
        {"syscall_handoff", "on_entry"},
        {"syscall_grace", "1000000s"},
        {"template_thread", "false"},
        {"thread_locks_nest", "false"},
        {"locked_thread_exits", "false"},
        {"cgo_handoff", "on_entry"},
        {"netpoll", "poller-thread"},
        {"netpoll_counts_ready", "false"},
        {"netpoll_one_at_a_time", "false"},
        {"poll_time_fresh", "false"},
        {"timers", "one-heap"},
        {"timers_stolen", "last round"},
        {"stw.keeps_preempted", "false"},
        {"stw.same_m", "false"},
        {"stw.assigns_workers", "false"},
        {"stw.sema_handoff", "false"},
        {"stw.queues", "kept"},
        {"gc.concurrent", "false"},
        {"gc.sweeps_later", "false"},
        {"gc.pacer", "1.5"},
        {"gc.worker_handshake", "false"},
        {"gc.handoff_works", "false"},
        {"gc.switch_wakes", "false"},
        {"gc.drains_queue", "false"},
        {"gc.flush_round", "false"},
        {"gc.flushes_caches", "false"},
        {"gc.stack_scan", "ignores"},
        {"gc.oblets", "false"},
        {"gc.ready_next", "true"},
        {"gc.sweep_yields_when_busy", "false"},
        {"gc.sweep_bound", "0"},
        {"gc.sweep_in_proportion", "false"},
        {"stack.start_adapts", "false"},
        {"alloc.clears_in_pieces", "false"},
        {"pool.victims", "false"},
        {"profile.mode", "stop"},
        {"timer_wakes_p", "false"},
        {"timer_wake_always", "true"},
        {"sysmon_timers", "false"},
        {"channel_timers_lazy", "false"},
        {"mutex.spin", "false"},
        {"mutex.starvation", "false"},
        {"sema_goyield", "false"},
        {"lock2.spinner_bit", "false"},
        {"lock2.wake_oldest_every", "0"},
        {"wait_reasons", "1.19"},
        {"schedtrace", "1.19"},
        {"traceback_creator", "false"}}},
      {"go1.1",
       "P: local queues, work stealing, the monitor takes Ps from system calls; the scheduler polls the network",
       {{"wake", "go"},
        {"wake_rule", "one"},
        {"global_batch", "true"},
        {"steal", "random"},
        {"steal.tries", "2"},
        {"sysmon", "on"},
        {"syscall_handoff", "retake"},
        {"cgo_handoff", "retake"},
        {"netpoll", "poller"},
        {"stw.queues", "appended"}}},
      {"go1.2",
       "preemption at function entry; the global queue every 61st time; a spinner wakes the next",
       {{"preempt", "cooperative"}, {"global_poll", "61"}, {"wake_rule", "always"}, {"syscall_grace", "10ms"}}},
      {"go1.3",
       "a stop of the world keeps the order of the queues; sweeping in the background",
       {{"stw.queues", "in order"}, {"gc.sweeps_later", "true"}}},
      {"go1.5",
       "the collector marks beside the program; runnext and the inherited slice; a mutex spins before it waits",
       {{"gc.concurrent", "true"},
        {"gc.flush_round", "true"},
        {"gc.stack_scan", "asks"},
        {"gc.sweep_in_proportion", "true"},
        {"stw.queues", "kept"},
        {"runnext", "true"},
        {"inherit_slice", "true"},
        {"steal.tries", "4"},
        {"steal_runnext_pause", "always"},
        {"mutex.spin", "true"}}},
      {"go1.6",
       "only spinning threads wake others; a P that is handed off while there is something to mark gets a thread",
       {{"wake_rule", "spinner"}, {"gc.handoff_works", "true"}}},
      {"go1.7",
       "thieves visit every P in a random permutation; the collector's waiters no longer jump the queue",
       {{"steal", "go"}, {"gc.ready_next", "false"}}},
      {"go1.8", "large objects are scanned in pieces", {{"gc.oblets", "true"}}},
      {"go1.9",
       "mutex starvation mode; a dedicated mark worker gives the queue of its P away",
       {{"mutex.starvation", "true"}, {"gc.drains_queue", "true"}}},
      {"go1.10",
       "64 timer heaps; thieves pause only for a runnext that its P may run soon; locks of threads nest, a locked "
       "thread ends with its goroutine",
       {{"steal_runnext_pause", "running"},
        {"timers", "heaps-64"},
        {"template_thread", "true"},
        {"thread_locks_nest", "true"},
        {"locked_thread_exits", "true"}}},
      {"go1.12", "the caches of all Ps are emptied at the end of a collection", {{"gc.flushes_caches", "true"}}},
      {"go1.13",
       "the slice of a goroutine in a short system call counts; a P that turns to marking wakes another; pools survive "
       "one collection",
       {{"slice_in_syscall", "true"}, {"gc.switch_wakes", "true"}, {"pool.victims", "true"}}},
      {"go1.14",
       "asynchronous preemption, also for the scan of a stack; per-P timers run by the scheduler; hand-over of a "
       "starving mutex yields",
       {{"preempt", "async"},
        {"gc.stack_scan", "stops"},
        {"timers", "heap-1.14"},
        {"timers_stolen", "preemptible"},
        {"sysmon_timers", "true"},
        {"sema_goyield", "true"}}},
      {"go1.15",
       "timers of busy Ps are stolen; what the poller finds stays with the polling P",
       {{"timers_stolen", "two rounds"}, {"inject_local", "true"}, {"gc.sweep_bound", "100"}}},
      {"go1.16",
       "a new timer wakes an idle P; sysmon no longer does; who stopped the world hands on the right to do so",
       {{"timers_stolen", "last round"},
        {"timer_wakes_p", "true"},
        {"sysmon_timers", "false"},
        {"stw.sema_handoff", "true"}}},
      {"go1.17", "large memory is cleared in pieces", {{"alloc.clears_in_pieces", "true"}}},
      {"go1.18", "the collector's new pacer", {{"gc.pacer", "1.18"}}},
      {"go1.19",
       "the goroutine profile stops the world briefly; new goroutines begin with a stack of average size",
       {{"profile.mode", "barrier"}, {"stack.start_adapts", "true"}}},
      {"go1.20",
       "an M about to idle spins when work was found but no P; the pacer takes the mean of two cycles; mutex wait "
       "reasons",
       {{"needspinning", "true"},
        {"gc.sweep_yields_when_busy", "true"},
        {"gc.pacer", "1.20"},
        {"wait_reasons", "1.20"},
        {"schedtrace", "1.20"}}},
      {"go1.21",
       "a dump says which goroutine created another; the time of the last poll is that of its end; the pacer remembers "
       "five cycles",
       {{"traceback_creator", "true"}, {"poll_time_fresh", "true"}, {"gc.pacer", "1.21"}}},
      {"go1.22",
       "Gosched and preemption wake another P; the global queue is looked at again after spinning",
       {{"gosched_wakep", "true"}, {"idle_recheck_global", "true"}, {"netpoll_counts_ready", "true"}}},
      {"go1.23",
       "new timers: channel timers in a heap only while somebody waits; injected lists end with a wake-up",
       {{"timers", "heap"},
        {"inject_wakep", "true"},
        {"gc.worker_handshake", "true"},
        {"timer_wake_always", "false"},
        {"channel_timers_lazy", "true"}}},
      {"go1.24",
       "the runtime's own locks: one waiter spins, the others sleep; wait reason of the wait group",
       {{"lock2.spinner_bit", "true"}, {"lock2.wake_oldest_every", "16"}, {"wait_reasons", "1.24"}}},
      {"go1.25",
       "one P at a time looks at the network; GOMAXPROCS heeds a CPU quota; schedticks in schedtrace",
       {{"netpoll_one_at_a_time", "true"}, {"container_maxprocs", "true"}, {"schedtrace", "1.25"}}},
      {"go1.26",
       "a P in a system call stays wired; the idle stack after the start is reversed; a stop of the world leaves "
       "goroutines and threads where they were and gives mark workers to idle Ps",
       {{"psyscall", "false"},
        {"idle_stack_high_first", "true"},
        {"stw.keeps_preempted", "true"},
        {"stw.same_m", "true"},
        {"stw.assigns_workers", "true"}}},
      {"go1.27", "the scheduler of 1.26", {}},
  };
  return history;
}

const std::vector<Preset>& bundles() {
  static const std::vector<Preset> all{
      {"global-fifo",
       "the newest scheduler with one first-come-first-served queue for all Ps",
       {{"wake", "global"}, {"steal", "none"}, {"global_batch", "false"}, {"runnext", "false"}}},
  };
  return all;
}

namespace {
// "go1.19" -> 19; -1 for anything else.
int minor_version(const std::string& name) {
  constexpr std::string_view kPrefix = "go1.";
  int minor = -1;
  if (name.rfind(kPrefix, 0) != 0) return -1;
  const char* from = name.data() + kPrefix.size();
  const char* to = name.data() + name.size();
  if (from == to || (*from == '0' && to - from > 1)) return -1;
  const auto [end, error] = std::from_chars(from, to, minor);
  return error == std::errc() && end == to && minor >= 0 ? minor : -1;
}
}  // namespace

int preset_minor_version(const std::string& name) {
  const int minor = minor_version(name);
  return minor >= 0 ? minor : minor_version(presets().back().name);
}

bool apply_preset(const std::string& name, Settings& out) {
  for (const Preset& b : bundles()) {
    if (name != b.name) continue;
    GMPSIM_CHECK(apply_preset(presets().back().name, out), "the newest version is known");
    out.preset = name;
    for (const PresetEntry& e : b.entries)
      GMPSIM_CHECK(set_switch(out, e.name, e.value).empty(), "a bundle sets switches that exist");
    return true;
  }
  const int wanted = minor_version(name);
  if (wanted < 0 || wanted > minor_version(presets().back().name)) return false;
  out = Settings{};
  out.preset = name;
  for (const Preset& p : presets()) {
    if (minor_version(p.name) > wanted) break;
    for (const PresetEntry& e : p.entries) {
      const std::string error = set_switch(out, e.name, e.value);
      GMPSIM_CHECK(error.empty(), "a preset sets switches that exist");
    }
  }
  return true;
}

}  // namespace gmpsim
