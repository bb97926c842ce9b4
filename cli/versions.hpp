// What this program was built from. versions.cpp is made by CMake.
#pragma once

#include <span>
#include <string_view>

namespace fingers {

struct Version {
  std::string_view name;
  std::string_view version;
};

/// Of the program: "0.1.0".
std::string_view program_version();
/// The commit of its source when the build was configured, or empty.
std::string_view program_commit();
/// Compiler and libraries.
std::span<const Version> build_versions();

}  // namespace fingers
