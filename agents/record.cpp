// Closing a month: events in order of time, series appended.
#include "agents/record.hpp"

#include <algorithm>
#include <utility>

#include "agents/freedom.hpp"
#include "agents/lineage.hpp"
#include "agents/outcomes.hpp"
#include "agents/world.hpp"

namespace fingers {

namespace {

void record_events(World& world) {
  const std::vector<Event>& events = world.month.events;
  std::vector<std::pair<double, std::size_t>> order;  // by time, and as they came
  order.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].year <= world.month.end_year) {
      order.emplace_back(round_time(events[i].year), i);
    }
  }
  std::ranges::sort(order);
  std::vector<Event> in_order;
  in_order.reserve(order.size());
  for (const auto& [time, i] : order) {
    in_order.push_back(events[i]);
  }
  world.events.append(in_order);
}

}  // namespace

std::vector<ColumnDeclaration> series_columns(const Scenario& scenario) {
  std::vector<ColumnDeclaration> columns;
  for (Quantity& quantity : quantities(scenario)) {
    columns.push_back(std::move(quantity.column));
  }
  return columns;
}

RecordSchema record_schema(const Scenario& scenario) {
  const auto names = [](const auto& list) {
    return std::vector<std::string>(list.begin(), list.end());
  };
  Dictionary domains{.name = "domain", .names = {"none"}};
  for (const Domain& domain : scenario.domains) {
    domains.names.push_back(domain.name);
  }
  Dictionary makers{.name = "maker", .names = {"none"}};
  for (const LabGroup& group : scenario.labs) {
    makers.names.push_back(group.name);
  }
  RecordSchema schema{.name = std::string(kSchemaName),
                      .version = kSchemaVersion,
                      .tables = {event_table()},
                      .series = series_columns(scenario),
                      .outcomes = outcome_columns(scenario),
                      .dictionaries = {{"agent_kind", names(kAgentKindNames)},
                                       std::move(domains),
                                       {"kind", names(kEventKindNames)},
                                       std::move(makers),
                                       {"route", names(kRouteNames)}}};
  if (scenario.output.models) {
    schema.tables.push_back(model_table());
    schema.tables.push_back(model_form_table());
    schema.dictionaries.push_back({"form", names(kFormNames)});
  }
  if (scenario.output.digests) {
    schema.tables.push_back(digest_table());
  }
  return schema;
}

void record(World& world) {
  record_events(world);
  world.month.freedoms = measure_freedoms(world);
  world.month.orphans = measure_orphans(world);
  const std::vector<Quantity>& list = world.quantities;
  for (std::size_t q = 0; q < list.size(); ++q) {
    const double value = list[q].measure(world);
    world.series.quantity[q].push_back(list[q].exact ? static_cast<float>(value)
                                                     : round_recorded(value));
  }
  world.ended = world.month.end_year != kNever;
}

}  // namespace fingers
