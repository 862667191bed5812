// gmpsim: a deterministic simulator of Go's scheduler. See cli.hpp.

#include <fcntl.h>

#include <iostream>

#include "tools/cli.hpp"

namespace {

/// A stream that the caller has closed leaves its number to the next file that is opened: what is meant for the
/// screen would end up in a trace. Something that can only be read takes the place, so that writing fails as it should.
void keep_standard_streams_apart() {
  for (int stream = 0; stream <= 2; ++stream)
    if (fcntl(stream, F_GETFD) == -1) (void)open("/dev/null", O_RDONLY);
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams_apart();
  std::ios::sync_with_stdio(false);
  gmpsim::Environment env = gmpsim::process_environment();
  return gmpsim::run_command_line({argv + 1, argv + argc}, env);
}
