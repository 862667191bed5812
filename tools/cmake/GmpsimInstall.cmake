# install and export with the gmpsim:: prefix:
#
#   find_package(gmpsim REQUIRED)
#   target_link_libraries(mine PRIVATE gmpsim::models)        sim, models, scenarios, analysis
#
# Headers keep their layers (include/gmpsim/sim/engine.hpp), so "#include "sim/engine.hpp"" reads the same inside and outside.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(layers sim models scenarios analysis)
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/gmpsim)

foreach(layer IN LISTS layers)
  install(TARGETS gmpsim_${layer} EXPORT gmpsim ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/${layer}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gmpsim/${layer} FILES_MATCHING PATTERN "*.hpp")
endforeach()
if(TARGET gmpsim)
  install(TARGETS gmpsim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/scenarios/catalogue DESTINATION ${CMAKE_INSTALL_DATADIR}/gmpsim FILES_MATCHING PATTERN "*.json")

install(EXPORT gmpsim NAMESPACE gmpsim:: FILE gmpsimTargets.cmake DESTINATION ${config_dir})
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/gmpsimConfig.cmake CONTENT [[
include(CMakeFindDependencyMacro)
find_dependency(fmt)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/gmpsimTargets.cmake)
]] @ONLY)
# Results may change with every version before 1.0, so only the very same one is compatible.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/gmpsimConfigVersion.cmake VERSION ${PROJECT_VERSION} COMPATIBILITY ExactVersion)
install(FILES ${CMAKE_BINARY_DIR}/gmpsimConfig.cmake ${CMAKE_BINARY_DIR}/gmpsimConfigVersion.cmake DESTINATION ${config_dir})
