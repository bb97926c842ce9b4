// Every random decision of the model, declared once: what is drawn, from which stream, for whom and
// by which law. The model description takes its table from here (`fingers schema --draws`).
#pragma once

#include <span>
#include <string_view>

#include "agents/addresses.hpp"

namespace fingers {

struct DrawDeclaration {
  Process process = Process::developer_activity;
  std::string_view name;    ///< as in Process
  std::string_view label;   ///< of docs/model.md
  std::string_view stream;  ///< "population": who lives in the world; "dynamics": what happens
  std::string_view whose;   ///< whose identity stands in the address, and when it is drawn
  std::string_view law;     ///< distribution, and what it decides
};

/// One for each Process, in its order.
std::span<const DrawDeclaration> draw_declarations();

}  // namespace fingers
