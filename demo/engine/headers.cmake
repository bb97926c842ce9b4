# The header-only libraries of the core, in a folder of their own: the other headers of the system are
# not made for WebAssembly.
set(portable_headers ${PROJECT_BINARY_DIR}/headers)
file(MAKE_DIRECTORY ${portable_headers})
foreach(name boost nlohmann Random123 xxhash.h)
  find_path(folder_of_${name} ${name} PATHS /usr/include /usr/local/include
    NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
  file(CREATE_LINK ${folder_of_${name}}/${name} ${portable_headers}/${name} SYMBOLIC)
endforeach()
set(RANDOM123_INCLUDE_DIR ${portable_headers})
foreach(library nlohmann_json::nlohmann_json PkgConfig::XXHASH)
  add_library(${library} INTERFACE IMPORTED)
  set_target_properties(${library} PROPERTIES
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${portable_headers})
endforeach()
# Headers that promise not to throw; what is thrown in spite of that ends the module.
add_compile_options(-fno-exceptions -DBOOST_NO_EXCEPTIONS -DBOOST_EXCEPTION_DISABLE
  -DJSON_NOEXCEPTION)
# Boost 1.74 asks for a template that C++17 took away.
add_compile_definitions(_LIBCPP_ENABLE_CXX17_REMOVED_UNARY_BINARY_FUNCTION)
# xxHash from its header alone
set_target_properties(PkgConfig::XXHASH PROPERTIES INTERFACE_COMPILE_DEFINITIONS XXH_INLINE_ALL)
