#include "analysis/witness.hpp"

#include <algorithm>

namespace gmpsim {

using GState = LiveGoroutine::State;
using PState = ProcView::State;

Witness::Witness(const TraceInfo& info) : info_(&info), slots_(1), created_of_(info.programs.size()) {
  procs_.resize(std::min<std::size_t>(info.procs, kMaxProc));
  counts_[static_cast<std::size_t>(PState::idle)] = Gauge(static_cast<std::int64_t>(procs_.size()));
  if (!procs_.empty()) idle_since_ = 0;
}

// --- the parts that every transition shares

std::uint32_t Witness::open_slot(std::uint32_t g) {
  if (g == kNoG || g >= kMaxGoroutine) return 0;
  if (g >= slot_of_.size()) slot_of_.resize(std::max<std::size_t>(g + 1, slot_of_.size() * 3 / 2));
  if (slot_of_[g] != 0) return slot_of_[g];
  std::uint32_t s = 0;
  if (free_.empty()) {
    s = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    s = free_.back();
    free_.pop_back();
    slots_[s] = LiveGoroutine{};
  }
  slots_[s].g = g;
  slots_[s].since = now_;
  slot_of_[g] = s;
  live_max_ = std::max(live_max_, ++live_);
  return s;
}

void Witness::close_slot(std::uint32_t s) {
  slot_of_[slots_[s].g] = 0;
  --live_;
  pending_close_ = s;  // readers of Facts may look at it until the next record
}

void Witness::link(std::uint32_t s) {
  const std::uint32_t tail = slots_[0].previous;
  slots_[s].previous = tail;
  slots_[s].next = 0;
  slots_[tail].next = s;
  slots_[0].previous = s;
  runnable_.add(now_, 1);
}

void Witness::unlink(std::uint32_t s) {
  slots_[slots_[s].previous].next = slots_[s].next;
  slots_[slots_[s].next].previous = slots_[s].previous;
  runnable_.add(now_, -1);
}

ProcView* Witness::proc(std::uint16_t p) {
  if (p >= kMaxProc) return nullptr;
  if (p >= procs_.size()) {
    counts_[static_cast<std::size_t>(PState::idle)].add(now_, static_cast<std::int64_t>(p + 1 - procs_.size()));
    procs_.resize(p + 1u);
  }
  return &procs_[p];
}

Gauge* Witness::queue(std::uint16_t p) {
  if (p == kNoP) return &global_;
  ProcView* const owner = proc(p);
  return owner == nullptr ? nullptr : &owner->queue;
}

void Witness::move(std::uint16_t from, std::uint16_t to, std::int64_t n) {
  Gauge* const source = queue(from);
  if (source != nullptr) source->add(now_, -std::clamp<std::int64_t>(n, 0, source->value()));
  Gauge* const target = queue(to);
  if (target != nullptr) target->add(now_, std::clamp<std::int64_t>(n, 0, runnable_.value() - target->value()));
}

/// Idle Ps and runnable goroutines at the same time are what work conservation is about.
void Witness::watch_idle() {
  const bool idle = idle_procs() > 0;
  const bool stranding = idle && runnable_.value() > 0;
  if (idle != (idle_since_ != kNever)) {
    if (idle) {
      idle_since_ = now_;
    } else {
      idle_clock_ += now_ - idle_since_;
      idle_since_ = kNever;
    }
  }
  if (stranding != (stranding_since_ != kNever)) {
    if (stranding) {
      stranding_since_ = now_;
    } else {
      idle_while_runnable_ += now_ - stranding_since_;
      stranding_since_ = kNever;
    }
  }
}

void Witness::enter(ProcView& p, PState state) {
  p.time[static_cast<std::size_t>(p.state)] += now_ - p.since;
  p.since = now_;
  if (p.state == state) return;
  counts_[static_cast<std::size_t>(p.state)].add(now_, -1);
  counts_[static_cast<std::size_t>(state)].add(now_, 1);
  p.state = state;
}

void Witness::settle(Time at) {
  now_ = std::max(now_, at);
  for (ProcView& p : procs_) {
    enter(p, p.state);
    p.queue.settle(now_);
  }
  for (Gauge& count : counts_) count.settle(now_);
  runnable_.settle(now_);
  global_.settle(now_);
  threads_.settle(now_);
}

/// The goroutine gives up what its old state held: a place in a queue, a P, an object. Says so in facts_.
void Witness::leave_state(std::uint32_t s, const Transition& t) {
  LiveGoroutine& g = slots_[s];
  switch (g.state) {
    case GState::created: break;
    case GState::runnable:
      unlink(s);
      if (t.kind == Kind::g_running) {
        facts_.started = true;
        facts_.delay = now_ - g.since;
        facts_.queued_at = g.since;
        facts_.queue = g.p;
        facts_.stranded = idle_clock(now_) - g.idle_mark;
      }
      break;
    case GState::running:
    case GState::syscall: {
      if (g.state == GState::running) {
        facts_.stopped = true;
        facts_.ran = now_ - g.since;
        facts_.ran_from = g.since;
        facts_.ran_on = g.p;
      }
      // Its P may have been taken away in the meantime; then it belongs to somebody else.
      ProcView* const p = proc(g.p);
      if (p == nullptr || p->g != g.g) break;
      if (g.state == GState::running) {
        p->last_g = g.g;
        p->last_program = g.program;
        p->last_ordinal = g.ordinal;
        p->last_from = g.since;
        p->last_until = now_;
      }
      p->g = kNoG;
      enter(*p, PState::overhead);
      break;
    }
    case GState::waiting:
      facts_.unblocked = true;
      facts_.blocked = now_ - g.since;
      facts_.blocked_at = g.since;
      facts_.reason = g.why;
      facts_.object = g.object;
      break;
  }
  g.since = now_;
  g.object = 0;
}

// --- one function a kind

void Witness::on_create(const Transition& t) {
  const std::uint32_t s = open_slot(t.g);
  facts_.slot = s;
  if (s == 0) return;
  ++created_;
  if (t.a == kNoG && t.why == 1) ++arrived_;
  if (t.value < 0 || static_cast<std::size_t>(t.value) >= info_->programs.size()) return;
  if (created_of_.size() < info_->programs.size()) created_of_.resize(info_->programs.size());
  slots_[s].program = static_cast<std::uint32_t>(t.value);
  slots_[s].ordinal = ++created_of_[slots_[s].program];
}

void Witness::on_runnable(const Transition& t) {
  const std::uint32_t s = open_slot(t.g);
  facts_.slot = s;
  if (s == 0) return;
  leave_state(s, t);
  LiveGoroutine& g = slots_[s];
  g.state = GState::runnable;
  g.why = t.why;
  g.p = t.p;
  g.idle_mark = idle_clock(now_);
  // A timer for no known goroutine (it fed a channel) concerns the one that becomes runnable through it.
  if (ProcView* const p = proc(t.p); p != nullptr && static_cast<Why>(t.why) == Why::timer && g.due == kNever) {
    g.due = p->fired_due;
    p->fired_due = kNever;
  }
  link(s);
  if (Gauge* const q = queue(t.p)) q->add(now_, 1);
  watch_idle();
}

void Witness::on_running(const Transition& t) {
  const std::uint32_t s = open_slot(t.g);
  facts_.slot = s;
  if (s == 0) return;
  LiveGoroutine& g = slots_[s];
  // Gone on with after an interruption that did not cost it its P: the same stretch.
  if (g.state == GState::running && g.p == t.p) return;
  const bool queued = g.state == GState::runnable;
  leave_state(s, t);
  if (facts_.started && g.due != kNever) {
    facts_.late = true;
    facts_.lateness = std::max<Duration>(0, now_ - g.due);
  }
  g.due = kNever;
  // A goroutine that was moved (stolen, taken from the global queue) has been counted into the queue of `p` by the
  // record of the move; one that was in no queue of `p` may still be counted where it was put.
  if (queued) {
    Gauge* q = queue(t.p);
    if (q == nullptr || q->value() == 0) q = queue(g.p);
    if (q != nullptr && q->value() > 0) q->add(now_, -1);
  }
  g.state = GState::running;
  g.p = t.p;
  if (ProcView* const p = proc(t.p)) {
    enter(*p, PState::busy);
    p->g = g.g;
    p->slot = s;
    p->m = t.m;
  }
  watch_idle();
}

void Witness::on_waiting(const Transition& t) {
  const std::uint32_t s = open_slot(t.g);
  facts_.slot = s;
  if (s == 0) return;
  leave_state(s, t);
  LiveGoroutine& g = slots_[s];
  g.state = GState::waiting;
  g.why = t.why;
  g.object = t.a;
  g.due = static_cast<WaitReason>(t.why) == WaitReason::sleep && t.value > 0 ? t.value : kNever;
}

void Witness::on_syscall(const Transition& t) {
  const std::uint32_t s = open_slot(t.g);
  facts_.slot = s;
  if (s == 0) return;
  leave_state(s, t);
  LiveGoroutine& g = slots_[s];
  g.state = GState::syscall;
  g.p = t.p;
  if (ProcView* const p = proc(t.p)) {
    enter(*p, PState::syscall);
    p->g = g.g;
    p->slot = s;
  }
  watch_idle();
}

void Witness::on_end(const Transition& t) {
  const std::uint32_t s = slot_of(t.g);
  facts_.slot = s;
  if (s == 0) return;
  leave_state(s, t);
  facts_.ended = true;
  close_slot(s);
}

const Facts& Witness::apply(const Transition& t) {
  if (pending_close_ != 0) {
    free_.push_back(pending_close_);
    pending_close_ = 0;
  }
  facts_.clear();
  now_ = std::max(now_, t.at);
  switch (t.kind) {
    case Kind::g_create: on_create(t); break;
    case Kind::g_runnable: on_runnable(t); break;
    case Kind::g_running: on_running(t); break;
    case Kind::g_waiting: on_waiting(t); break;
    case Kind::g_syscall: on_syscall(t); break;
    case Kind::g_end: on_end(t); break;
    case Kind::p_idle:
    case Kind::p_running:
    case Kind::p_stop:
    case Kind::retake:
    case Kind::handoff: {
      ProcView* const p = proc(t.p);
      if (p == nullptr) break;
      const bool idle = t.kind == Kind::p_idle || (t.kind == Kind::handoff && t.why == 0);
      p->g = kNoG;
      if (t.kind == Kind::p_running) p->m = t.m;
      enter(*p, idle                     ? PState::idle
                : t.kind == Kind::p_stop ? (t.why == 1 ? PState::gone : PState::stopped)
                                         : PState::overhead);
      watch_idle();
      break;
    }
    case Kind::m_create:
      ++threads_created_;
      threads_.add(now_, 1);
      break;
    case Kind::m_exit: threads_.add(now_, threads_.value() > 0 ? -1 : 0); break;
    case Kind::wakeup: {
      // Off the idle list from here on, as in Go's own counts: what follows is the time to wake or make the thread.
      ProcView* const p = proc(t.p);
      if (p == nullptr || p->state != PState::idle) break;
      enter(*p, PState::overhead);
      watch_idle();
      break;
    }
    case Kind::steal: move(static_cast<std::uint16_t>(std::min<std::uint32_t>(t.a, kNoP - 1u)), t.p, t.value); break;
    case Kind::overflow: move(t.p, kNoP, t.value); break;
    case Kind::global_get: move(kNoP, t.p, t.value); break;
    case Kind::timer_fire: {
      const std::uint32_t s = slot_of(t.g);
      facts_.slot = s;
      if (s != 0 && slots_[s].state == GState::waiting)
        slots_[s].due = t.value;
      else if (ProcView* const p = proc(t.p))
        p->fired_due = t.value;
      break;
    }
    default: facts_.slot = slot_of(t.g); break;
  }
  return facts_;
}

// --- names

std::string goroutine_name(const TraceInfo& info, std::uint32_t g, std::uint32_t program) {
  std::string name = "G" + std::to_string(g);
  if (program < info.programs.size()) name += " " + info.programs[program].name;
  return name;
}

std::string queue_name(std::uint16_t p) {
  return p == kNoP ? "global queue" : "P" + std::to_string(p) + " local queue";
}

std::string label_name(const TraceInfo& info, std::uint32_t label) {
  return label < info.labels.size() ? info.labels[label] : "label " + std::to_string(label);
}

std::string wait_reason_text(const TraceInfo& info, std::uint8_t reason) {
  if (reason < info.wait_reasons.size() && !info.wait_reasons[reason].empty()) return info.wait_reasons[reason];
  return name_of(static_cast<WaitReason>(reason));
}

const char* name_of(WaitReason reason) {
  static constexpr const char* names[] = {"none",          "chan_receive",   "chan_send",       "chan_receive_nil",
                                          "chan_send_nil", "select",         "select_no_cases", "sleep",
                                          "mutex_lock",    "rwmutex_rlock",  "rwmutex_lock",    "wait_group",
                                          "cond_wait",     "semacquire",     "io_wait",         "gc_assist",
                                          "preempted",     "gc_worker_idle", "gc_cycle",        "gc_sweep_wait",
                                          "force_gc"};
  static_assert(std::size(names) == static_cast<std::size_t>(WaitReason::kCount));
  return reason < WaitReason::kCount ? names[static_cast<std::size_t>(reason)] : "?";
}

}  // namespace gmpsim
