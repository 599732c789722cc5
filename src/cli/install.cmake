# Man pages, completions and the sample of the configuration are made by the
# programs themselves, from the options that they declare.
set(pages ${PROJECT_BINARY_DIR}/pages)
set(texts ${PROJECT_SOURCE_DIR}/packaging/man)
file(GLOB page_texts CONFIGURE_DEPENDS ${texts}/*.man)
foreach(program colport colportd colport-press)
  add_custom_command(
    OUTPUT ${pages}/${program}.stamp
    COMMAND ${CMAKE_COMMAND} -E env --unset=XDG_DATA_HOME --unset=XDG_CONFIG_HOME HOME=/home
            $<TARGET_FILE:${program}> --generate ${texts} ${pages}/${program}
    COMMAND ${CMAKE_COMMAND} -E touch ${pages}/${program}.stamp
    DEPENDS ${program} ${page_texts})
  list(APPEND page_stamps ${pages}/${program}.stamp)
  foreach(section 1 5)
    install(DIRECTORY ${pages}/${program}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
            COMPONENT ${program} FILES_MATCHING PATTERN "*.${section}")
  endforeach()
  set(completions ${pages}/${program}/completions)
  install(DIRECTORY ${completions}/bash/ COMPONENT ${program}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(DIRECTORY ${completions}/zsh/ COMPONENT ${program}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
  install(DIRECTORY ${completions}/fish/ COMPONENT ${program}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/packaging/systemd/colportd.service
        DESTINATION lib/systemd/system COMPONENT mirror)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/systemd/colport-press-watch@.service
        ${PROJECT_SOURCE_DIR}/packaging/systemd/colport-press-watch@.timer
        DESTINATION lib/systemd/system COMPONENT colport-press)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/systemd/colport-press.sysusers
        DESTINATION lib/sysusers.d RENAME colport-press.conf COMPONENT colport-press)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/systemd/colportd-user.service
        DESTINATION lib/systemd/user RENAME colportd.service COMPONENT colportd)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/grafana/colport.json
        ${PROJECT_SOURCE_DIR}/packaging/prometheus/colport.rules.yml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/colport COMPONENT mirror)
add_custom_target(pages ALL DEPENDS ${page_stamps})

install(TARGETS colport RUNTIME COMPONENT colport)
install(TARGETS colportd RUNTIME COMPONENT colportd)
install(TARGETS colport-press RUNTIME COMPONENT colport-press)
install(FILES ${texts}/colport-feed.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 COMPONENT colport)
install(FILES ${PROJECT_SOURCE_DIR}/proto/SPEC.md ${PROJECT_SOURCE_DIR}/README.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT colport)
install(FILES ${pages}/colportd/colportd.conf DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples
        COMPONENT colportd)
