// What is recorded (M13 of the month, M15): the month's counters become series; outcomes are
// computed from recorded events and series, and from nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/events.hpp"
#include "agents/freedom.hpp"
#include "agents/scenario.hpp"
#include "agents/shocks.hpp"
#include "engine/records.hpp"

namespace fingers {

struct World;

/// Who writes our files, and the version of their columns.
inline constexpr std::string_view kSchemaName = "enough-fingers";
inline constexpr std::uint32_t kSchemaVersion = 1;

/// Layers of derivation at which patch coverage is measured, besides the base (M6.5).
inline constexpr std::size_t kPanelLayers = 2;

/// Fixes of bases as deployments of one derivative take them.
struct PanelOfLayer {
  double fixes = 0;
  double taken_90d = 0;
};

/// Counts of one month, set to zero at its start.
struct Month {
  bool community_acts = false;  ///< no pause holds it back (M5.3)
  double actions = 0;
  double near_misses = 0;
  double attempts = 0;
  double exploits = 0;
  double hosted_attempts = 0;
  double seen_attempts = 0;
  double bans = 0;
  double wrongful_bans = 0;
  double standing_wrongful_bans = 0;
  double ban_user_months = 0;
  double shocks = 0;
  double lost_user_months = 0;
  double benefit = 0;
  double finds = 0;
  double fixes = 0;
  double security_fixes = 0;
  double learnt_open = 0;
  double derivatives = 0;
  double panel_fixes = 0;
  double panel_taken_30d = 0;
  double panel_taken_90d = 0;
  double panel_taken_365d = 0;
  std::array<PanelOfLayer, kPanelLayers> layer_panels;
  double panel_never = 0;
  double flags = 0;
  double reviewed_flags = 0;
  double stolen_models = 0;
  double diffuse_harm_musd = 0;         ///< accrued (M11)
  double unseen_diffuse_harm_musd = 0;  ///< of this, before anybody saw it
  std::array<FreedomShares, kFreedoms> freedoms{};
  Orphans orphans;
  std::vector<Event> events;  ///< not yet in order of time
  double end_year = kNever;   ///< of an event that ends the replicate
};

/// Series by quantity, [quantity][step].
struct Series {
  std::vector<std::vector<float>> quantity;
};

/// A recorded quantity: its declaration, and how it is measured at the end of a month.
struct Quantity {
  ColumnDeclaration column;
  std::function<double(const World&)> measure;
  bool exact = false;  ///< a count: kept as it is; anything else is rounded when recorded
};

/// What is measured each month, in order of recording, for a scenario's domains.
std::vector<Quantity> quantities(const Scenario& scenario);

/// Quantities recorded each month, for a scenario's domains.
std::vector<ColumnDeclaration> series_columns(const Scenario& scenario);
/// All that a scenario's runs record.
RecordSchema record_schema(const Scenario& scenario);

/// Closes the month: events in order of time, series appended.
void record(World& world);

}  // namespace fingers
