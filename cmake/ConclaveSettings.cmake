# Flags for every target, and ccache and a fast linker where the machine has them.
set(CONCLAVE_SANITIZER "" CACHE STRING "empty, address (with undefined), or thread")
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

find_program(CONCLAVE_CCACHE ccache)
if(CONCLAVE_CCACHE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CONCLAVE_CCACHE})
endif()
# With clang++ mold where there is one, else lld. g++ keeps its own linker: lld 14 writes unwind tables
# for g++'s split cold code in which the unwinder does not find a throw from a cold part, so that the
# program terminates (seen with g++ 12.2), and mold has not been tried with that.
find_program(CONCLAVE_MOLD ld.mold)
find_program(CONCLAVE_LLD ld.lld)
if(PROJECT_IS_TOP_LEVEL AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  if(CONCLAVE_MOLD)
    add_link_options(-fuse-ld=mold)
  elseif(CONCLAVE_LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()

if(CONCLAVE_SANITIZER STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -O1 -g1
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(CONCLAVE_SANITIZER STREQUAL "thread")
  add_compile_options(-fsanitize=thread -O1 -g1 -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
endif()

# Applies the project's include folders and warnings to one library.
# usage: conclave_module(target EXPORT name)
function(conclave_module target export_name)
  add_library(conclave::${export_name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${export_name})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wnon-virtual-dtor)
  set_property(GLOBAL APPEND PROPERTY CONCLAVE_MODULES ${target})
endfunction()
