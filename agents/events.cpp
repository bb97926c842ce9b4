#include "agents/events.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <type_traits>

#include "agents/world.hpp"
#include "engine/contract.hpp"

namespace fingers {

double round_time(double year) {
  constexpr double kTicksPerYear = 1048576.0;
  return std::nearbyint(year * kTicksPerYear) / kTicksPerYear;
}

float time_or_nan(double year) {
  return year == kNever ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(year);
}

Route route_of(const World& world, std::uint32_t model, AgentKind who) {
  const std::uint32_t group = world.labs.group[world.models.maker[model]];
  if (world.society.groups.follows[group] == 0) {
    return Route::rest_of_the_world;
  }
  switch (world.models.form[model]) {
    case Form::hosted:
      return Route::hosted;
    case Form::hosted_finetune:
      return Route::fine_tuning_service;
    case Form::open_weights:
    case Form::full_source:
      return Route::weights;
    case Form::internal:
    case Form::gated_weights:
      return who == AgentKind::developer ? Route::weights : Route::leaked;
  }
  return Route::none;
}

Route route_of_copy(const World& world, std::uint32_t model) {
  const Route route = route_of(world, model, AgentKind::bad_actor);
  const bool anybody_may = world.models.form[model] >= Form::open_weights;
  return anybody_may || route == Route::rest_of_the_world ? route : Route::leaked;
}

void Events::append(std::span<const Event> rows) {
  const auto add = [rows](auto& column, auto value) {
    using Value = typename std::remove_reference_t<decltype(column)>::value_type;
    const auto n = static_cast<std::ptrdiff_t>(column.size());
    column.resize(column.size() + rows.size());
    std::ranges::transform(rows, column.begin() + n, [value](const Event& event) {
      return static_cast<Value>(std::invoke(value, event));
    });
  };
  const auto add_rounded = [&add](std::vector<float>& column, double Event::* value) {
    add(column, [value](const Event& event) { return round_recorded(event.*value); });
  };
  const auto add_time = [&add](std::vector<float>& column, double Event::* year) {
    add(column, [year](const Event& event) { return time_or_nan(event.*year); });
  };
  const std::size_t last = std::max<std::size_t>(count(), 1) - 1;
  add(time, [](const Event& event) { return round_time(event.year); });
  EXPECT_CONTRACT(std::ranges::is_sorted(std::span(time).subspan(std::min(last, count()))));
  add(kind, &Event::kind);
  add(domain, &Event::domain);
  add(route, &Event::route);
  add(agent_kind, &Event::agent_kind);
  add(maker, &Event::maker);
  add(agent, &Event::agent);
  add(model, &Event::model);
  add(root, &Event::root);
  add(flaw, &Event::flaw);
  add_rounded(severity_musd, &Event::severity_musd);
  add_rounded(capability_oom, &Event::capability_oom);
  add_rounded(defence_oom, &Event::defence_oom);
  add_time(seen_at, &Event::seen_year);
  add(attributed, &Event::attributed);
  add_time(fixed_at, &Event::fixed_year);
  add_time(began_at, &Event::began_year);
  add_time(attributed_at, &Event::attributed_year);
  add(cause, [](const Event&) { return kNone; });
  add(flags, &Event::flags);
}

TableDeclaration event_table() {
  using enum ColumnType;
  return {
      .name = "events",
      .row = "event",
      .meaning = "harm, and harm that monitors averted; rows in order of run and time",
      .columns = {
          {"time", f8, "year", "when it happened, or ended (calendar year)", {}, {}},
          {"kind", u1, "1", "what happened", "kind", {}},
          {"domain", u1, "1", "domain of misuse", "domain", {}},
          {"route", u1, "1", "through what it came (M15)", "route", {}},
          {"agent_kind", u1, "1", "who did it", "agent_kind", {}},
          {"maker", u1, "1", "group of labs whose model made it possible", "maker", {}},
          {"agent", u4, "1", "number of the agent in its population", {}, {}},
          {"model", u4, "1", "number of the model in the replicate", {}, {}},
          {"root", u4, "1", "number of the base model at the root of it", {}, {}},
          {"flaw", u4, "1", "number of the flaw in the replicate", {}, {}},
          {"severity_musd", f4, "M$", "harm (million 2024 US dollars equivalent)", {}, {}},
          {"capability_oom", f4, "OOM", "capability that was used", {}, {}},
          {"defence_oom", f4, "OOM", "defence of the domain at that time", {}, {}},
          {"seen_at", f4, "year", "when it became known; NaN: never", {}, {}},
          {"attributed", u1, "1", "1 when it is known who or what did it", {}, {}},
          {"fixed_at", f4, "year", "when its cause was fixed; NaN: never", {}, {}},
          {"began_at", f4, "year", "when harm that accrues began; NaN: it came at once", {}, {}},
          {"attributed_at",
           f4,
           "year",
           "when accrued harm was traced to its flaw; NaN: never",
           {},
           {}},
          {"cause", u4, "1", "row within the run of the event that led here", {}, {}},
          {"flags",
           u1,
           "1",
           "marks",
           {},
           {"averted", "catastrophic", "ended_the_run", "still_open"}},
      }};
}

std::vector<ColumnData> take_columns(Events&& events) {
  Events e = std::move(events);
  std::vector<ColumnData> columns;
  const auto take = [&columns](auto column) { columns.emplace_back(std::move(column)); };
  take(std::move(e.time));
  take(std::move(e.kind));
  take(std::move(e.domain));
  take(std::move(e.route));
  take(std::move(e.agent_kind));
  take(std::move(e.maker));
  take(std::move(e.agent));
  take(std::move(e.model));
  take(std::move(e.root));
  take(std::move(e.flaw));
  take(std::move(e.severity_musd));
  take(std::move(e.capability_oom));
  take(std::move(e.defence_oom));
  take(std::move(e.seen_at));
  take(std::move(e.attributed));
  take(std::move(e.fixed_at));
  take(std::move(e.began_at));
  take(std::move(e.attributed_at));
  take(std::move(e.cause));
  take(std::move(e.flags));
  return columns;
}

}  // namespace fingers
