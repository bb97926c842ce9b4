// The story of an event says what the record says, and the run behind it is the recorded one.
#include "agents/story.hpp"

#include <algorithm>
#include <set>

#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// A small world in which much goes wrong, of every kind but capture.
constexpr const char* kRough = R"({
  "experiment": {"replicates": 3,
                 "regimes": ["closed", "hosted-monitored", "open-weights-permissive"]},
  "time": {"years": 6}, "population": {"bad_actors": {"count": 3000}},
  "mechanisms": {"derivatives": {"enabled": true}, "disclosure": {"enabled": true},
                 "exploits": {"enabled": true},
                 "fingers": {"press_scale": 0.01, "critical_oom": 25},
                 "catastrophe": {"musd": 200, "absorbing": false}}})";

const Sentence* sentence_of(const Story& story, std::string_view kind) {
  const auto found = std::ranges::find(story.sentences, kind, &Sentence::kind);
  return found == story.sentences.end() ? nullptr : &*found;
}

std::string fact_of(const Sentence& sentence, std::string_view name) {
  const auto found = std::ranges::find(sentence.facts, name, &Fact::name);
  REQUIRE(found != sentence.facts.end());
  return found->json;
}

/// The sentences of a story hold what its event holds.
void check_facts(const Story& story) {
  const RecordedEvent& event = story.event;
  const Sentence* const harm = sentence_of(story, "harmed");
  REQUIRE(harm != nullptr);
  CHECK(fact_of(*harm, "severity_musd") == number_text(event.severity_musd));
  CHECK(fact_of(*harm, "averted") == (event.averted() ? "true" : "false"));
  if (event.root != kNone) {
    REQUIRE(sentence_of(story, "released") != nullptr);
    CHECK(fact_of(*sentence_of(story, "released"), "model") == std::to_string(event.root));
  }
  if (event.model != event.root) {
    const auto last = std::find_if(story.sentences.rbegin(), story.sentences.rend(),
                                   [](const Sentence& s) { return s.kind == "derived"; });
    REQUIRE(last != story.sentences.rend());
    CHECK(fact_of(*last, "model") == std::to_string(event.model));
  }
  if (event.flaw != kNone) {
    const Sentence* const born = sentence_of(story, "flaw_born");
    const Sentence* const handed = sentence_of(story, "flaw_inherited");
    REQUIRE((born != nullptr) != (handed != nullptr));
    CHECK(fact_of(born != nullptr ? *born : *handed, "flaw") == std::to_string(event.flaw));
  }
}

bool equal(const std::vector<Sentence>& a, const std::vector<Sentence>& b) {
  return std::ranges::equal(a, b, [](const Sentence& x, const Sentence& y) {
    return x.kind == y.kind && x.text == y.text && x.year == y.year;
  });
}

}  // namespace

TEST_CASE("a replicate that is lived for a story is the recorded one bit for bit") {
  const Batch batch = batch_with(kRough);
  const Simulation simulation(batch.points);
  for (std::uint32_t point = 0; point < batch.points.size(); ++point) {
    const LivedRun run = live_run(simulation, batch, point, 1);
    CHECK(content_hash(run.record) == content_hash(run_point(simulation, batch, point, 1)));
    CHECK(run.events_after_step.back() == event_count(run.record));
  }
}

TEST_CASE("the facts of a story are those of the stored event, for every catastrophe and kind") {
  const Batch batch = batch_with(kRough);
  const Simulation simulation(batch.points);
  std::set<EventKind> kinds;
  bool averted = false;
  for (std::uint32_t point = 0; point < batch.points.size(); ++point) {
    const LivedRun run = live_run(simulation, batch, point, 0);
    std::set<std::uint32_t> numbers;
    for (const std::uint32_t number : catastrophes_of(run.record)) {
      numbers.insert(number);
    }
    std::set<EventKind> seen;
    for (std::uint32_t i = 0; i < event_count(run.record); ++i) {
      const RecordedEvent event = event_at(run.record, i);
      if (seen.insert(event.kind).second || (event.averted() && !averted)) {
        numbers.insert(i);
        averted = averted || event.averted();
      }
    }
    kinds.merge(seen);
    for (const std::uint32_t number : numbers) {
      const Story story = tell(simulation, batch, run, number);
      CHECK(story.event.number == number);
      check_facts(story);
    }
  }
  CHECK(kinds.contains(EventKind::misuse));
  CHECK(kinds.contains(EventKind::loss_of_control));
  CHECK(kinds.contains(EventKind::diffuse));
  CHECK(averted);
}

TEST_CASE("held against its own regime an event is itself") {
  const Batch batch = batch_with(kRough);
  const Simulation simulation(batch.points);
  const LivedRun run = live_run(simulation, batch, 2, 2);
  const std::uint32_t worst = worst_event(run.record).value();
  const Story story = tell(simulation, batch, run, worst);
  const OtherStory same = tell_against(simulation, batch, run, worst, run);
  REQUIRE(same.same.has_value());
  CHECK(same.same->event.number == worst);
  CHECK(equal(same.same->sentences, story.sentences));
  const OtherStory closed =
      tell_against(simulation, batch, run, worst, live_run(simulation, batch, 0, 2));
  CHECK(closed.regime == "closed");
  CHECK(closed.compared.back().kind == "harm_by_then");
}

TEST_CASE("the worst event is the one of most harm that was done") {
  const Batch batch = batch_with(kRough);
  const LivedRun run = live_run(Simulation(batch.points), batch, 1, 0);
  const RecordedEvent worst = event_at(run.record, worst_event(run.record).value());
  CHECK(!worst.averted());
  for (std::uint32_t i = 0; i < event_count(run.record); ++i) {
    const RecordedEvent event = event_at(run.record, i);
    CHECK((event.averted() || event.severity_musd <= worst.severity_musd));
  }
}

TEST_CASE("the point under another regime shares every factor") {
  const Batch batch = batch_with(R"({"experiment": {"regimes": ["closed", "hosted"],
      "factors": {"/population/bad_actors/count": {"values": [100, 200]}}}})");
  const auto other = point_under(batch.design, 1, "hosted");
  REQUIRE(other.has_value());
  CHECK(batch.design.points[*other].values == batch.design.points[1].values);
  CHECK(!point_under(batch.design, 1, "staged-release").has_value());
}
