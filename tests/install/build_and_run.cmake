# Configures and builds a user's project, then runs its PROGRAMS (names between commas).
# Each one exits with 0 only when what it did came out right.
include(${CMAKE_CURRENT_LIST_DIR}/configure.cmake)
execute_process(COMMAND ${configure} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BUILD} --parallel 2 COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "," ";" PROGRAMS "${PROGRAMS}")
foreach(program IN LISTS PROGRAMS)
  execute_process(COMMAND ${BUILD}/${program} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  message("${program}:\n${output}")
endforeach()
