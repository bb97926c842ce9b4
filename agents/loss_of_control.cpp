#include "agents/loss_of_control.hpp"

#include <algorithm>
#include <vector>

#include "agents/addresses.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Blocks of the act's details that its first draws leave to what follows.
constexpr std::uint32_t kConsequenceDraw = 16;

/// The flaw that fires, drawn ∝ E_j in the copy in hand.
std::uint32_t firing_flaw(const World& world, const Press& press, Stream& stream) {
  const FlawTables& tables = world.flaw_tables;
  const std::uint32_t from = tables.instance_offset[press.model];
  const std::uint32_t to = tables.instance_offset[press.model + 1];
  double total = 0;
  std::vector<double> running;
  for (std::uint32_t i = from; i < to; ++i) {
    const bool control = tables.flaws.kind[tables.instances.flaw[i]] == FlawKind::control;
    total += control ? virulence_in_copy(world, i, press.copy, world.year()) : 0.0;
    running.push_back(total);
  }
  const double at = uniform(stream) * total;
  const auto hit = std::ranges::upper_bound(running, at);
  const auto offset = static_cast<std::uint32_t>(hit - running.begin());
  return tables.instances.flaw[std::min(from + offset, to - 1)];
}

}  // namespace

double critical_share(const World& world, double capability_oom) {
  const FingersParameters& p = world.scenario->mechanisms.fingers;
  return logistic((capability_oom - p.critical_oom) / p.critical_width_oom);
}

double press_exposure(const World& world, ModelId model, double elicited_oom, double diligence,
                      double stop) {
  const Mechanisms& m = world.scenario->mechanisms;
  const double capability = world.models.capability_oom[model] + elicited_oom;
  return critical_share(world, capability) * (1.0 - world.models.alignment[model]) *
         (1.0 - diligence * m.training.evaluation_quality) * (1.0 - stop);
}

void note_harm(const World& world, Event& event, std::uint64_t identity, double report_share) {
  const Mechanisms& m = world.scenario->mechanisms;
  event.severity_musd = static_cast<double>(round_recorded(event.severity_musd));
  const bool catastrophic = event.severity_musd >= m.catastrophe.musd;
  if (catastrophic) {
    event.flags |= kCatastrophic;
  }
  Stream stream(world.keys.dynamics, address(identity, Process::report, world.step));
  if (catastrophic || uniform(stream) < std::min(1.0, report_share * world.trends.reporting)) {
    event.seen_year = event.year;
  }
}

void lose_control(World& world, const Press& press) {
  const Mechanisms& m = world.scenario->mechanisms;
  Stream stream(world.keys.dynamics,
                address(press.identity, Process::act_details, world.step, kConsequenceDraw));
  Event event{
      .year = press.year,
      .kind = EventKind::loss_of_control,
      .domain = 0,
      .route = press.route,
      .agent_kind = press.agent_kind,
      .maker = static_cast<std::uint8_t>(world.labs.group[world.models.maker[press.model]] + 1),
      .agent = press.agent,
      .model = press.model,
      .root = world.models.root[press.model]};
  event.flaw = firing_flaw(world, press, stream);
  event.capability_oom = press.capability_oom;
  event.severity_musd =
      truncated_pareto(m.fingers.alpha, m.fingers.x_min_musd, m.fingers.cap_musd, stream);
  note_harm(world, event, press.identity, m.reporting.report_control);
  const bool ends = m.catastrophe.absorbing && (event.flags & kCatastrophic) != 0;
  if (ends) {
    event.flags |= kEnding;
    world.month.end_year = std::min(world.month.end_year, event.year);
  } else {
    reveal_flaw(world, event.flaw, event.year);
    world.paused_until =
        std::max(world.paused_until, event.year + m.catastrophe.pause_months / kMonthsPerYear);
  }
  world.month.events.push_back(event);
}

}  // namespace fingers
