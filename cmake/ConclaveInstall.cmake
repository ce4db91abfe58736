# Installs the libraries, their headers and a package configuration with one component a library.
# A component has an export set of its own, so that a consumer needs only what it asks for.
include(CMakePackageConfigHelpers)

if(NOT CONCLAVE_INSTALL)
  return()
endif()

set(CONCLAVE_PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/Conclave)
set(CONCLAVE_INSTALLED_MODULES)
set(CONCLAVE_COMPONENTS)
set(CONCLAVE_COMPONENT_NEEDS)

# Installs one library and its public headers, if it has any of its own.
function(conclave_install_module target component)
  install(TARGETS ${target} EXPORT Conclave-${component}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  get_target_property(source_folder ${target} SOURCE_DIR)
  if(EXISTS ${source_folder}/include)
    install(DIRECTORY ${source_folder}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
      FILES_MATCHING PATTERN "*.hpp")
  endif()
endfunction()

# Declares one component, after the components that it needs; left out when its targets are not built.
# usage: conclave_component(name MODULES target... NEEDS component...)
macro(conclave_component name)
  cmake_parse_arguments(COMPONENT "" "" "MODULES;NEEDS" ${ARGN})
  list(GET COMPONENT_MODULES 0 COMPONENT_FIRST)
  if(TARGET ${COMPONENT_FIRST})
    foreach(module IN LISTS COMPONENT_MODULES)
      conclave_install_module(${module} ${name})
    endforeach()
    install(EXPORT Conclave-${name} NAMESPACE conclave:: FILE Conclave-${name}.cmake
      DESTINATION ${CONCLAVE_PACKAGE_FOLDER})
    list(APPEND CONCLAVE_INSTALLED_MODULES ${COMPONENT_MODULES})
    list(APPEND CONCLAVE_COMPONENTS ${name})
    string(APPEND CONCLAVE_COMPONENT_NEEDS "set(_conclave_${name}_needs ${COMPONENT_NEEDS})\n")
  endif()
endmacro()

conclave_component(core MODULES conclave_core)
conclave_component(asio MODULES conclave_asio NEEDS core)
conclave_component(codecs
  MODULES conclave_codec_resp conclave_codec_msgpack conclave_codec_sha1 conclave_redis_scripts
  NEEDS core)
conclave_component(drivers MODULES conclave_drivers NEEDS core codecs)
conclave_component(connect MODULES conclave_connect NEEDS core asio drivers)
conclave_component(conclave MODULES conclave_conclave NEEDS core asio drivers connect)
conclave_component(asynchronous MODULES conclave_asynchronous NEEDS core)
conclave_component(sim MODULES conclave_sim NEEDS core)
conclave_component(servers MODULES conclave_servers conclave_servers_sentinel conclave_servers_resource NEEDS core codecs)
conclave_component(properties MODULES conclave_properties NEEDS core)
conclave_component(scenarios
  MODULES conclave_scenarios
  NEEDS core codecs drivers sim servers properties)

get_property(CONCLAVE_ALL_MODULES GLOBAL PROPERTY CONCLAVE_MODULES)
foreach(module IN LISTS CONCLAVE_ALL_MODULES)
  if(NOT module IN_LIST CONCLAVE_INSTALLED_MODULES)
    message(FATAL_ERROR "${module} is in no component of cmake/ConclaveInstall.cmake")
  endif()
endforeach()

if(TARGET conclave_tool)
  install(TARGETS conclave_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/ConclaveConfig.cmake.in
  ${PROJECT_BINARY_DIR}/cmake/ConclaveConfig.cmake
  INSTALL_DESTINATION ${CONCLAVE_PACKAGE_FOLDER})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/cmake/ConclaveConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/cmake/ConclaveConfig.cmake
  ${PROJECT_BINARY_DIR}/cmake/ConclaveConfigVersion.cmake
  DESTINATION ${CONCLAVE_PACKAGE_FOLDER})
