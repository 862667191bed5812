#pragma once
// Why a command cannot go on. Thrown where it is found and caught in one place (cli.cpp), which prints it and maps it
// to the exit code: a command line is a straight road, and passing results through every step would hide it. The
// layers below throw nothing but failed checks.

#include <string>
#include <utility>

#include "tools/exit_code.hpp"

namespace gmpsim {

struct Failure {
  Exit code = Exit::internal;
  std::string message;  ///< a sentence without a full stop: "cannot read x.json: no such file or directory"
  std::string hint;     ///< what to do about it; may be empty
};

[[noreturn]] inline void fail_usage(std::string message, std::string hint = {}) {
  throw Failure{Exit::usage, std::move(message), std::move(hint)};
}
[[noreturn]] inline void fail_input(std::string message, std::string hint = {}) {
  throw Failure{Exit::bad_input, std::move(message), std::move(hint)};
}
[[noreturn]] inline void fail_environment(std::string message, std::string hint = {}) {
  throw Failure{Exit::environment, std::move(message), std::move(hint)};
}

}  // namespace gmpsim
