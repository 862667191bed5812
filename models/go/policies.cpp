#include "models/go/policies.hpp"

namespace gmpsim {

namespace {
template <class Registry>
Registry filled(void (*fill)(Registry&)) {
  Registry r;
  fill(r);
  return r;
}
}  // namespace

const Registry_steal& steal_policies() {
  static const Registry_steal r = filled(&register_all_steal);
  return r;
}
const Registry_preempt& preempt_policies() {
  static const Registry_preempt r = filled(&register_all_preempt);
  return r;
}
const Registry_timers& timer_policies() {
  static const Registry_timers r = filled(&register_all_timers);
  return r;
}
const Registry_netpoll& netpoll_policies() {
  static const Registry_netpoll r = filled(&register_all_netpoll);
  return r;
}
const Registry_wake& wake_policies() {
  static const Registry_wake r = filled(&register_all_wake);
  return r;
}

}  // namespace gmpsim
