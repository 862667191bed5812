#pragma once
// Which goroutines are leaked when the run ends, as Go 1.26 says it: `run --format leak-profile`.
//
//   goroutineleak profile: total 2
//   2 @
//   #	main.sender	forgotten-sender.json:31
//
//   goroutine 5 [chan send (leaked)]:
//   main.sender()
//   	forgotten-sender.json:31
//
// First the profile (pprof.Lookup("goroutineleak") with debug=1: one entry for each stack, the most frequent first, without
// the program counters that a scenario does not have), then the leaked goroutines as with debug=2. Leaked is what waits for
// objects that nobody else can reach (Wakes::Reach::memory): a declared resource is a package variable, and what waits for
// one is never called leaked, however dead its partners are. The check `leak` knows more. The profile came with 1.26
// (GOEXPERIMENT=goroutineleakprofile).

#include <string>

namespace gmpsim {

class JudgedRun;

/// After the run.
[[nodiscard]] std::string leak_profile(JudgedRun& run);

}  // namespace gmpsim
