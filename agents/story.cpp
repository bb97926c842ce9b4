// Running a replicate again, and reading what it recorded. The sentences are in story_tell.cpp and
// story_against.cpp.
#include "agents/story.hpp"

#include <algorithm>

#include "agents/story_words.hpp"
#include "engine/config_reader.hpp"
#include "engine/contract.hpp"
#include "engine/json_text.hpp"

namespace fingers {

namespace {

/// The value of an event's column; every recorded type goes through a double unchanged.
double value_of(const RunRecord& record, std::string_view column, std::uint32_t row) {
  static const TableDeclaration table = event_table();
  const auto found = std::ranges::find(table.columns, column, &ColumnDeclaration::name);
  EXPECT_CONTRACT(found != table.columns.end());
  const auto at = static_cast<std::size_t>(found - table.columns.begin());
  return std::visit([row](const auto& values) { return static_cast<double>(values.at(row)); },
                    record.tables.front().at(at));
}

std::string facts_json(const std::vector<Fact>& facts) {
  JsonObject object(JsonObject::Layout::line);
  for (const Fact& fact : facts) {
    object.json(fact.name, fact.json);
  }
  return object.str();
}

std::string sentences_json(const std::vector<Sentence>& sentences) {
  std::vector<std::string> items;
  for (const Sentence& sentence : sentences) {
    items.push_back(JsonObject(JsonObject::Layout::line)
                        .whole("step", items.size() + 1)
                        .text("date", month_text(sentence.year))
                        .text("kind", sentence.kind)
                        .json("facts", facts_json(sentence.facts))
                        .text("text", sentence.text)
                        .str());
  }
  return json_list(items);
}

std::string whole_or_null(std::uint32_t number) {
  return number == kNone ? "null" : std::to_string(number);
}

std::string event_json(const RecordedEvent& e) {
  return JsonObject(JsonObject::Layout::line)
      .whole("number", e.number)
      .number("time", e.time)
      .text("date", month_text(e.time))
      .text("kind", kEventKindNames[static_cast<std::size_t>(e.kind)])
      .whole("domain", e.domain)
      .text("route", kRouteNames[static_cast<std::size_t>(e.route)])
      .text("agent_kind", kAgentKindNames[static_cast<std::size_t>(e.agent_kind)])
      .whole("maker", e.maker)
      .json("agent", whole_or_null(e.agent))
      .json("model", whole_or_null(e.model))
      .json("root", whole_or_null(e.root))
      .json("flaw", whole_or_null(e.flaw))
      .number("severity_musd", e.severity_musd)
      .number("capability_oom", e.capability_oom)
      .number("defence_oom", e.defence_oom)
      .number("seen_at", e.seen_at)
      .json("attributed", e.attributed ? "true" : "false")
      .number("fixed_at", e.fixed_at)
      .number("began_at", e.began_at)
      .number("attributed_at", e.attributed_at)
      .whole("flags", e.flags)
      .str();
}

JsonObject story_object(const Story& story) {
  JsonObject object(JsonObject::Layout::line);
  object.text("title", story.title)
      .text("point", story.point)
      .text("regime", story.regime)
      .whole("replicate", story.replicate)
      .json("event", event_json(story.event))
      .json("sentences", sentences_json(story.sentences));
  return object;
}

}  // namespace

LivedRun live_run(const Simulation& simulation, const Batch& batch, std::uint32_t point,
                  std::uint32_t replicate) {
  const StreamSeeds seeds = seeds_of_point(batch.design, batch.scenario.seeds, point);
  LivedRun run{.point = point,
               .replicate = replicate,
               .record = {},
               .events_after_step = {},
               .end = simulation.make_world(point, make_world_keys(seeds, replicate))};
  bool goes_on = true;
  for (std::uint32_t step = 0; goes_on && step < simulation.clock().n_steps; ++step) {
    goes_on = simulation.advance(run.end, step);
    run.events_after_step.push_back(static_cast<std::uint32_t>(run.end.events.count()));
  }
  run.record = simulation.records(run.end);
  run.record.point = point;
  run.record.replicate = replicate;
  return run;
}

std::uint32_t event_count(const RunRecord& record) {
  return static_cast<std::uint32_t>(column_length(record.tables.front().front()));
}

RecordedEvent event_at(const RunRecord& record, std::uint32_t number) {
  EXPECT_CONTRACT(number < event_count(record));
  const auto value = [&](std::string_view column) { return value_of(record, column, number); };
  const auto whole = [&](std::string_view column) {
    return static_cast<std::uint32_t>(value(column));
  };
  const auto small = [&](std::string_view column) {
    return static_cast<std::uint8_t>(value(column));
  };
  return {.number = number,
          .time = value("time"),
          .kind = static_cast<EventKind>(small("kind")),
          .domain = small("domain"),
          .route = static_cast<Route>(small("route")),
          .agent_kind = static_cast<AgentKind>(small("agent_kind")),
          .maker = small("maker"),
          .agent = whole("agent"),
          .model = whole("model"),
          .root = whole("root"),
          .flaw = whole("flaw"),
          .severity_musd = value("severity_musd"),
          .capability_oom = value("capability_oom"),
          .defence_oom = value("defence_oom"),
          .seen_at = value("seen_at"),
          .attributed = small("attributed") != 0,
          .fixed_at = value("fixed_at"),
          .began_at = value("began_at"),
          .attributed_at = value("attributed_at"),
          .flags = small("flags")};
}

std::optional<std::uint32_t> worst_event(const RunRecord& record) {
  std::optional<RecordedEvent> worst;
  for (std::uint32_t i = 0; i < event_count(record); ++i) {
    const RecordedEvent event = event_at(record, i);
    const double harm = event.averted() ? -1 : event.severity_musd;
    const double most = !worst ? -2 : worst->averted() ? -1 : worst->severity_musd;
    if (harm > most) {
      worst = event;
    }
  }
  return worst ? std::optional(worst->number) : std::nullopt;
}

std::vector<std::uint32_t> catastrophes_of(const RunRecord& record) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < event_count(record); ++i) {
    const RecordedEvent event = event_at(record, i);
    if (event.catastrophic() && !event.averted()) {
      numbers.push_back(i);
    }
  }
  return numbers;
}

std::optional<std::uint32_t> point_under(const Design& design, std::uint32_t point,
                                         std::string_view regime) {
  for (std::uint32_t p = 0; p < design.points.size(); ++p) {
    if (design.points[p].setting == regime &&
        design.points[p].values == design.points[point].values) {
      return p;
    }
  }
  return std::nullopt;
}

std::string story_json(const Story& story, const OtherStory* other) {
  std::string against = "null";
  if (other != nullptr) {
    against = JsonObject(JsonObject::Layout::line)
                  .text("point", other->point)
                  .text("regime", other->regime)
                  .json("compared", sentences_json(other->compared))
                  .json("same", other->same ? story_object(*other->same).str() : "null")
                  .str();
  }
  return story_object(story).json("against", against).str() + "\n";
}

}  // namespace fingers
