# The house rules as CMake functions. Targets only; warnings and sanitizers sit on private interface targets.

include_guard(GLOBAL)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
find_program(GMPSIM_CCACHE ccache)
if(GMPSIM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GMPSIM_CCACHE})
endif()

set(GMPSIM_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined")
option(GMPSIM_WERROR "Warnings are errors (presets for developers set it)" OFF)
option(GMPSIM_FUZZ "Build tests/fuzz as libFuzzer targets (clang only)" OFF)
if(GMPSIM_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "GMPSIM_FUZZ needs clang (libFuzzer): cmake --preset fuzz")
  endif()
  set(GMPSIM_SANITIZE "address,undefined,fuzzer-no-link")
endif()

add_library(gmpsim_flags INTERFACE)
target_compile_features(gmpsim_flags INTERFACE cxx_std_20)
# -ffp-contract=off: a fused multiply-add changes last bits with -march=x86-64-v3 in both compilers.
target_compile_options(gmpsim_flags INTERFACE -ffp-contract=off -Wall -Wextra -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 guesses wrongly about coroutine frames and about std::string inlined into variants.
  target_compile_options(gmpsim_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's own std::stable_sort uses what libstdc++ 12 calls deprecated; only clang warns of it.
  target_compile_options(gmpsim_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(GMPSIM_WERROR)
  target_compile_options(gmpsim_flags INTERFACE -Werror)
endif()
if(GMPSIM_SANITIZE)
  target_compile_options(gmpsim_flags INTERFACE -fsanitize=${GMPSIM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(gmpsim_flags INTERFACE -fsanitize=${GMPSIM_SANITIZE})
endif()

# Small files are compiled a dozen at a time: nearly all that the compiler reads for one of them is the same headers. Names in
# their unnamed namespaces must therefore differ within a folder (a clash is an error). Files over 16 kB stand alone, as does
# every file with GMPSIM_UNITY=OFF, which one build of tests/determinism/matrix uses.
option(GMPSIM_UNITY "Compile small files together" ON)
function(gmpsim_unity target)
  if(NOT GMPSIM_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    if(EXISTS ${source})
      file(SIZE ${source} size)
    else()
      set(size 0)
    endif()
    if(size GREATER 16384 OR source MATCHES "/generated/" OR source MATCHES "_(data|main)\\.cpp$")
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()

# gmpsim_empty_source(out name): something to compile for a layer that has no source file yet.
function(gmpsim_empty_source out name)
  set(path ${CMAKE_BINARY_DIR}/generated/${name}/empty.cpp)
  file(CONFIGURE OUTPUT ${path} CONTENT "// No source file in ${name} yet.\n" @ONLY)
  set(${out} ${path} PARENT_SCOPE)
endfunction()

# gmpsim_registry(out layer kind): a source file that calls register_<kind>_<name>(registry) for every <layer>/<kind>/<name>.cpp,
# except registry.cpp and common.cpp (what the plug-ins share). The file name is the registration: a wrong name is a link error,
# and no static constructor can be dropped by the linker or run in another order. Empty while the folder has no registry.hpp,
# which declares Registry_<kind> and register_all_<kind>.
function(gmpsim_registry out layer kind)
  set(${out} "" PARENT_SCOPE)
  file(GLOB header CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${layer}/${kind}/registry.hpp)
  if(NOT header)
    return()
  endif()
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/${layer}/${kind} ${CMAKE_SOURCE_DIR}/${layer}/${kind}/*.cpp)
  list(REMOVE_ITEM files registry.cpp common.cpp)
  list(SORT files)
  set(declarations "")
  set(calls "")
  foreach(file IN LISTS files)
    string(REGEX REPLACE "\\.cpp$" "" name ${file})
    string(APPEND declarations "void register_${kind}_${name}(Registry_${kind}&);\n")
    string(APPEND calls "  register_${kind}_${name}(r);\n")
  endforeach()
  set(path ${CMAKE_BINARY_DIR}/generated/${layer}/registry_${kind}.cpp)
  file(CONFIGURE OUTPUT ${path} CONTENT
"// Generated from the names of the files in ${layer}/${kind}.
#include \"${layer}/${kind}/registry.hpp\"
namespace gmpsim {
${declarations}
void register_all_${kind}([[maybe_unused]] Registry_${kind}& r) {
${calls}}
}  // namespace gmpsim
" @ONLY)
  set(${out} ${path} PARENT_SCOPE)
endfunction()

# gmpsim_layer(name DEPENDS layers PRIVATE packages HEADER_ONLY packages PLUGINS kinds): one static library from all .cpp files
# of the folder. HEADER_ONLY packages are needed to build the layer, not to use it installed.
function(gmpsim_layer name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRIVATE;HEADER_ONLY;PLUGINS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/programs/")  # programs of their own (scenarios/programs)
  list(SORT sources)
  foreach(kind IN LISTS ARG_PLUGINS)
    gmpsim_registry(registry ${name} ${kind})
    list(APPEND sources ${registry})
  endforeach()
  if(NOT sources)
    gmpsim_empty_source(sources ${name})
  endif()
  add_library(gmpsim_${name} STATIC ${sources})
  add_library(gmpsim::${name} ALIAS gmpsim_${name})
  set_target_properties(gmpsim_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(gmpsim_${name} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}> $<INSTALL_INTERFACE:include/gmpsim>)
  target_compile_features(gmpsim_${name} PUBLIC cxx_std_20)
  target_compile_options(gmpsim_${name} PUBLIC -ffp-contract=off)
  target_link_libraries(gmpsim_${name} PRIVATE $<BUILD_INTERFACE:gmpsim_flags> ${ARG_PRIVATE})
  foreach(package IN LISTS ARG_HEADER_ONLY)
    target_link_libraries(gmpsim_${name} PRIVATE $<BUILD_INTERFACE:${package}>)
  endforeach()
  foreach(layer IN LISTS ARG_DEPENDS)
    target_link_libraries(gmpsim_${name} PUBLIC gmpsim_${layer})
  endforeach()
  gmpsim_unity(gmpsim_${name})
endfunction()

# gmpsim_test(name SOURCES ... LINK ... LABELS ... ARGS ...): a Boost.Test program registered with ctest as one test.
function(gmpsim_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LABELS;ARGS" ${ARGN})
  if(NOT TARGET gmpsim_test_main)
    add_library(gmpsim_test_main OBJECT ${CMAKE_SOURCE_DIR}/tests/unit/main.cpp)
    target_compile_definitions(gmpsim_test_main PUBLIC BOOST_TEST_DYN_LINK)
    target_link_libraries(gmpsim_test_main PUBLIC gmpsim_flags gmpsim::sim Boost::unit_test_framework)
  endif()
  add_executable(test_${name} ${ARG_SOURCES} $<TARGET_OBJECTS:gmpsim_test_main>)
  target_link_libraries(test_${name} PRIVATE gmpsim_flags ${ARG_LINK} gmpsim::sim Boost::unit_test_framework)
  target_compile_definitions(test_${name} PRIVATE BOOST_TEST_DYN_LINK GMPSIM_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    GMPSIM_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(NOT GMPSIM_SANITIZE AND name MATCHES "^unit_" AND NOT name STREQUAL unit_sim)  # thousands of assertions, each run once
    target_compile_options(test_${name} PRIVATE -O0)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # without inlining, g++ 12 takes a coroutine's own allocator for a wrong one
      target_compile_options(test_${name} PRIVATE -Wno-mismatched-new-delete -Wno-stringop-overflow)
    endif()
  endif()
  target_precompile_headers(test_${name} PRIVATE <boost/test/unit_test.hpp> <algorithm> <string> <vector> <functional> <map> <memory>)
  add_test(NAME ${name} COMMAND test_${name} --color_output=no ${ARG_ARGS})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 600)
endfunction()
