#pragma once
// The scenarios of scenarios/catalogue, compiled into the binary so that an installed one finds them. The table is
// generated (cmake/EmbedCatalogue.cmake); names are those of the files, sorted.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gmpsim {

struct CatalogueEntry {
  std::string_view name;
  std::string_view text;
  std::string_view folder;  ///< below scenarios/catalogue: "", "bugs" or "claims"
};

[[nodiscard]] std::span<const CatalogueEntry> catalogue();
/// Null when there is none of that name.
[[nodiscard]] const CatalogueEntry* find_in_catalogue(std::string_view name);
[[nodiscard]] std::vector<std::string> catalogue_names();

}  // namespace gmpsim
