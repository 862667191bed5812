#pragma once
// The workload of the determinism tests: every scenario of the catalogue, under each of its policies, with two seeds.

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/world_builder.hpp"

namespace gmpsim {

struct CatalogueRun {
  std::string scenario;
  std::string policy;
  std::uint64_t seed = 0;
  WorldPlan plan;
};

/// All runs, in a fixed order. Throws std::runtime_error with the diagnostics when a scenario cannot be read.
[[nodiscard]] std::vector<CatalogueRun> catalogue_runs();

/// Runs it from scratch and says all that must be the same everywhere, on one line.
[[nodiscard]] std::string result_of(const CatalogueRun& run);

}  // namespace gmpsim
