#pragma once
// The file that arrivals of the kind `replay` name: when each goroutine comes, one time a line ("1.5ms"), counted from
// the start of the run. What follows the time on its line (after a space, tab or comma) and lines that begin with # are
// ignored, so that a column of a log serves as it is.

#include "scenarios/diagnostics.hpp"
#include "scenarios/extends.hpp"
#include "scenarios/scenario.hpp"

namespace gmpsim {

/// Reads the files of all streams that replay one, and mixes what they say into the hash of the scenario.
void read_arrival_times(Scenario& s, const LoadText& load, Diagnostics& out);

}  // namespace gmpsim
