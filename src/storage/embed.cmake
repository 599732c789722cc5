# schema.sql as a string in the library.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             ${CMAKE_CURRENT_LIST_DIR}/schema.sql)
file(READ ${CMAKE_CURRENT_LIST_DIR}/schema.sql schema)
set(schema_source ${CMAKE_CURRENT_BINARY_DIR}/storage/schema_sql.cpp)
file(CONFIGURE OUTPUT ${schema_source} @ONLY CONTENT
     "namespace colport {\nextern const char* const schema_sql;\nconst char* const schema_sql = R\"sql(@schema@)sql\";\n}\n")
target_sources(colport_storage PRIVATE ${schema_source})
