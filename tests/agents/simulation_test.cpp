// The model as the engine runs it: the same input gives the same bits, regimes share what both
// draw, and a config is read whole or not at all.
#include "agents/simulation.hpp"

#include <cmath>
#include <map>

#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr const char* kThree =
    R"({"experiment": {"replicates": 3, "regimes": ["closed", "open-weights-permissive",
        "adaptive-ratchet"]}})";

std::map<std::string, std::uint64_t> hashes_of(const Batch& batch, std::uint32_t replicate) {
  REQUIRE(batch.mistakes.empty());
  const Simulation simulation(batch.points);
  std::map<std::string, std::uint64_t> hashes;
  for (std::uint32_t point = 0; point < batch.points.size(); ++point) {
    hashes[batch.design.points[point].name] =
        content_hash(run_world(simulation, batch.scenario.seeds, point, replicate));
  }
  return hashes;
}

/// Where two worlds hold the same people.
bool same_people(const World& a, const World& b) {
  return a.developers->mean_acts == b.developers->mean_acts &&
         a.developers->recklessness == b.developers->recklessness &&
         a.developers->diligence == b.developers->diligence &&
         a.developers->budget_usd == b.developers->budget_usd &&
         a.developers->granted == b.developers->granted &&
         a.developers->third_party == b.developers->third_party &&
         a.auditors.skill == b.auditors.skill &&
         a.bad_actors.mean_attempts == b.bad_actors.mean_attempts &&
         a.bad_actors.skill == b.bad_actors.skill && a.bad_actors.domain == b.bad_actors.domain &&
         a.labs.phase_months == b.labs.phase_months;
}

}  // namespace

TEST_CASE("the same replicate gives the same bits twice, another one other bits") {
  const Batch batch = batch_with(kThree);
  CHECK(hashes_of(batch, 1) == hashes_of(batch_with(kThree), 1));
  CHECK(hashes_of(batch, 1) != hashes_of(batch, 2));
}

TEST_CASE("a replicate alone is the replicate within its batch") {
  const Batch batch = batch_with(kThree);
  const Simulation simulation(batch.points);
  for (std::uint32_t replicate = 0; replicate < 2; ++replicate) {  // 2 comes after 0 and 1
    static_cast<void>(run_world(simulation, batch.scenario.seeds, 1, replicate));
  }
  const auto within = content_hash(run_world(simulation, batch.scenario.seeds, 1, 2));
  const auto alone = scenario_with("{}", "open-weights-permissive");
  CHECK(content_hash(run_of(alone, 2)) == within);
}

TEST_CASE("adding a regime to an experiment, or a factor's value, changes nothing in the others") {
  const auto two =
      hashes_of(batch_with(R"({"experiment": {"regimes": ["closed", "staged-release"]}})"), 0);
  const auto many = hashes_of(batch_with(R"({"regimes": {"a-first": {"policies": []}},
      "experiment": {"regimes": ["a-first", "hosted", "staged-release", "closed"]}})"),
                              0);
  CHECK(many.at("closed") == two.at("closed"));
  CHECK(many.at("staged-release") == two.at("staged-release"));
  const auto factor = [](const std::string& values) {
    return hashes_of(batch_with(R"({"experiment": {"regimes": ["closed"], "factors": {
        "/population/bad_actors/count": {"values": [)" +
                                values + "]}}}}"),
                     0);
  };
  CHECK(factor("100, 200, 300").at("closed /population/bad_actors/count=200") == two.at("closed"));
  CHECK(factor("100, 200").at("closed /population/bad_actors/count=100") != two.at("closed"));
}

TEST_CASE("the people are the same under every regime") {
  const World closed = world_with("{}", "closed");
  for (const std::string& regime : builtin_regime_names()) {
    INFO(regime);
    CHECK(same_people(closed, world_with("{}", regime)));
  }
}

TEST_CASE("before anything differs two regimes are the same world") {
  // Until the first model of the regime's own comes out, all that differs is what is not used yet.
  World open = world_with("{}", "open-weights-permissive");
  World source = world_with("{}", "full-source");
  std::uint32_t same = 0;
  while (open.models.count() == 5 && same < 36) {
    live(open, 1);
    live(source, 1);
    same += open.models.count() == 5 ? 1 : 0;
    if (open.models.count() == 5) {
      CHECK(open.events.time == source.events.time);
      CHECK(open.events.severity_musd == source.events.severity_musd);
      CHECK(series_of(open, "actions") == series_of(source, "actions"));
    }
  }
  live(open, 2);
  live(source, 2);
  CHECK(open.models.form != source.models.form);
}

TEST_CASE("regimes share the draws that both make: luck, flaws, thresholds") {
  const World hosted = lived("{}", "hosted", 24);
  const World source = lived("{}", "full-source", 24);
  REQUIRE(hosted.models.identity == source.models.identity);
  CHECK(hosted.models.leak_threshold == source.models.leak_threshold);
  CHECK(hosted.models.strippable == source.models.strippable);
  // Flaws of the same birth have the same virulence; who inherits them differs with what was found.
  std::map<std::uint64_t, double> born;
  for (std::uint32_t i = 0; i < hosted.flaw_tables.flaws.count(); ++i) {
    born[hosted.flaw_tables.flaws.identity[i]] = hosted.flaw_tables.flaws.deep[i];
  }
  CHECK(hosted.flaw_tables.flaws.count() == source.flaw_tables.flaws.count());
  for (std::uint32_t i = 0; i < source.flaw_tables.flaws.count(); ++i) {
    REQUIRE(born.count(source.flaw_tables.flaws.identity[i]) == 1);
    CHECK(born[source.flaw_tables.flaws.identity[i]] == source.flaw_tables.flaws.deep[i]);
  }
}

TEST_CASE("without AI all regimes are the same world, bit for bit") {
  std::vector<std::uint64_t> hashes;
  for (const std::string& regime : builtin_regime_names()) {
    const RunRecord record = run_of(scenario_with(R"({"ai": false})", regime), 1);
    hashes.push_back(content_hash(record));
    CHECK(!std::get<std::vector<double>>(record.tables[0][0]).empty());
  }
  CHECK(std::ranges::count(hashes, hashes.front()) == static_cast<std::ptrdiff_t>(hashes.size()));
}

TEST_CASE("a record has the shape that the schema declares, months after an end being no numbers") {
  const std::string ending = R"({"mechanisms": {"fingers": {"critical_oom": 20, "press_scale": 0.01,
      "x_min_musd": 1e6}}})";
  for (const std::string& changes : {std::string("{}"), ending}) {
    const auto scenario = scenario_with(changes, "open-weights-permissive");
    const Simulation simulation({scenario});
    const RunRecord record = run_of(scenario, 0);
    check_record(simulation.schema(), record, 36);
    const bool ended = !std::isnan(outcome_of(*scenario, record, "ended_year"));
    CHECK(ended == (changes != "{}"));
    CHECK(std::isnan(record.series[35]) == ended);
  }
}

TEST_CASE("the schema is the same for all regimes of a config") {
  const Batch batch = batch_with(kThree);
  for (const auto& point : batch.points) {
    CHECK(schema_text(record_schema(*point)) == schema_text(record_schema(*batch.points[0])));
  }
}
