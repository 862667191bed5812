// Prints one line for every catalogue scenario, policy and seed. tests/determinism/matrix compares the output of builds.

#include <cstdio>
#include <exception>

#include "sim/check.hpp"
#include "tests/determinism/catalogue_runs.hpp"

int main() {
  try {
    int status = 0;
    for (const gmpsim::CatalogueRun& run : gmpsim::catalogue_runs()) {
      try {
        std::printf("%s\n", gmpsim::result_of(run).c_str());
      } catch (const gmpsim::CheckFailure& e) {
        std::printf("%s %s seed=%d: FAILED CHECK\n", run.scenario.c_str(), run.policy.c_str(), static_cast<int>(run.seed));
        std::fprintf(stderr, "%s %s: %s\n", run.scenario.c_str(), run.policy.c_str(), e.text.c_str());
        status = 6;
      }
    }
    return status;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
