// Any bytes as a recording: read, translate, run, show. What is accepted always makes a scenario that the reader and the
// compiler accept, except for what does not run yet.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "scenarios/litmus.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gmpsim;
  Diagnostics problems;
  const auto file = read_litmus(std::string(reinterpret_cast<const char*>(data), size), "fuzz.json", problems);
  if (!file) {
    if (!problems.has_errors()) std::abort();
    (void)problems.render(false);
    return 0;
  }
  for (std::size_t i = 0; i < file->entries.size() && i < 3; ++i) {
    const LitmusResult r = run_litmus(*file, i, "go1.26");
    (void)litmus_side_by_side(*file, i, r);
    const bool refused = r.verdict == LitmusResult::Verdict::unsupported;
    if (refused && r.difference.find("not run yet") == std::string::npos &&
        r.difference.find("cannot run") == std::string::npos)
      std::abort();
  }
  return 0;
}
