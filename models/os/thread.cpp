#include "models/os/thread.hpp"

#include <algorithm>

#include "sim/check.hpp"

namespace gmpsim {

namespace {
/// d * by / of, rounded down; what does not fit never comes.
Duration times(Duration d, std::int64_t by, std::int64_t of) {
  __extension__ using Wide = __int128;
  const Wide wide = static_cast<Wide>(d) * by / of;
  return wide >= kNever ? kNever : static_cast<Duration>(wide);
}
}  // namespace

Thread::Thread(Engine& engine, Os& os, gmpsim::Phase phase)
    : engine_(engine), os_(os), process_(engine.add_process(&Thread::on_event, this, phase)) {
  RunCursor::burn = [](RunCursor& c, Duration d) { static_cast<Thread&>(c).burn(d); };
}

void Thread::start_at(Time at) {
  if (queued_) return;  // its time has come already, it goes on as soon as it has a core
  engine_.arm(process_, at);
}

void Thread::leave() {
  if (has_core_) os_.give_core(*this);
}

void Thread::burn(Duration d) {
  burning_ = true;
  cut_short = 0;
  engine_.arm(process_, begin_work(d));
}

/// `work` begins, or goes on, on the core that the thread has now: when it will be done.
Time Thread::begin_work(Duration work) {
  if (!os_.named_.named()) return later(engine_.now(), work);
  factor_ = os_.named_.factor(core_, data_node);
  work_since_ = engine_.now();
  far_away_ = data_node != kNoNode && data_node != os_.named_.node_of(core_);
  return later(engine_.now(), work == kNever ? kNever : times(work, factor_, Memory::kNear));
}

/// It stops, for now or for good: what is left of it.
Duration Thread::end_work() {
  const Time end = engine_.armed_at(process_);
  const Duration left = end == kNever ? kNever : end - engine_.now();
  if (far_away_) far += engine_.now() - work_since_;
  far_away_ = false;
  return left == kNever || factor_ == Memory::kNear ? left : times(left, Memory::kNear, factor_);
}

void Thread::hold_up(Duration d) {
  if (due() != kNever) engine_.arm(process_, later(due(), d));
}

void Thread::interrupt() {
  if (!burning_) return;
  if (queued_) {
    signal_ = true;
    return;
  }
  cut_short = end_work();
  engine_.arm(process_, engine_.now());
}

void Thread::on_event(void* self) {
  Thread& t = *static_cast<Thread*>(self);
  if (!t.has_core_ && !t.os_.take_core(t)) return;
  if (t.far_away_) (void)t.end_work();
  t.burning_ = false;
  resume(t);
}

Os::Os(Engine& engine, std::uint32_t cores, Duration quantum)
    : engine_(engine),
      cores_(cores),
      quantum_(quantum),
      quantum_process_(engine.add_process(&Os::on_quantum, this, gmpsim::Phase::monitor)),
      quota_process_(engine.add_process(&Os::on_quota, this, gmpsim::Phase::monitor)) {}

bool Os::take_core(Thread& t) {
  if (cores_ == 0) {
    t.has_core_ = true;
    return true;
  }
  if (busy_ < usable()) {
    count();
    ++busy_;
    arm_quota();
    has_core(t);
    return true;
  }
  t.queued_ = true;
  queue_.push_back(&t);
  arm_quantum();
  return false;
}

void Os::give_core(Thread& t) {
  t.has_core_ = false;
  if (cores_ == 0) return;
  if (named_.named()) named_.occupy(t.core_, nullptr);
  count();
  --busy_;
  running_.erase(std::find(running_.begin(), running_.end(), &t));
  arm_quota();
  if (queue_.empty() || busy_ >= usable()) return;
  Thread& next = *queue_.front();
  queue_.pop_front();
  grant(next);
}

void Os::grant(Thread& t) {
  count();
  ++busy_;
  arm_quota();
  t.queued_ = false;
  has_core(t);
  if (t.signal_) {  // the signal is seen as soon as the thread runs again
    t.signal_ = false;
    t.cut_short = t.paused_;
    engine_.arm(t.process_, engine_.now());
  } else {
    engine_.arm(t.process_, t.begin_work(t.paused_));
  }
  t.paused_ = 0;
  if (!queue_.empty()) arm_quantum();
}

/// It has one: which one, where that matters.
void Os::has_core(Thread& t) {
  t.has_core_ = true;
  t.core_since_ = engine_.now();
  running_.push_back(&t);
  if (!named_.named()) return;
  const std::uint32_t before = t.core_;
  t.core_ = named_.pick(before);
  GMPSIM_CHECK(t.core_ != kNoCore, "who is given a core gets one");
  named_.occupy(t.core_, &t);
  if (t.core_ != before && on_core != nullptr) on_core(user, t, before != kNoCore);
}

void Os::arm_quantum() {
  if (engine_.armed(quantum_process_) || running_.empty()) return;
  engine_.arm(quantum_process_, std::max(engine_.now(), running_.front()->core_since_ + quantum_));
}

// Everybody who has had its quantum gives way while somebody waits. A thread on a core is always suspended in a burn
// (or about to go on at this very instant) when another process runs, so what is left of its burn can be put aside.
void Os::on_quantum(void* self) {
  Os& os = *static_cast<Os*>(self);
  const Time now = os.engine_.now();
  while (!os.queue_.empty() && !os.running_.empty() && os.running_.front()->core_since_ + os.quantum_ <= now) {
    Thread& t = *os.running_.front();
    if (!os.engine_.armed(t.process_)) break;
    Thread& next = *os.queue_.front();
    os.queue_.pop_front();
    os.pause(t);
    os.grant(next);
  }
  if (!os.queue_.empty()) os.arm_quantum();
}

// Takes the core from a thread in the middle of a burn; the rest of it is put aside.
void Os::pause(Thread& t) {
  t.paused_ = t.end_work();
  engine_.disarm(t.process_);
  if (named_.named()) named_.occupy(t.core_, nullptr);
  count();
  running_.erase(std::find(running_.begin(), running_.end(), &t));
  --busy_;
  arm_quota();
  t.has_core_ = false;
  t.queued_ = true;
  queue_.push_back(&t);
}

// ---------------------------------------------------------------------------------------------- faults

// After a change of how many cores may be used: who has run longest gives way, who waits gets what is free.
void Os::fit() {
  std::size_t keep = 0;  // threads that cannot be paused at this instant: they are about to leave by themselves
  while (busy_ > usable() && keep < running_.size()) {
    if (engine_.armed(running_[keep]->process_))
      pause(*running_[keep]);
    else
      ++keep;
  }
  while (busy_ < usable() && !queue_.empty()) {
    Thread& next = *queue_.front();
    queue_.pop_front();
    grant(next);
  }
}

void Os::name_cores(const Memory& memory) {
  named_.name(cores_, memory);
  engine_.never_in_place();
}

void Os::stall(std::uint32_t core, bool begins) {
  if (!named_.stall(core, begins)) return;
  stalled_ = begins ? stalled_ + 1 : stalled_ - 1;
  Thread* const t = named_.on(core);
  if (begins && t != nullptr && engine_.armed(t->process_)) pause(*t);
  fit();
}

void Os::slow(std::uint32_t core, std::int64_t factor_ppm) {
  Thread* const t = named_.on(core);
  const bool works = t != nullptr && engine_.armed(t->process_);
  const Duration left = works ? t->end_work() : 0;
  named_.slow(core, factor_ppm);
  if (works) engine_.arm(t->process_, t->begin_work(left));
}

// CFS bandwidth control: a period, and in it a quota for all threads together. What is left over is lost.
void Os::limit(Duration quota, Duration period) {
  count();
  quota_ = quota;
  period_ = period;
  used_ = 0;
  counted_ = engine_.now();
  period_end_ = later(engine_.now(), period);
  if (quota == 0) {
    engine_.disarm(quota_process_);
    if (std::exchange(throttled_, false) && on_throttle != nullptr) on_throttle(user, false);
    fit();
  }
  arm_quota();
}

void Os::count() {
  if (quota_ == 0) return;
  used_ += static_cast<Duration>(busy_) * (engine_.now() - counted_);
  counted_ = engine_.now();
}

// The next thing that happens to the quota: it is used up, or the period ends.
void Os::arm_quota() {
  if (quota_ == 0) return;
  Time next = period_end_;
  if (!throttled_ && busy_ > 0)
    next = std::min(next, later(engine_.now(), (std::max<Duration>(quota_ - used_, 0) + busy_ - 1) / busy_));
  engine_.arm(quota_process_, next);
}

void Os::on_quota(void* self) {
  Os& os = *static_cast<Os*>(self);
  os.count();
  const bool before = os.throttled_;
  if (os.engine_.now() >= os.period_end_) {
    os.used_ = 0;
    os.period_end_ = later(os.engine_.now(), os.period_);
    os.throttled_ = false;
  } else if (os.used_ >= os.quota_) {
    os.throttled_ = true;
  }
  if (os.throttled_ != before && os.on_throttle != nullptr) os.on_throttle(os.user, os.throttled_);
  if (os.throttled_ != before) os.fit();
  os.arm_quota();
}

}  // namespace gmpsim
