# Installs the build tree into a fresh prefix, then configures, builds and runs tests/consumer/project against it.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(flags "")
if(SANITIZE)
  set(flags -fsanitize=${SANITIZE})  # libraries built with sanitizers need their run-time
endif()
set(place ${BUILD}/consumer)
file(REMOVE_RECURSE ${place})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${place}/prefix)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/project -B ${place}/build -DCMAKE_PREFIX_PATH=${place}/prefix
  -DGMPSIM_VERSION=${VERSION} -DCMAKE_CXX_COMPILER=${CXX} "-DCMAKE_CXX_FLAGS=${flags}")
run(${CMAKE_COMMAND} --build ${place}/build)
run(${place}/build/consumer)
message(STATUS "${output}")
