// lock_os_thread: read and checked; goroutines bound to their thread come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_lock_os_thread(Registry_ops& r) {
  r.add({.verb = {.key = "lock_os_thread", .form = OpForm::flag, .doc = "runtime.LockOSThread"},
         .group = "goroutines",
         .parts = {},
         .why_not = "goroutines bound to their thread come with the next version"});
}

}  // namespace gmpsim
