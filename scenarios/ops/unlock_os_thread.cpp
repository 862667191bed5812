// unlock_os_thread: read and checked; goroutines bound to their thread come with the next version.
#include "scenarios/ops/registry.hpp"

namespace gmpsim {

void register_ops_unlock_os_thread(Registry_ops& r) {
  r.add({.verb = {.key = "unlock_os_thread", .form = OpForm::flag, .doc = "runtime.UnlockOSThread"},
         .group = "goroutines",
         .parts = {},
         .why_not = "goroutines bound to their thread come with the next version"});
}

}  // namespace gmpsim
