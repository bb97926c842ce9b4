// The story of an event: one replicate is run again, month by month, and what its world held when
// the event came is told in sentences with dates and names. Nothing is drawn anew and nothing is
// changed, so the run is the recorded one bit for bit; every fact is read from its tables. Tested
// by tests/agents/story_test.cpp; docs/stories.md shows how to read one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/simulation.hpp"
#include "engine/records.hpp"

namespace fingers {

/// One replicate of one point, run again to its end.
struct LivedRun {
  std::uint32_t point = 0;
  std::uint32_t replicate = 0;
  RunRecord record;                              ///< equal to what a batch records of it
  std::vector<std::uint32_t> events_after_step;  ///< how many were recorded when a step was over
  World end;  ///< as it stood at the end; its events are moved out
};

/// Runs a replicate. Expects the simulation of the batch and a point of its design.
LivedRun live_run(const Simulation& simulation, const Batch& batch, std::uint32_t point,
                  std::uint32_t replicate);

/// A recorded event, by the names of its columns (`fingers schema --data`). Times are calendar
/// years, NaN for never; numbers that name nothing are kNone.
struct RecordedEvent {
  std::uint32_t number = 0;  ///< row within the run, from 0
  double time = 0;
  EventKind kind = EventKind::misuse;
  std::uint8_t domain = 0;
  Route route = Route::none;
  AgentKind agent_kind = AgentKind::developer;
  std::uint8_t maker = 0;
  std::uint32_t agent = kNone;
  std::uint32_t model = kNone;
  std::uint32_t root = kNone;
  std::uint32_t flaw = kNone;
  double severity_musd = 0;
  double capability_oom = 0;
  double defence_oom = 0;
  double seen_at = 0;
  bool attributed = false;
  double fixed_at = 0;
  double began_at = 0;
  double attributed_at = 0;
  std::uint8_t flags = 0;

  [[nodiscard]] bool averted() const { return (flags & kAverted) != 0; }
  [[nodiscard]] bool catastrophic() const { return (flags & kCatastrophic) != 0; }
  [[nodiscard]] bool ended_the_run() const { return (flags & kEnding) != 0; }
};

std::uint32_t event_count(const RunRecord& record);

/// Expects number < event_count(record).
RecordedEvent event_at(const RunRecord& record, std::uint32_t number);

/// The event of most harm that was not averted, the first of equals; else the first of all; nothing
/// where nothing was recorded.
std::optional<std::uint32_t> worst_event(const RunRecord& record);

/// Numbers of all catastrophes, in order of time.
std::vector<std::uint32_t> catastrophes_of(const RunRecord& record);

/// A fact behind a sentence: its name (unit last), and its value as JSON.
struct Fact {
  std::string name;
  std::string json;
};

/// One step of a story. Kinds: released, derived, stepped_out, leaked, stolen (of the model);
/// flaw_born, flaw_inherited, found, looked, not_found, learnt, fixed, not_updated (of the flaw);
/// pressed, attempted, attacked, accrued, captured (what happened); watched (what monitors saw);
/// harmed, known; in a comparison already_ended, same_model, no_model, same_flaw, no_flaw,
/// same_actor, instead, harm_by_then.
struct Sentence {
  std::string kind;
  double year = 0;  ///< calendar year of what it tells
  std::vector<Fact> facts;
  std::string text;  ///< English, ended by a full stop
};

struct Story {
  std::string title;
  std::string point;   ///< name of the point
  std::string regime;  ///< under study
  std::uint32_t replicate = 0;
  RecordedEvent event;
  std::vector<Sentence> sentences;  ///< in the order in which they are best read
};

/// The same replicate under another regime, at the same moment.
struct OtherStory {
  std::string point;
  std::string regime;
  std::vector<Sentence> compared;  ///< what was the same and what was not
  std::optional<Story> same;       ///< of the event where the same agent made it there too
};

/// Tells one event of a lived run. Expects number < event_count(run.record). Takes about as long as
/// the run took up to the event.
Story tell(const Simulation& simulation, const Batch& batch, const LivedRun& run,
           std::uint32_t number);

/// Holds an event against the same replicate of another point, which has lived too.
OtherStory tell_against(const Simulation& simulation, const Batch& batch, const LivedRun& run,
                        std::uint32_t number, const LivedRun& other);

/// The point that has another regime, and else everything, in common with `point`; nothing where
/// the design has none.
std::optional<std::uint32_t> point_under(const Design& design, std::uint32_t point,
                                         std::string_view regime);

/// `{"title", "point", "regime", "replicate", "event": {…}, "sentences": [{"step", "date", "kind",
/// "facts": {…}, "text"}], "against": {"point", "regime", "compared": […], "same": {…} or null}}`;
/// without `other` the last member is null.
std::string story_json(const Story& story, const OtherStory* other);

}  // namespace fingers
