#include "tools/transition_text.hpp"

#include <fmt/format.h>

#include "analysis/table.hpp"
#include "analysis/witness.hpp"

namespace gmpsim {

void GoroutineNames::see(const Transition& t) {
  if (t.kind != Kind::g_create || t.g >= kMost) return;
  if (t.g >= program_.size()) program_.resize(t.g + 1);
  program_[t.g] = static_cast<std::uint32_t>(t.value) + 1;
}

std::string GoroutineNames::name(std::uint32_t g) const {
  const std::uint32_t program = g < program_.size() && program_[g] != 0 ? program_[g] - 1 : kNoProgram;
  return printable(goroutine_name(*info_, g, program));
}

namespace {

std::string goroutines(std::int64_t n) { return n == 1 ? "1 goroutine" : fmt::format("{} goroutines", n); }

std::string from_where(std::uint8_t from) {
  switch (static_cast<From>(from)) {
    case From::runnext: return "its runnext";
    case From::local: return "its queue";
    case From::global: return "the global queue";
    case From::stolen: return "another P's queue";
    case From::poller: return "the poller";
    case From::direct: return "a hand-over";
    case From::syscall: return "a system call";
    case From::kCount: break;
  }
  return "nowhere";
}

std::string stop_reason_text(std::uint8_t why) {
  switch (static_cast<StopReason>(why)) {
    case StopReason::gc_sweep_termination: return ": a collection begins";
    case StopReason::gc_mark_termination: return ": marking ends";
    case StopReason::other:
    case StopReason::kCount: break;
  }
  return "";
}

std::string runnable_why(const Transition& t, const GoroutineNames& names) {
  switch (static_cast<Why>(t.why)) {
    case Why::created: return t.a == kNoG ? "was created from outside" : "was created by " + names.name(t.a);
    case Why::readied: return t.a == kNoG ? "is made ready by the runtime" : "is made ready by " + names.name(t.a);
    case Why::yielded: return "yields";
    case Why::preempted: return "is preempted";
    case Why::syscall_exit: return "comes back from a system call and finds no P";
    case Why::timer: return "is made ready by a timer";
    case Why::outside: return "is made ready from outside";
    case Why::kCount: break;
  }
  return "becomes runnable";
}

}  // namespace

std::string sentence(const Transition& t, const GoroutineNames& names, bool exact) {
  const TraceInfo& info = names.info();
  const auto instant = [&](Time at) { return exact && at != kNever ? fmt::format("{}ns", at) : gmpsim::instant(at); };
  const auto g = [&] { return names.name(t.g); };
  const std::string p = t.p == kNoP ? "no P" : fmt::format("P{}", t.p);
  const std::string m = t.m == kNoM ? "the runtime" : fmt::format("M{}", t.m);
  const auto object = [&] { return printable(object_name(info, t.a)); };
  const auto label = [&] { return printable(label_name(info, t.a)); };
  switch (t.kind) {
    case Kind::g_create: return t.a == kNoG ? g() + " comes from outside" : names.name(t.a) + " creates " + g();
    case Kind::g_runnable:
      return fmt::format("{} {} and goes to {}", g(), runnable_why(t, names),
                         t.value == 1 ? p + "'s runnext" : printable(queue_name(t.p)));
    case Kind::g_running: return fmt::format("{} runs {} from {}", p, g(), from_where(t.why));
    case Kind::g_waiting:
      return fmt::format("{} waits: {}{}", g(), wait_reason_text(info, t.why), t.a == 0 ? "" : " on " + object());
    case Kind::g_syscall: return fmt::format("{} enters a system call on {}, holding {}", g(), m, p);
    case Kind::g_end: return g() + " ends";
    case Kind::p_idle: return p + " goes idle";
    case Kind::p_running: return fmt::format("{} takes {}", m, p);
    case Kind::p_stop: return p + (t.why == 1 ? " is no more" : " stops for the world");
    case Kind::m_create: return t.why == 1 ? m + " is created as a system thread" : m + " is created";
    case Kind::m_run: return fmt::format("{} continues with {}", m, p);
    case Kind::m_spinning: return m + (t.value == 1 ? " begins to look for work" : " stops looking for work");
    case Kind::m_idle: return m + " goes to sleep";
    case Kind::m_poll:
      return m + (t.value == 0 ? " waits in the poller" : " waits in the poller until " + instant(t.value));
    case Kind::m_wake: return fmt::format("{} is woken and will run at {}", m, instant(t.value));
    case Kind::m_exit: return m + " ends";
    case Kind::steal:
      return t.why == 1 ? fmt::format("{} takes the runnext of P{}", p, t.a)
                        : fmt::format("{} takes {} from P{}", p, goroutines(t.value), t.a);
    case Kind::steal_miss: return fmt::format("{} looks at {} other Ps and finds nothing", p, t.value);
    case Kind::overflow: return fmt::format("{}'s queue is full: {} go to the global queue", p, goroutines(t.value));
    case Kind::global_get: return fmt::format("{} takes {} from the global queue", p, goroutines(t.value));
    case Kind::preempt_request:
      return fmt::format("the monitor asks {} on {} to stop{}", g(), p, t.why == 1 ? ", with a signal" : "");
    case Kind::preempted:
      return fmt::format("{} stops on request on {}{}", g(), p, t.why == 1 ? ", by a signal" : ", at a safe point");
    case Kind::retake: return fmt::format("{} is taken from {}, whose {} is in a system call", p, m, g());
    case Kind::handoff:
      return fmt::format("{} hands {} off to {}", m, p, t.why == 1 ? "another thread" : "the idle list");
    case Kind::wakeup: return fmt::format("{} starts a thread for {}", m, p);
    case Kind::timer_set:
      return fmt::format("timer {} is set by {} for {}", t.a, t.g == kNoG ? "the runtime" : g(), instant(t.value));
    case Kind::timer_fire: return fmt::format("{} runs timer {}, due at {}", p, t.a, instant(t.value));
    case Kind::timer_stop: return fmt::format("timer {} is stopped", t.a);
    case Kind::deadlock: return "all goroutines are asleep: deadlock";
    case Kind::panic: return g() + (t.why == 1 ? " meets a fatal error" : " panics");
    case Kind::thread_waits:
      return t.why == 1 ? fmt::format("{} waits on {} for {}", g(), m, object())
                        : fmt::format("{} has waited on {} for {}: {}", g(), m, object(), instant(t.value));
    case Kind::acquire: return fmt::format("{} takes {}{}", g(), object(), t.why == 1 ? " (shared)" : "");
    case Kind::release: return fmt::format("{} lets go of {}{}", g(), object(), t.why == 1 ? " (shared)" : "");
    case Kind::mark: return fmt::format("{} makes the mark {}", g(), label());
    case Kind::span_begin: return fmt::format("{} begins the span {}", g(), label());
    case Kind::span_end: return fmt::format("{} ends the span {}", g(), label());
    case Kind::log: return fmt::format("{} logs {} under {}", g(), t.value, label());
    case Kind::assert_fail: return fmt::format("{} finds the assertion {} false", g(), label());
    case Kind::phase: return "the phase " + label() + " begins";
    case Kind::sched_sample: return fmt::format("{} are runnable", goroutines(t.value));
    case Kind::stw_begin: return fmt::format("{} asks all Ps to stop{}", g(), stop_reason_text(t.why));
    case Kind::stw_stopped: return fmt::format("the world is stopped after {}", instant(t.value));
    case Kind::stw_end: return fmt::format("the world starts again after {}", instant(t.value));
    case Kind::poll: return fmt::format("{} looks at the network and finds {} ready", m, goroutines(t.value));
    case Kind::io_ready: return object() + " becomes ready" + (t.g == kNoG ? std::string() : " for " + g());
    case Kind::notify:
      return fmt::format("{} signals {}, which wakes {}", g(), object(), t.value == 0 ? "nobody" : goroutines(t.value));
    case Kind::fault: return "the fault " + label() + (t.why == 1 ? " begins" : " ends");
    case Kind::throttle: return t.why == 1 ? "the CPU quota is used up" : "there is CPU time again";
    case Kind::core:
      return fmt::format("{} {} core {}, of memory node {}", m, t.why == 1 ? "moves to" : "begins on", t.a, t.value);
    case Kind::remote:
      return fmt::format("{} has worked for {} far from its data on memory node {}", g(), instant(t.value), t.a);
    case Kind::gc_begin: return fmt::format("{} begins collection {}", g(), t.a);
    case Kind::gc_end: return fmt::format("marking of collection {} is over after {}", t.a, instant(t.value));
    case Kind::gc_flush:
      return fmt::format("every P has passed a safe point for {} {} after {}", g(),
                         t.why == 0 ? "before marking ends" : "with its caches empty", instant(t.value));
    case Kind::heap: return fmt::format("the heap has {} bytes, stacks {} KiB", t.value, t.a);
    case Kind::sync:
      if (static_cast<Sync>(t.why) == Sync::exchange)
        return fmt::format("{} and {} learn from each other", g(), names.name(static_cast<std::uint32_t>(t.value)));
      return fmt::format("{} and {}: {}", g(), object(), name_of(static_cast<Sync>(t.why)));
    case Kind::access: return fmt::format("{}: {} of {}", g(), name_of(static_cast<Access>(t.why)), object());
    case Kind::none:
    case Kind::kCount: break;
  }
  return name_of(t.kind);
}

std::pair<std::string, std::string> told_apart(const Transition& left, const GoroutineNames& left_names,
                                               const Transition& right, const GoroutineNames& right_names) {
  std::string l = sentence(left, left_names), r = sentence(right, right_names);
  if (l != r || left.at != right.at) return {l, r};
  if (const std::string exact = sentence(left, left_names, true); exact != sentence(right, right_names, true))
    return {exact, sentence(right, right_names, true)};
  const auto field = [&](const char* name, std::int64_t a, std::int64_t b, std::int64_t none = -1) {
    if (a == b) return;
    const auto told = [&](std::int64_t v) {
      return v == none ? fmt::format(" (no {})", name) : fmt::format(" ({} {})", name, v);
    };
    l += told(a);
    r += told(b);
  };
  field("P", left.p, right.p, kNoP);
  field("M", left.m, right.m, kNoM);
  field("G", left.g, right.g, kNoG);
  field("why", left.why, right.why);
  field("what", left.a, right.a);
  field("value", left.value, right.value);
  return {l, r};
}

}  // namespace gmpsim
