// What comes of an attempt of a bad actor, whatever its way (M7.2).
#pragma once

#include <cstdint>
#include <optional>

#include "agents/addresses.hpp"
#include "agents/attempt_draws.hpp"
#include "agents/events.hpp"

namespace fingers {

struct World;

struct Strike {
  std::uint32_t actor = 0;
  std::uint64_t identity = 0;  ///< of the attempt
  Process process = Process::attempt_success;
  double capability_oom = 0;  ///< of what it uses
  double opening_oom = 0;     ///< what a known hole is worth on top of that (M7.3)
  double harm_factor = 1;     ///< of its least harm
  FailingLogit fails = kUnknownLogit;
};

/// The harm, when it succeeds: when, in which domain, how much; through what is left open.
std::optional<Event> strike(const World& world, const Strike& attempt);

/// Says through which model an event came.
void name_model(const World& world, Event& event, std::uint32_t model, Route route);

}  // namespace fingers
