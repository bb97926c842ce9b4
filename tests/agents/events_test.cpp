#include "agents/events.hpp"

#include <cmath>

#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

TEST_CASE("times are recorded on a grid of thirty seconds") {
  CHECK(round_time(2024.5) == 2024.5);
  CHECK(round_time(2024.5 + 0.4 / 1048576) == 2024.5);
  CHECK(round_time(2024.5 + 0.6 / 1048576) == 2024.5 + 1.0 / 1048576);
  CHECK(365.25 * 86400 / 1048576 == Approx(30).epsilon(0.01));
}

TEST_CASE("an event keeps what it was, rounded as records are") {
  Events events;
  Event event{.year = 2025.25,
              .kind = EventKind::loss_of_control,
              .domain = 2,
              .route = Route::leaked,
              .agent_kind = AgentKind::lab,
              .maker = 1,
              .agent = 7,
              .model = 8,
              .root = 9,
              .flaw = 10};
  event.severity_musd = 1234.5678;
  event.flags = kCatastrophic;
  events.append(std::vector{event});
  CHECK(events.count() == 1);
  CHECK(events.time[0] == 2025.25);
  CHECK(events.kind[0] == 1);
  CHECK(events.route[0] == 5);
  CHECK(events.severity_musd[0] == round_recorded(1234.5678));
  CHECK(std::isnan(events.seen_at[0]));  // never became known
  CHECK(std::isnan(events.defence_oom[0]));
  CHECK(std::isnan(events.fixed_at[0]));
  CHECK(events.cause[0] == kNone);
}

TEST_CASE("events must come in order of time") {
  CHECK(breaks_contract([] {
    Events events;
    events.append(std::vector<Event>{{.year = 2026}});
    events.append(std::vector<Event>{{.year = 2025}});
  }));
}

TEST_CASE("the columns that are handed over are those that are declared") {
  Events events;
  events.append(std::vector<Event>{{.year = 2025}});
  const TableDeclaration table = event_table();
  const std::vector<ColumnData> columns = take_columns(std::move(events));
  REQUIRE(columns.size() == table.columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    INFO(table.columns[i].name);
    CHECK(columns[i].index() == empty_column(table.columns[i].type).index());
    CHECK(column_length(columns[i]) == 1);
    CHECK(!table.columns[i].meaning.empty());
    CHECK(!table.columns[i].unit.empty());
  }
}
