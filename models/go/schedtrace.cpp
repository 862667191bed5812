// What GODEBUG=schedtrace and scheddetail print (proc.go: schedtrace; formats of 1.19, 1.20 and 1.25).
//
// The lines are collected, not printed: the model knows no streams. Fields that the model has no counterpart for (mallocing,
// throwing, preemptoff, locks, dying, the free list of Gs) show what an undisturbed process shows.

#include "models/go/world.hpp"

namespace gmpsim {

// One line as GODEBUG=schedtrace prints it (proc.go: schedtrace; formats of 1.19, 1.20 and 1.25).
void World::on_trace(void* self) {
  World& w = *static_cast<World*>(self);
  w.schedtrace();
  w.engine_.arm(w.trace_process_, w.now() + w.options_.schedtrace);
}

void World::schedtrace() {
  const std::string& version = options_.settings.schedtrace;
  const auto n = [](auto v) { return std::to_string(v); };
  std::string line = "SCHED " + n(now() / ms(1)) + "ms: gomaxprocs=" + n(procs()) + " idleprocs=" + n(sched_.npidle) +
                     " threads=" + n(threads()) + " spinningthreads=" + n(sched_.nmspinning);
  if (version != "1.19") line += std::string(" needspinning=") + (sched_.needspinning ? "1" : "0");
  line += " idlethreads=" + n(sched_.nmidle) + " runqueue=" + n(sched_.runq.size());
  const auto id_or_none = [&](bool has, std::uint32_t id) {
    return has ? std::to_string(id) : std::string(version == "1.19" ? "-1" : "nil");
  };
  const auto flag = [&](bool b) { return std::string(version == "1.19" ? (b ? "1" : "0") : (b ? "true" : "false")); };
  if (!options_.scheddetail) {
    const bool wide = version == "1.25";
    line += wide ? " [ " : " [";
    for (std::uint32_t i = 0; i < procs(); ++i) {
      if (i > 0 && !wide) line += " ";
      line += n(allp_[i]->runq.ring_size());
      if (wide) line += " ";
    }
    line += "]";
    if (wide) {
      line += " schedticks=[ ";
      for (const auto& p : allp_) line += n(p->schedtick) + " ";
      line += "]";
    }
    schedtrace_lines_.push_back(std::move(line));
    return;
  }
  line += " gcwaiting=" + flag(sched_.gcwaiting) + " nmidlelocked=" + n(sched_.nmidlelocked) +
          " stopwait=" + n(sched_.stopwait) + " sysmonwait=" + flag(sched_.sysmonwait);
  schedtrace_lines_.push_back(std::move(line));
  for (const auto& p : allp_) {
    const int status = p->status == PStatus::idle      ? 0
                       : p->status == PStatus::running ? 1
                       : p->status == PStatus::syscall ? 2
                                                       : 3;
    schedtrace_lines_.push_back(
        "  P" + n(p->id) + ": status=" + n(status) + " schedtick=" + n(p->schedtick) +
        " syscalltick=" + n(p->syscalltick) + " m=" + id_or_none(p->m != nullptr, p->m != nullptr ? p->m->id : 0) +
        " runqsize=" + n(p->runq.ring_size()) + " gfreecnt=0 timerslen=" + n(p->timers->store->size()));
  }
  for (auto it = allm_.rbegin(); it != allm_.rend(); ++it) {
    const M& m = **it;
    if (m.freed) continue;
    schedtrace_lines_.push_back(
        "  M" + n(m.id) + ": p=" + id_or_none(m.p != nullptr, m.p != nullptr ? m.p->id : 0) +
        " curg=" + id_or_none(m.curg != nullptr, m.curg != nullptr ? m.curg->id : 0) +
        " mallocing=0 throwing=0 preemptoff= locks=0 dying=0 spinning=" + (m.spinning ? "true" : "false") +
        " blocked=" + (m.asleep ? "true" : "false") +
        " lockedg=" + id_or_none(m.lockedg != nullptr, m.lockedg != nullptr ? m.lockedg->id : 0));
  }
  for (const G* g = all_first_; g != nullptr; g = g->allnext) {
    const int status = g->status == GStatus::runnable  ? 1
                       : g->status == GStatus::running ? 2
                       : g->status == GStatus::syscall ? 3
                       : g->status == GStatus::waiting ? 4
                                                       : 6;
    schedtrace_lines_.push_back("  G" + n(g->id) + ": status=" + n(status) + "(" + wait_reason_text(g->wait_reason) +
                                ") m=" + id_or_none(g->m != nullptr, g->m != nullptr ? g->m->id : 0) + " lockedm=" +
                                id_or_none(g->lockedm != nullptr, g->lockedm != nullptr ? g->lockedm->id : 0));
  }
}

}  // namespace gmpsim
