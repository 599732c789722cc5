# Builds the catalogues of po/ into colport_web. Included, it adds the build step;
# run with `cmake -P`, it writes the source file OUT from CATALOGUES.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  find_program(MSGFMT msgfmt REQUIRED)
  find_program(MSGCAT msgcat REQUIRED)
  file(GLOB web_catalogues CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/po/*.po)
  set(web_catalogues_source ${CMAKE_CURRENT_BINARY_DIR}/web_catalogues.cpp)
  add_custom_command(
    OUTPUT ${web_catalogues_source}
    COMMAND ${CMAKE_COMMAND} "-DCATALOGUES=${web_catalogues}" -DOUT=${web_catalogues_source}
            -DMSGFMT=${MSGFMT} -DMSGCAT=${MSGCAT} -P ${CMAKE_CURRENT_LIST_DIR}/catalogues.cmake
    DEPENDS ${web_catalogues} ${CMAKE_CURRENT_LIST_DIR}/catalogues.cmake
    VERBATIM)
  target_sources(colport_web PRIVATE ${web_catalogues_source})
  return()
endif()

set(parts "")
set(rows "")
foreach(catalogue IN LISTS CATALOGUES)
  get_filename_component(code ${catalogue} NAME_WE)
  execute_process(COMMAND ${MSGFMT} --check-format --check-domain --endianness=little --no-hash
                          -o ${OUT}.mo ${catalogue}
                  COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${OUT}.mo hex HEX)
  file(REMOVE ${OUT}.mo)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  # The rule of plurals is an expression of C, and is compiled as one.
  execute_process(COMMAND ${MSGCAT} --no-wrap ${catalogue} OUTPUT_VARIABLE text
                  COMMAND_ERROR_IS_FATAL ANY)
  if(NOT text MATCHES "\"Plural-Forms: nplurals=[0-9]+; plural=([-n0-9%=!<>&|?: ()]+);\\\\n\"")
    message(FATAL_ERROR "${catalogue}: no Plural-Forms in its header")
  endif()
  set(plural "${CMAKE_MATCH_1}")
  string(APPEND parts "constexpr unsigned char mo_${code}[] = {${bytes}};\n"
         "std::size_t plural_${code}([[maybe_unused]] unsigned long n) { return ${plural}; }\n")
  string(APPEND rows "    {\"${code}\", {reinterpret_cast<const char*>(mo_${code}), "
         "sizeof mo_${code}}, plural_${code}},\n")
endforeach()
file(WRITE ${OUT} "#include \"web/catalogue.h\"

namespace colport::web {
namespace {
${parts}
const CompiledCatalogue all[] = {
${rows}};
}  // namespace

std::span<const CompiledCatalogue> compiled_catalogues() { return all; }

}  // namespace colport::web
")
