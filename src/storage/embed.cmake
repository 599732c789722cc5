# The steps of the schema, in order, as strings in the library.
set(schema_steps "")
foreach(step schema.sql schema-2.sql schema-3.sql schema-4.sql schema-5.sql)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/${step})
  file(READ ${CMAKE_CURRENT_LIST_DIR}/${step} sql)
  string(APPEND schema_steps "R\"sql(${sql})sql\",\n")
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/reading.sql)
file(READ ${CMAKE_CURRENT_LIST_DIR}/reading.sql reading_sql)
set(schema_source ${CMAKE_CURRENT_BINARY_DIR}/storage/schema_sql.cpp)
file(CONFIGURE OUTPUT ${schema_source} @ONLY CONTENT
     "#include \"storage/schema.h\"\nnamespace colport::schema {\nconstexpr const char* all[] = {\n@schema_steps@};\nconstinit const std::span<const char* const> steps(all);\nextern const char* const reading;\nconst char* const reading = R\"sql(@reading_sql@)sql\";\n}\n")
target_sources(colport_storage PRIVATE ${schema_source})
