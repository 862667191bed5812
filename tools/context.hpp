#pragma once
// What every command is given: where it speaks, how, and what was said on its command line for all commands alike.

#include <ostream>
#include <string>
#include <vector>

#include "analysis/table.hpp"
#include "tools/environment.hpp"
#include "tools/exit_code.hpp"

namespace gmpsim {

struct CommonOptions {
  std::string format = "table";
  std::string color = "auto";
  std::string progress = "auto";
  std::string jobs;  ///< "" or "0": one thread per processor
  bool ascii = false;
  bool quiet = false;
  bool exit_zero = false;
};

struct Context {
  Environment& env;
  CommonOptions options;
  TextStyle style;                     ///< of stdout
  TextStyle err_style;                 ///< of stderr
  unsigned jobs = 1;                   ///< threads to use
  std::vector<std::string> arguments;  ///< as typed, without the program's name

  [[nodiscard]] std::ostream& out() const { return *env.out; }
  [[nodiscard]] std::ostream& err() const { return *env.err; }
  /// A line for people on stderr; nothing with --quiet.
  void say(const std::string& line) const {
    if (!options.quiet) err() << line << '\n';
  }
};

}  // namespace gmpsim
