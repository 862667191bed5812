# cmake -DOUTPUT=go_sources.cpp -DTABLES="function=folder,function=folder" -P EmbedGo.cmake
# Writes Go sources as one C++ source file: a table for each folder. Run at build time, whenever one of them changes.

set(text "// Generated from Go sources.
#include \"tools/go_export/sources.hpp\"

#include <array>

namespace gmpsim {
")
string(REPLACE "," ";" tables "${TABLES}")
foreach(table IN LISTS tables)
  string(REPLACE "=" ";" parts "${table}")
  list(GET parts 0 function)
  list(GET parts 1 folder)
  file(GLOB files ${folder}/*.go)
  list(SORT files)
  set(entries "")
  foreach(path IN LISTS files)
    get_filename_component(name ${path} NAME_WLE)
    file(READ ${path} source)
    string(APPEND entries "    {\"${name}\", R\"gmpsim(${source})gmpsim\"},\n")
  endforeach()
  list(LENGTH files count)
  string(APPEND text "std::span<const GoSource> ${function}() {
  static constexpr std::array<GoSource, ${count}> kSources{{
${entries}  }};
  return kSources;
}
")
endforeach()
string(APPEND text "}  // namespace gmpsim\n")
file(WRITE ${OUTPUT}.new "${text}")
file(RENAME ${OUTPUT}.new ${OUTPUT})
