// What a text says, shown where it does not.
#pragma once

#include <string>

#include "tests/support/catch.hpp"

inline bool says(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}
