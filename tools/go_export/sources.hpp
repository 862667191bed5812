#pragma once
// Go sources that are part of the binary: the support of exported programs, the recorder of litmus programs, the program
// that measures costs. The tables are generated (cmake/EmbedGo.cmake), sorted by name.

#include <span>
#include <string_view>

namespace gmpsim {

struct GoSource {
  std::string_view name;  ///< of the file, without ".go"
  std::string_view text;
};

[[nodiscard]] std::span<const GoSource> go_support_sources();
[[nodiscard]] std::span<const GoSource> go_recorder_sources();
[[nodiscard]] std::span<const GoSource> go_calibrate_sources();

}  // namespace gmpsim
