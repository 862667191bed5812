# cmake -DFOLDER=scenarios/catalogue -DOUTPUT=catalogue_data.cpp -P EmbedCatalogue.cmake
# Writes the scenarios of a folder as one C++ source file. Run at build time, whenever one of them changes.

file(GLOB files ${FOLDER}/*.json ${FOLDER}/bugs/*.json ${FOLDER}/claims/*.json)
list(SORT files)
set(entries "")
foreach(path IN LISTS files)
  get_filename_component(name ${path} NAME_WLE)
  file(READ ${path} text)
  set(folder "")
  if(path MATCHES "/(bugs|claims)/[^/]*$")
    set(folder ${CMAKE_MATCH_1})
  endif()
  string(APPEND entries "  {\"${name}\", R\"gmpsim(${text})gmpsim\", \"${folder}\"},\n")
endforeach()
list(LENGTH files count)

file(WRITE ${OUTPUT}.new "// Generated from scenarios/catalogue/*.json and the folders bugs and claims below it.
#include \"tools/catalogue.hpp\"

#include <array>

namespace gmpsim {
namespace {
constexpr std::array<CatalogueEntry, ${count}> kCatalogue{{
${entries}}};
}  // namespace
std::span<const CatalogueEntry> catalogue() { return kCatalogue; }
}  // namespace gmpsim
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
