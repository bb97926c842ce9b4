// Harm events as columns (docs/data-dictionary.md, /events). Values are rounded when they are
// recorded, and outcomes are computed from what was recorded.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "engine/records.hpp"

namespace fingers {

struct World;

enum class EventKind : std::uint8_t {
  misuse,           ///< of a small bad actor (M7.2)
  loss_of_control,  ///< M5.3
  exploit,          ///< of a security flaw in deployments (M7.3)
  state_attack,     ///< M10
  diffuse,          ///< a diffuse flaw, from its first day to its end or the horizon (M11)
  capture           ///< abuse of concentrated power (M12.1)
};
inline constexpr std::array<std::string_view, 6> kEventKindNames = {
    "misuse", "loss_of_control", "exploit", "state_attack", "diffuse", "capture"};

/// Through what the harm came (M15).
enum class Route : std::uint8_t {
  none,                 ///< without AI
  internal,             ///< inside a lab
  hosted,               ///< a maker's service
  fine_tuning_service,  ///< a maker's fine-tuning service
  weights,              ///< weights that are out under the regime under study
  leaked,               ///< weights that leaked
  rest_of_the_world,    ///< a model of a group with a regime of its own
  stolen                ///< weights that a state stole (M3.1)
};
inline constexpr std::array<std::string_view, 8> kRouteNames = {
    "none",   "internal",          "hosted", "fine_tuning_service", "weights",
    "leaked", "rest_of_the_world", "stolen"};

enum class AgentKind : std::uint8_t { developer, bad_actor, lab, state };
inline constexpr std::array<std::string_view, 4> kAgentKindNames = {"developer", "bad_actor", "lab",
                                                                    "state"};

inline constexpr std::uint8_t kAverted = 1;       ///< a monitor stopped it: no harm
inline constexpr std::uint8_t kCatastrophic = 2;  ///< harm of a catastrophe or more
inline constexpr std::uint8_t kEnding = 4;        ///< ended the replicate
inline constexpr std::uint8_t kStillOpen = 8;     ///< harm that goes on when the run ends (M11)

inline constexpr double kNever = std::numeric_limits<double>::infinity();

/// Of what cannot be told.
inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

/// One event before it is recorded.
struct Event {
  double year = 0;  ///< calendar year
  EventKind kind = EventKind::misuse;
  std::uint8_t domain = 0;  ///< 0: none; k + 1: the k-th domain
  Route route = Route::none;
  AgentKind agent_kind = AgentKind::developer;
  std::uint8_t maker = 0;  ///< 0: none; g + 1: group of the maker of the model
  std::uint32_t agent = kNone;
  std::uint32_t model = kNone;
  std::uint32_t root = kNone;
  std::uint32_t flaw = kNone;
  double severity_musd = 0;
  double capability_oom = 0;
  double defence_oom = std::numeric_limits<double>::quiet_NaN();
  double seen_year = kNever;
  bool attributed = false;
  double fixed_year = kNever;  ///< when its cause was fixed
  double began_year = kNever;  ///< of harm that accrues (M11); infinity: at `year`
  double attributed_year = kNever;
  std::uint8_t flags = 0;
};

/// Through what harm with a model comes (M15). Gated weights, and weights that are not out, reach
/// nobody but developers unless they leak.
Route route_of(const World& world, std::uint32_t model, AgentKind who);

/// The same for whoever uses a copy of the weights without asking, though the model may be served
/// as well: by leave of nobody unless anybody may have them.
Route route_of_copy(const World& world, std::uint32_t model);

/// The recorded events of a replicate; rows in order of time.
struct Events {
  std::vector<double> time;
  std::vector<std::uint8_t> kind, domain, route, agent_kind, maker;
  std::vector<std::uint32_t> agent, model, root, flaw;
  std::vector<float> severity_musd, capability_oom, defence_oom, seen_at;
  std::vector<std::uint8_t> attributed;
  std::vector<float> fixed_at, began_at, attributed_at;
  std::vector<std::uint32_t> cause;
  std::vector<std::uint8_t> flags;

  [[nodiscard]] std::size_t count() const { return time.size(); }
  /// Rounds and appends. Expects rows to come in order of time.
  void append(std::span<const Event> rows);
};

/// The declaration of the table; its dictionaries are kind, domain, route, agent_kind, maker.
TableDeclaration event_table();

/// Moves the columns out, in the order of the declaration.
std::vector<ColumnData> take_columns(Events&& events);

/// A calendar year rounded to 2^-20 years (30 seconds), the grid of recorded times.
double round_time(double year);

/// A time that may never come, as it is recorded: NaN for kNever.
float time_or_nan(double year);

}  // namespace fingers
