# The sample in C as a project of its own, by find_package; and a version that the package must not pass for.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
skip_unless("${compiler}" "there is no C compiler")
set(folder ${work}/c)
file(REMOVE_RECURSE ${folder} ${work}/newer)
run(${CMAKE_COMMAND} -S ${source}/samples/c -B ${folder} -G ${generator} -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_BUILD_TYPE=Release
  -D CMAKE_C_COMPILER=${compiler} "-DCMAKE_C_FLAGS=-Wall -Wextra -Wpedantic -Werror -Wno-missing-field-initializers ${flags}")
run(${CMAKE_COMMAND} --build ${folder} --config Release)
run(${folder}/learning_rate_schedule)
require_words("${output}" "reversed to the bit")

file(WRITE ${work}/newer/CMakeLists.txt "cmake_minimum_required(VERSION 3.16)
project(Newer LANGUAGES NONE)
find_package(Hypergrad 99 CONFIG REQUIRED)\n")
execute_process(COMMAND ${CMAKE_COMMAND} -S ${work}/newer -B ${work}/newer/build -D CMAKE_PREFIX_PATH=${prefix}
  RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE complaint)
if(result EQUAL 0)
  message(FATAL_ERROR "A program that asks for version 99 is given ${version}.")
endif()
require_words("${complaint}" "version: ${version}")
