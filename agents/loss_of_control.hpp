// A loss of control, whoever pressed the button (M5.3): how exposed an act is, and what follows
// when it happens.
#pragma once

#include <cstdint>

#include "agents/events.hpp"
#include "agents/flaws.hpp"

namespace fingers {

struct World;

/// σ((c − critical_oom)/critical_width) of M5.3, at a capability with what was elicited.
double critical_share(const World& world, double capability_oom);

/// x of M5.3: σ((c+Δc−critical_oom)/critical_width)·(1−A)·(1−e·evaluation_quality)·(1−stop).
double press_exposure(const World& world, ModelId model, double elicited_oom, double diligence,
                      double stop);

struct Press {
  double year = 0;
  std::uint64_t identity = 0;  ///< of the act, for its draws
  AgentKind agent_kind = AgentKind::developer;
  std::uint32_t agent = 0;
  ModelId model = 0;
  Route route = Route::none;
  double capability_oom = 0;
  Deployment copy;
};

/// Draws the flaw that fired (∝ E in the copy in hand) and the severity, and notes the event; a
/// catastrophe ends the replicate when `absorbing` is set, otherwise the flaw is known from then
/// on.
void lose_control(World& world, const Press& press);

/// Whether harm of this size becomes known, and the event's flags for it (M15, catastrophe).
void note_harm(const World& world, Event& event, std::uint64_t identity, double report_share);

}  // namespace fingers
