# What the scripts share: the folder that the library was installed in and then moved to, and commands that must succeed.
set(prefix ${work}/moved)

# run(COMMAND…): fails with what it said unless it succeeds; `output` is what it printed.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE printed ERROR_VARIABLE complaint)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\n${printed}${complaint}ended with ${result}")
  endif()
  set(output "${printed}" PARENT_SCOPE)
endfunction()

function(require_words text words)
  string(FIND "${text}" "${words}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "There is no \"${words}\" in:\n${text}")
  endif()
endfunction()

function(skip_unless value reason)
  if(NOT value)
    message(FATAL_ERROR "SKIPPED: ${reason}")
  endif()
endfunction()
