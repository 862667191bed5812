#pragma once
// A Go program out of our own sources, built with the user's toolchain in a folder of its own and run from there: what
// `litmus record` and `calibrate` do. No shell is involved, so no name can be taken for a command.

#include <span>
#include <string>
#include <vector>

#include "tools/context.hpp"
#include "tools/go_export/sources.hpp"

namespace gmpsim {

class GoProgram {
 public:
  /// Builds. `go` is the toolchain ("" means go on the path). A Failure says what is missing, or what the build said.
  GoProgram(const std::string& go, std::span<const GoSource> sources);
  ~GoProgram();
  GoProgram(const GoProgram&) = delete;
  GoProgram& operator=(const GoProgram&) = delete;

  /// Runs it; what it prints is the answer, what it says on stderr goes through. A Failure when it fails.
  std::string run(const std::vector<std::string>& arguments);
  /// A path in its folder.
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

}  // namespace gmpsim
