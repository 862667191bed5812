#pragma once
// Exported programs on the Go toolchain of this machine. GMPSIM_GO names another toolchain; the model then takes the
// preset of its version.

#include <set>
#include <string>
#include <vector>

namespace gmpsim {

/// What a command of the shell prints; "" when it cannot be run.
std::string answer(const std::string& command);
/// The preset of the toolchain: "go1.26"; "" where there is none.
std::string preset_of_go();

/// Scenarios of the catalogue that have a counterpart in Go (the export does not say E0910) and are not among `compared`.
std::vector<std::string> not_compared(const std::set<std::string>& compared);

/// A scenario of the catalogue, or a file of tests/data/scenarios ("…-verb", "…-verbs"), with so many Ps, twice.
struct Counterpart {
  Counterpart(const std::string& name, const std::string& procs);
  std::string refused;  ///< what the export says when there is no counterpart in Go
  std::string binary;   ///< path of the built program
  std::string folder;   ///< where it and its source main.go lie
  bool built = false;
  /// What the model prints (`run --format log`). Seed 0: the scenario's own.
  [[nodiscard]] std::string model(int seed) const;
  /// What the program prints; `with`: a command before it, such as nice.
  [[nodiscard]] std::string real(int seed, const std::string& with = "") const;

 private:
  std::string scenario_;
  std::vector<std::string> chosen_;
};

}  // namespace gmpsim
