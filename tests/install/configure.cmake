# Sets `configure` to the command that configures PROJECT in BUILD: with the library's compiler, and
# without optimisation, since the programs run for a moment only. Nothing is remembered but objects,
# which the generator makes again when their command or their source changed.
file(REMOVE ${BUILD}/CMakeCache.txt)
set(configure ${CMAKE_COMMAND} -S ${PROJECT} -B ${BUILD} -G ${GENERATOR}
  -DCMAKE_CXX_COMPILER=${COMPILER}
  -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
  -DCMAKE_CXX_FLAGS=-O0
  -DCMAKE_PREFIX_PATH=${PREFIX}
  -DCONCLAVE_SOURCE=${SOURCE}
  -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF)
