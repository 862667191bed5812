#include "models/os/thread.hpp"

#include <algorithm>

namespace gmpsim {

Thread::Thread(Engine& engine, Os& os, gmpsim::Phase phase)
    : engine_(engine), os_(os), process_(engine.add_process(&Thread::on_event, this, phase)) {
  RunCursor::burn = [](RunCursor& c, Duration d) { static_cast<Thread&>(c).burn(d); };
}

void Thread::start_at(Time at) { engine_.arm(process_, at); }

void Thread::leave() {
  if (has_core_) os_.give_core(*this);
}

void Thread::burn(Duration d) {
  burning_ = true;
  cut_short = 0;
  engine_.arm(process_, later(engine_.now(), d));
}

void Thread::interrupt() {
  if (!burning_) return;
  if (queued_) {
    signal_ = true;
    return;
  }
  const Time end = engine_.armed_at(process_);
  cut_short = end == kNever ? kNever : end - engine_.now();
  engine_.arm(process_, engine_.now());
}

void Thread::on_event(void* self) {
  Thread& t = *static_cast<Thread*>(self);
  if (!t.has_core_ && !t.os_.take_core(t)) return;
  t.burning_ = false;
  resume(t);
}

Os::Os(Engine& engine, std::uint32_t cores, Duration quantum)
    : engine_(engine),
      cores_(cores),
      quantum_(quantum),
      quantum_process_(engine.add_process(&Os::on_quantum, this, gmpsim::Phase::monitor)) {}

bool Os::take_core(Thread& t) {
  if (cores_ == 0) {
    t.has_core_ = true;
    return true;
  }
  if (busy_ < cores_) {
    ++busy_;
    t.has_core_ = true;
    t.core_since_ = engine_.now();
    running_.push_back(&t);
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
  --busy_;
  running_.erase(std::find(running_.begin(), running_.end(), &t));
  if (queue_.empty()) return;
  Thread& next = *queue_.front();
  queue_.pop_front();
  grant(next);
}

void Os::grant(Thread& t) {
  ++busy_;
  t.queued_ = false;
  t.has_core_ = true;
  t.core_since_ = engine_.now();
  running_.push_back(&t);
  if (t.signal_) {  // the signal is seen as soon as the thread runs again
    t.signal_ = false;
    t.cut_short = t.paused_;
    engine_.arm(t.process_, engine_.now());
  } else {
    engine_.arm(t.process_, later(engine_.now(), t.paused_));
  }
  t.paused_ = 0;
  if (!queue_.empty()) arm_quantum();
}

void Os::arm_quantum() {
  if (engine_.armed(quantum_process_)) return;
  engine_.arm(quantum_process_, std::max(engine_.now(), running_.front()->core_since_ + quantum_));
}

// Everybody who has had its quantum gives way while somebody waits. A thread on a core is always suspended in a burn
// (or about to go on at this very instant) when another process runs, so what is left of its burn can be put aside.
void Os::on_quantum(void* self) {
  Os& os = *static_cast<Os*>(self);
  const Time now = os.engine_.now();
  while (!os.queue_.empty() && os.running_.front()->core_since_ + os.quantum_ <= now) {
    Thread& t = *os.running_.front();
    if (!os.engine_.armed(t.process_)) break;
    const Time end = os.engine_.armed_at(t.process_);
    t.paused_ = end == kNever ? kNever : end - now;
    os.engine_.disarm(t.process_);
    Thread& next = *os.queue_.front();
    os.queue_.pop_front();
    os.running_.erase(os.running_.begin());
    --os.busy_;
    t.has_core_ = false;
    t.queued_ = true;
    os.queue_.push_back(&t);
    os.grant(next);
  }
  if (!os.queue_.empty()) os.arm_quantum();
}

}  // namespace gmpsim
