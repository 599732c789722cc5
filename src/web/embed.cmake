# Builds the files of assets/ into colport_web. Included, it adds the build
# step; run with `cmake -P`, it writes the source file OUT from ASSETS.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  if(TARGET colport_web)
    file(GLOB web_assets CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/assets/*)
    set(web_assets_source ${CMAKE_CURRENT_BINARY_DIR}/web_assets.cpp)
    add_custom_command(
      OUTPUT ${web_assets_source}
      COMMAND ${CMAKE_COMMAND} "-DASSETS=${web_assets}" -DOUT=${web_assets_source}
              -P ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
      DEPENDS ${web_assets} ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
      VERBATIM)
    target_sources(colport_web PRIVATE ${web_assets_source})
  endif()
  return()
endif()

set(arrays "")
set(rows "")
set(number 0)
foreach(asset IN LISTS ASSETS)
  get_filename_component(name ${asset} NAME)
  file(READ ${asset} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND arrays "constexpr unsigned char asset_${number}[] = {${bytes}};\n")
  set(array "asset_${number}")
  string(APPEND rows
         "    {\"${name}\", {reinterpret_cast<const char*>(${array}), sizeof ${array}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "#include \"web/assets.h\"

namespace colport::web {
namespace {
${arrays}
const Asset all[] = {
${rows}};
}  // namespace

const Asset* find_asset(std::string_view name) {
    for (const auto& asset : all)
        if (asset.name == name) return &asset;
    return nullptr;
}

}  // namespace colport::web
")
