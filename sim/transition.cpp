#include "sim/transition.hpp"

#include <array>

namespace gmpsim {

const char* name_of(Kind kind) {
  static constexpr std::array names{
      "none",     "g_create",   "g_runnable", "g_running",       "g_waiting", "g_syscall", "g_end",   "p_idle",
      "p_running", "p_stop",    "m_create",   "m_run",           "m_spinning", "m_idle",   "m_poll",  "m_wake",
      "m_exit",   "steal",      "steal_miss", "overflow",        "global_get", "preempt_request", "preempted", "retake",
      "handoff",  "wakeup",     "timer_set",  "timer_fire",      "timer_stop", "deadlock", "panic",   "acquire",
      "release",  "mark",       "span_begin", "span_end",        "log",       "assert_fail", "phase", "sched_sample"};
  static_assert(names.size() == static_cast<std::size_t>(Kind::kCount));
  return kind < Kind::kCount ? names[static_cast<std::size_t>(kind)] : "?";
}

const char* name_of(Why why) {
  static constexpr std::array names{"created", "readied", "yielded", "preempted", "syscall_exit", "timer", "outside"};
  static_assert(names.size() == static_cast<std::size_t>(Why::kCount));
  return why < Why::kCount ? names[static_cast<std::size_t>(why)] : "?";
}

const char* name_of(From from) {
  static constexpr std::array names{"runnext", "local", "global", "stolen", "poller", "direct", "syscall"};
  static_assert(names.size() == static_cast<std::size_t>(From::kCount));
  return from < From::kCount ? names[static_cast<std::size_t>(from)] : "?";
}

}  // namespace gmpsim
