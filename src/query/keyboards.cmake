# The layouts that query/layouts.h declares, from those of the system (xkb-data).
add_executable(make_keyboards query/generate/keyboards_main.cpp)
target_include_directories(make_keyboards PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(make_keyboards PRIVATE PkgConfig::xkbcommon)

set(layouts_source ${CMAKE_CURRENT_BINARY_DIR}/keyboard_layouts.cpp)
add_custom_command(
  OUTPUT ${layouts_source}
  COMMAND make_keyboards us ru ua by ir ara il gr > ${layouts_source}
  DEPENDS make_keyboards
  VERBATIM)
target_sources(colport_query PRIVATE ${layouts_source})
