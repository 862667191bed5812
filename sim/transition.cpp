#include "sim/transition.hpp"

#include <array>

namespace gmpsim {

const char* name_of(Kind kind) {
  static constexpr std::array names{"none",       "g_create",
                                    "g_runnable", "g_running",
                                    "g_waiting",  "g_syscall",
                                    "g_end",      "p_idle",
                                    "p_running",  "p_stop",
                                    "m_create",   "m_run",
                                    "m_spinning", "m_idle",
                                    "m_poll",     "m_wake",
                                    "m_exit",     "steal",
                                    "steal_miss", "overflow",
                                    "global_get", "preempt_request",
                                    "preempted",  "retake",
                                    "handoff",    "wakeup",
                                    "timer_set",  "timer_fire",
                                    "timer_stop", "deadlock",
                                    "panic",      "acquire",
                                    "release",    "mark",
                                    "span_begin", "span_end",
                                    "log",        "assert_fail",
                                    "phase",      "sched_sample",
                                    "stw_begin",  "stw_stopped",
                                    "stw_end",    "poll",
                                    "io_ready",   "notify",
                                    "fault",      "throttle",
                                    "gc_begin",   "gc_end",
                                    "heap",       "sync",
                                    "access",     "core",
                                    "remote",     "thread_waits",
                                    "gc_flush"};
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

const char* name_of(Sync how) {
  static constexpr std::array names{"learn", "add", "replace", "meet", "exchange", "born"};
  return static_cast<std::size_t>(how) < names.size() ? names[static_cast<std::size_t>(how)] : "?";
}

const char* name_of(Access how) {
  static constexpr std::array names{"read", "write", "atomic_read", "atomic_write", "add_from_zero", "wait"};
  return static_cast<std::size_t>(how) < names.size() ? names[static_cast<std::size_t>(how)] : "?";
}

ObjectKind object_kind(const TraceInfo& info, std::uint32_t object) {
  if ((object & 0x80000000u) != 0) return static_cast<ObjectKind>(object >> 26 & 31);
  return object >= 1 && object <= info.objects.size() ? info.objects[object - 1].kind : ObjectKind::other;
}

std::string object_name(const TraceInfo& info, std::uint32_t object) {
  static constexpr std::array names{"chan",      "mutex", "rwmutex", "wait_group", "cond",   "once",
                                    "semaphore", "timer", "ticker",  "context",    "object", "variable"};
  if (object == 0) return {};
  if ((object & 0x80000000u) != 0) {
    const auto kind = static_cast<std::size_t>(object >> 26 & 31);
    return std::string(kind < names.size() ? names[kind] : "object") + "#" + std::to_string(object & 0x3ffffffu);
  }
  return object <= info.objects.size() ? info.objects[object - 1].name : "object#" + std::to_string(object);
}

}  // namespace gmpsim
