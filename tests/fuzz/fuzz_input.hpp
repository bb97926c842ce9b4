// What libFuzzer gives, as the readers take it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>

#include "engine/config_reader.hpp"

/// Called by libFuzzer with each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fingers::fuzz {

inline std::string text_of(std::span<const std::uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

/// Up to the first zero byte, and what follows it: two files in one input.
inline std::pair<std::string, std::string> two_texts(std::span<const std::uint8_t> bytes) {
  const std::string both = text_of(bytes);
  const std::size_t end = both.find('\0');
  return end == std::string::npos ? std::pair(both, std::string())
                                  : std::pair(both.substr(0, end), both.substr(end + 1));
}

/// A file system of one file.
inline TextSource only_file(const std::string& text, const std::string& name) {
  return [text, name](const std::string& path, const std::string& /*from*/) {
    return path == name ? TextAnswer{.text = text, .path = name, .problem = {}}
                        : TextAnswer{.text = {}, .path = path, .problem = "no such file"};
  };
}

/// What must hold for every input; libFuzzer keeps the one for which it does not.
inline void demand(bool holds) {
  if (!holds) {
    std::abort();
  }
}

}  // namespace fingers::fuzz
