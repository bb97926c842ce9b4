// Reads a text with a visitor and keeps what came of it.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "engine/config_reader.hpp"
#include "tests/support/catch.hpp"

namespace fingers {

using Lines = std::vector<std::string>;
using Visitor = std::function<void(Parameters&)>;

inline constexpr std::array<std::string_view, 3> kForms{"closed", "hosted", "open_weights"};

inline Declaration declared(double standard, Range allowed = {}) {
  return {.unit = "-",
          .standard = standard,
          .allowed = allowed,
          .belief = {},
          .source = kAssume,
          .meaning = "a test"};
}

/// What a reader made of a text.
struct Reading {
  Lines mistakes;  ///< as printed, without the name of the file
  std::string resolved;
  std::vector<ParameterReader::Resolved> list;
};

inline Reading read(const std::string& text, const Visitor& visit) {
  const Loaded loaded = parse_document(text, "f");
  REQUIRE(loaded.mistakes.empty());
  ParameterReader reader(loaded.document);
  visit(reader);
  reader.finish();
  Reading reading{.mistakes = {}, .resolved = reader.resolved_text(), .list = reader.resolved()};
  for (const Mistake& mistake : reader.mistakes()) {
    reading.mistakes.push_back(to_text(mistake).substr(1));
  }
  return reading;
}

}  // namespace fingers
