#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

#include <algorithm>

namespace gmpsim {

Culprit blocked_culprit(const EndOfRun::Blocked& blocked, const Metrics& metrics) {
  const LiveGoroutine* const g = metrics.witness().find(blocked.g);
  Culprit c;
  c.g = blocked.g;
  c.name = goroutine_name(metrics.info(), blocked.g, g == nullptr ? kNoProgram : g->program);
  c.what = blocked.reason + (blocked.object.empty() ? "" : " on " + blocked.object);
  c.since = g == nullptr ? 0 : g->since;
  c.until = kNever;
  return c;
}

std::optional<Culprit> ran_meanwhile(const WaitRecord& wait, const Metrics& metrics) {
  const std::vector<ProcView>& procs = metrics.witness().procs();
  if (procs.empty() || (wait.queue != kNoP && wait.queue >= procs.size())) return std::nullopt;
  const TraceInfo& info = metrics.info();
  const auto told = [&](std::size_t p, std::uint32_t g, std::uint32_t program, Time from, Time until) {
    return Culprit{g, goroutine_name(info, g, program), "ran on P" + std::to_string(p), from, until};
  };
  // Of the Ps that could have run it, the one whose stretch covers most of the wait; nobody when it was many short
  // ones.
  std::optional<Culprit> worst;
  Duration covered = wait.length / 2;
  const std::size_t first = wait.queue == kNoP ? 0 : wait.queue;
  const std::size_t last = wait.queue == kNoP ? procs.size() : first + 1;
  for (std::size_t p = first; p < last; ++p) {
    const ProcView& proc = procs[p];
    const auto consider = [&](std::uint32_t g, std::uint32_t program, Time from, Time until, Time shown_until) {
      const Duration overlap = std::min(until, wait.until) - std::max(from, wait.since);
      if (g == kNoG || g == wait.g || overlap <= covered) return;
      covered = overlap;
      worst = told(p, g, program, from, shown_until);
    };
    if (proc.state == ProcView::State::busy) {
      const LiveGoroutine& g = metrics.witness().slot(proc.slot);
      consider(g.g, g.program, g.since, wait.until, kNever);
    }
    consider(proc.last_g, proc.last_program, proc.last_from, proc.last_until, proc.last_until);
  }
  return worst;
}

std::string counted(std::uint64_t n, const char* noun) { return std::to_string(n) + " " + noun + (n == 1 ? "" : "s"); }

}  // namespace gmpsim
