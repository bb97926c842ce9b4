// Factors and designs as a config says them: what they come to, and what is refused where.
#include "agents/experiment.hpp"

#include <cmath>
#include <map>

#include "tests/support/says.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr const char* kScale = "/mechanisms/fingers/press_scale";

/// An experiment of one regime.
std::string experiment(const std::string& members) {
  return R"({"experiment": {"regimes": ["closed"], "replicates": 2, )" + members + "}}";
}

std::string factor(const std::string& pointer, const std::string& members) {
  return R"("factors": {")" + pointer + "\": {" + members + "}}";
}

/// The levels that a factor comes to.
std::vector<double> levels(const std::string& pointer, const std::string& members) {
  const Batch batch = batch_with(experiment(factor(pointer, members)));
  std::string mistakes;
  for (const Mistake& mistake : batch.mistakes) {
    mistakes += to_text(mistake) + "\n";
  }
  INFO(mistakes);
  REQUIRE(batch.mistakes.empty());
  return batch.design.factors.at(0).values;
}

std::string mistake_of(const std::string& members) { return mistake_with(experiment(members)); }

Batch drawn(const std::string& members) {
  return batch_with(experiment(R"("design": "latin_hypercube", )" + members));
}

const Factor& factor_of(const Batch& batch, const std::string& pointer) {
  const auto& factors = batch.design.factors;
  const auto found = std::ranges::find(factors, pointer, &Factor::pointer);
  REQUIRE(found != factors.end());
  return *found;
}

}  // namespace

TEST_CASE("levels are listed, or computed at equal distances, ratios and steps") {
  CHECK(levels(kScale, R"("values": [1e-6, 1e-7])") == std::vector<double>{1e-6, 1e-7});
  CHECK(levels(kScale, R"("linspace": [0, 1], "points": 3)") == std::vector<double>{0, 0.5, 1});
  CHECK(levels(kScale, R"("log": [1e-6, 1e-4], "points": 3)") ==
        std::vector<double>{1e-6, 1e-5, 1e-4});
  CHECK(levels(kScale, R"("range": [0, 0.4, 0.2])") == std::vector<double>{0, 0.2, 0.4});
  // computed levels of whole numbers are rounded
  CHECK(levels("/population/auditors/count", R"("log": [10, 1000], "points": 4)") ==
        std::vector<double>{10, 46, 215, 1000});
}

TEST_CASE("what a factor says wrongly is said at its place") {
  const std::string at = "/experiment/factors/~1mechanisms~1fingers~1press_scale";
  CHECK(says(mistake_of(factor(kScale, R"("linspace": [0, 1])")), at + "/points: must be given"));
  CHECK(says(mistake_of(factor(kScale, R"("linspace": [0, 1, 2], "points": 3)")),
             at + "/linspace: must hold two numbers"));
  CHECK(says(mistake_of(factor(kScale, R"("log": [0, 1], "points": 3)")), "above 0"));
  CHECK(says(mistake_of(factor(kScale, R"("range": [0, 1])")), "first, last and step"));
  CHECK(says(mistake_of(factor(kScale, R"("range": [0, 1, -1])")), "step above 0"));
  CHECK(says(mistake_of(factor(kScale, R"("range": [0, 1, 1e-9])")), "over 100,000 steps"));
  CHECK(says(mistake_of(factor(kScale, R"("values": [0, 1], "log": [1, 2])")), "no effect"));
  CHECK(says(mistake_of(factor(kScale, R"("valeus": [0, 1])")), "did you mean \"values\"?"));
  CHECK(says(mistake_of(factor(kScale, "")), "needs \"values\""));
  CHECK(says(mistake_of(factor("/population/auditors/count", R"("linspace": [1, 2], "points": 4)")),
             "takes a value twice"));
  CHECK(says(mistake_of(factor("/mechanisms/fingers/pres_scale", R"("values": [0])")),
             R"(did you mean "/mechanisms/fingers/press_scale"?)"));
  CHECK(says(mistake_of(factor("/labs/rest-of-the-world/regime", R"("values": [0])")),
             "not a parameter that can vary"));
}

TEST_CASE("a mechanism can be a factor, off and on") {
  const Batch batch =
      batch_with(experiment(factor("/mechanisms/scrutiny/enabled", R"("values": [0, 1])")));
  REQUIRE(batch.points.size() == 2);
  CHECK(!batch.points[0]->mechanisms.scrutiny.enabled);
  CHECK(batch.points[1]->mechanisms.scrutiny.enabled);
  CHECK(says(mistake_of(factor("/mechanisms/scrutiny/enabled", R"("values": [0, 0.5])")),
             "is a switch"));
}

TEST_CASE("factors are taken together in a zipped design") {
  const Batch batch = batch_with(experiment(R"("design": "zipped", "factors": {
      "/population/auditors/count": {"values": [1, 2]},
      "/population/bad_actors/count": {"values": [10, 20]}})"));
  REQUIRE(batch.points.size() == 2);
  CHECK(batch.points[1]->population.auditors.count == 2);
  CHECK(batch.points[1]->population.bad_actors.count == 20);
  CHECK(says(mistake_of(R"("design": "zipped", "factors": {
      "/population/auditors/count": {"values": [1, 2]},
      "/population/bad_actors/count": {"values": [10]}})"),
             "as many values"));
}

TEST_CASE("a drawn factor takes its range from the config, or from the belief") {
  const Batch batch = drawn(R"("draws": 30, "factors": {
      "/mechanisms/fingers/press_scale": {},
      "/mechanisms/fingers/stop": {},
      "/population/auditors/count": {"low": 10, "high": 20},
      "/mechanisms/flaws/deep_share": {"low": 0.1, "high": 0.2, "scale": "log"}})");
  REQUIRE(batch.mistakes.empty());
  REQUIRE(batch.points.size() == 30);
  const Factor& scale = factor_of(batch, kScale);
  CHECK(scale.range.low == 1e-8);
  CHECK(scale.range.high == 1e-4);
  CHECK(scale.scale == Scale::log);  // four orders of magnitude
  CHECK(factor_of(batch, "/mechanisms/fingers/stop").scale == Scale::linear);
  CHECK(factor_of(batch, "/mechanisms/flaws/deep_share").scale == Scale::log);
  for (std::size_t p = 0; p < batch.points.size(); ++p) {
    const Scenario& point = *batch.points[p];
    CHECK((point.population.auditors.count >= 10 && point.population.auditors.count <= 20));
    CHECK((point.mechanisms.flaws.deep_share >= 0.1 && point.mechanisms.flaws.deep_share <= 0.2));
    CHECK(point.mechanisms.fingers.press_scale == batch.design.points[p].values[0]);
  }
}

TEST_CASE("switches and whole numbers are drawn in every design, evenly but in a Latin hypercube") {
  for (const char* const kind :
       {R"("design": "latin_hypercube", "draws": 64)", R"("design": "sobol", "draws": 64)",
        R"("design": "saltelli", "draws": 16)", R"("design": "morris", "trajectories": 16)"}) {
    INFO(kind);
    const Batch batch = batch_with(experiment(std::string(kind) + R"(, "factors": {
        "/mechanisms/scrutiny/enabled": {}, "/mechanisms/misuse/tries": {"low": 1, "high": 4}})"));
    REQUIRE(batch.mistakes.empty());
    const bool rounds = batch.design.kind == DesignKind::latin_hypercube;
    CHECK(factor_of(batch, "/mechanisms/misuse/tries").wholes ==
          (rounds ? Wholes::rounded : Wholes::even));
    CHECK(factor_of(batch, "/mechanisms/scrutiny/enabled").wholes == Wholes::even);
    std::map<bool, std::size_t> on;
    std::map<std::uint64_t, std::size_t> tries;
    for (std::size_t p = 0; p < batch.points.size(); ++p) {
      ++on[batch.points[p]->mechanisms.scrutiny.enabled];
      ++tries[batch.points[p]->mechanisms.misuse.tries];
      CHECK(batch.design.points[p].values[0] ==  // factors are sorted by pointer
            static_cast<double>(batch.points[p]->mechanisms.misuse.tries));
    }
    CHECK(on.size() == 2);
    CHECK(tries.size() == 4);
    if (batch.design.kind == DesignKind::sobol) {
      CHECK(on[true] == 32);
      CHECK(tries[1] == 16);
      CHECK(tries[4] == 16);
    }
  }
}

TEST_CASE("a dummy factor varies, is the last, and changes no world") {
  const std::string members = R"("design": "sobol", "draws": 8,
      "factors": {"/mechanisms/fingers/stop": {}})";
  const Batch plain = batch_with(experiment(members));
  const Batch with_dummy = batch_with(experiment(R"("dummy": true, )" + members));
  REQUIRE(with_dummy.mistakes.empty());
  REQUIRE(with_dummy.design.factors.size() == 2);
  const Factor& dummy = with_dummy.design.factors.back();
  CHECK(dummy.pointer == "dummy");
  CHECK(dummy.unit == "1");
  std::map<double, int> values;
  for (std::size_t p = 0; p < 8; ++p) {
    CHECK(with_dummy.design.points[p].values[0] == plain.design.points[p].values[0]);
    CHECK(*with_dummy.point_texts[p].back() == *plain.point_texts[p].back());
    ++values[with_dummy.design.points[p].values[1]];
  }
  CHECK(values.size() == 8);
  CHECK(says(mistake_of(R"("dummy": true)"), "no effect"));
}

TEST_CASE("draws are the same for the same design seed, and under every regime") {
  const std::string members = R"("draws": 8, "factors": {"/mechanisms/fingers/stop": {}})";
  const auto values = [&](const std::string& seeds) {
    const Batch batch = batch_with(
        R"({"seeds": {)" + seeds +
        R"(}, "experiment": {"regimes": ["hosted", "closed"], "design": "latin_hypercube", )" +
        members + "}}");
    REQUIRE(batch.points.size() == 16);
    std::vector<double> drawn_values;
    for (std::size_t p = 0; p < 16; ++p) {
      CHECK(batch.design.points[p].values == batch.design.points[p % 8].values);
      drawn_values.push_back(batch.points[p]->mechanisms.fingers.stop);
    }
    return drawn_values;
  };
  CHECK(values(R"("dynamics": 3)") == values(R"("dynamics": 4)"));
  CHECK(values(R"("design": 3)") != values(R"("design": 4)"));
}

TEST_CASE("all beliefs are drawn, but for those left out") {
  const Batch batch = drawn(R"("draws": 40, "beliefs": "all", "except": ["/mechanisms/fingers/stop",
      "/mechanisms/misuse"], "factors": {"/mechanisms/flaws/unwarned_share": {"low": 0, "high": 0.1}})");
  std::string mistakes;
  for (const Mistake& mistake : batch.mistakes) {
    mistakes += to_text(mistake) + "\n";
  }
  INFO(mistakes);
  REQUIRE(batch.mistakes.empty());
  std::map<std::string, const Factor*> drawn_factors;
  for (const Factor& each : batch.design.factors) {
    CHECK(drawn_factors.emplace(each.pointer, &each).second);  // each once
  }
  CHECK(drawn_factors.size() > 80);
  CHECK(drawn_factors.at("/mechanisms/flaws/unwarned_share")->range.high == 0.1);
  CHECK(drawn_factors.contains("/domains/bio/share"));
  CHECK(drawn_factors.at("/labs/frontier/count")->range.low == 4);  // labs of initial models
  CHECK(!drawn_factors.contains("/mechanisms/fingers/stop"));
  for (const ParameterReader::Resolved& parameter : batch.parameters) {
    const bool drawn_too = drawn_factors.contains(parameter.pointer);
    INFO(parameter.pointer);
    CHECK((!drawn_too || parameter.declaration.source == kAssume));
    CHECK((!drawn_too || !parameter.pointer.starts_with("/regimes")));
    CHECK((!drawn_too || !parameter.pointer.starts_with("/mechanisms/misuse/")));
  }
}

TEST_CASE("every draw of all beliefs makes a world, under every regime") {
  std::string regimes;
  for (const std::string& name : builtin_regime_names()) {
    regimes += (regimes.empty() ? "\"" : ", \"") + name + "\"";
  }
  const Batch batch = batch_with(R"({"experiment": {"design": "latin_hypercube", "draws": 100,
      "beliefs": "all", "replicates": 1, "regimes": [)" +
                                     regimes + "]}}",
                                 R"({"base": "baseline"})");
  for (const Mistake& mistake : batch.mistakes) {
    UNSCOPED_INFO(to_text(mistake));
  }
  CHECK(batch.mistakes.empty());
  CHECK(batch.points.size() == 100 * builtin_regime_names().size());
}

TEST_CASE("what only a Latin hypercube has is refused elsewhere, and what it needs is asked for") {
  CHECK(says(mistake_of(R"("draws": 5)"), "no effect"));
  CHECK(says(mistake_of(R"("design": "latin")"), "unknown word"));
  CHECK(says(mistake_of(R"("design": "latin_hypercube", "draws": 5)"), "at least one factor"));
  CHECK(says(mistake_of(R"("design": "latin_hypercube", "factors": {"/ai": {}})"), "draws"));
  CHECK(says(mistake_of(R"("design": "latin_hypercube", "draws": 5, )" +
                        factor(kScale, R"("values": [1])")),
             "draws from a range"));
  CHECK(says(mistake_of(R"("design": "latin_hypercube", "draws": 5, "except": ["/x"], )" +
                        factor(kScale, "")),
             "no effect"));
  CHECK(says(mistake_of(R"("design": "latin_hypercube", "draws": 5, "beliefs": "all",
                           "except": ["/mechanisms/fingers/stopp"])"),
             R"(did you mean "/mechanisms/fingers/stop"?)"));
}

TEST_CASE("each drawn design asks for what it needs, and refuses what it has not") {
  const auto with = [](const std::string& members) {
    return mistake_of(members + ", " + factor(kScale, ""));
  };
  CHECK(says(with(R"("design": "sobol", "draws": 1000)"),
             "/experiment/draws: must be a power of two, or the sequence loses its evenness: "
             "512 or 1024"));
  CHECK(says(with(R"("design": "sobol", "draws": 131071)"), ": 65536 or 131072"));
  CHECK(says(with(R"("design": "saltelli", "draws": 100)"), "64 or 128"));
  CHECK(says(with(R"("design": "saltelli")"), "/experiment/draws: must be given"));
  CHECK(says(with(R"("design": "sobol", "draws": 4, "second_order": true)"), "no effect"));
  CHECK(says(with(R"("design": "saltelli", "draws": 4, "scramble": false)"), "no effect"));
  CHECK(says(with(R"("design": "morris")"), "/experiment/trajectories: must be given"));
  CHECK(says(with(R"("design": "morris", "trajectories": 4, "levels": 5)"),
             "/experiment/levels: must be even, so that half of them lie above: 4 or 6"));
  CHECK(says(with(R"("design": "morris", "trajectories": 4, "draws": 4)"), "no effect"));
  CHECK(says(mistake_of(R"("design": "morris", "trajectories": 4)"), "at least one factor"));
  CHECK(says(mistake_of(R"("random_numbers": "comon")"), "did you mean \"common\"?"));
}

TEST_CASE("a design that is too large says what it comes to") {
  CHECK(says(mistake_of(R"("design": "saltelli", "draws": 65536, )" + factor(kScale, "")),
             "/experiment/draws: comes to 196608 combinations of values (65536 base rows × 3 "
             "blocks); at most 131072 fit into memory"));
  CHECK(says(mistake_of(R"("design": "morris", "trajectories": 100000, )" + factor(kScale, "")),
             "(100000 trajectories × 2 points)"));
  CHECK(says(mistake_of(R"("design": "saltelli", "draws": 65536, "second_order": true, )" +
                        factor(kScale, "")),
             "× 4 blocks"));
  CHECK(says(mistake_of(R"("factors": {
      "/mechanisms/fingers/stop": {"linspace": [0, 1], "points": 1000},
      "/mechanisms/fingers/alpha": {"linspace": [0.5, 1], "points": 1000}})"),
             "/experiment/factors: comes to 1000000 combinations of values; at most"));
  const auto mistakes = mistakes_with(R"({"experiment": {
      "regimes": ["closed", "hosted", "hosted-monitored", "structured-access",
                  "open-weights-permissive"],
      "design": "sobol", "draws": 131072, )" +
                                      factor(kScale, "") + "}}");
  REQUIRE(mistakes.size() == 1);
  CHECK(says(mistakes.front(),
             "/experiment/draws: comes to 655360 points (131072 combinations × "
             "5 regimes); at most 524288"));
}

TEST_CASE("the resolved config of every design gives the same design, text and identities") {
  const std::string factors = R"("factors": {"/mechanisms/fingers/press_scale": {},
      "/mechanisms/scrutiny/enabled": {}, "/mechanisms/misuse/tries": {"low": 1, "high": 4}})";
  const std::vector<std::string> experiments = {
      R"("factors": {"/mechanisms/fingers/stop": {"linspace": [0, 1], "points": 3}})",
      R"("design": "zipped", "factors": {"/mechanisms/fingers/stop": {"range": [0, 1, 0.1]}})",
      R"("design": "latin_hypercube", "draws": 6, "dummy": true, )" + factors,
      R"("design": "sobol", "draws": 8, "scramble": false, )" + factors,
      R"("design": "sobol", "draws": 8, "random_numbers": "independent", )" + factors,
      R"("design": "saltelli", "draws": 4, "second_order": true, "dummy": true, )" + factors,
      R"("design": "morris", "trajectories": 3, "levels": 6, )" + factors,
      R"("design": "morris", "trajectories": 2, "beliefs": "all", "except": ["/mechanisms"])",
      R"("design": "csv", "columns": ["/ai", "/mechanisms/fingers/stop"],
         "points": [[true, 0.1], [0, 0.30000000000000004]])"};
  for (const std::string& members : experiments) {
    for (const char* const seeds : {R"("seed": 77)", R"("seed": 77, "seeds": {"design": 5})"}) {
      INFO(members);
      const Batch batch = batch_with(std::string("{") + seeds + R"(, "experiment": {"regimes":
          ["closed", "hosted"], "replicates": 2, )" +
                                     members + "}}");
      REQUIRE(batch.mistakes.empty());
      const Loaded stored = parse_document(batch.config_text, "stored");
      REQUIRE(stored.mistakes.empty());
      const Batch again = read_batch(stored.document);
      REQUIRE(again.mistakes.empty());
      CHECK(again.config_text == batch.config_text);
      CHECK(again.model_text == batch.model_text);
      CHECK(again.scenario.seeds.design == batch.scenario.seeds.design);
      CHECK(again.design.random_numbers == batch.design.random_numbers);
      REQUIRE(again.points.size() == batch.points.size());
      for (std::size_t p = 0; p < batch.points.size(); ++p) {
        const DesignPoint& point = batch.design.points[p];
        CHECK(again.design.points[p].name == point.name);
        CHECK(again.design.points[p].values == point.values);
        CHECK(again.design.points[p].block.name == point.block.name);
        CHECK(*again.point_texts[p].front() == *batch.point_texts[p].front());
        CHECK(*again.point_texts[p].back() == *batch.point_texts[p].back());
      }
    }
  }
}

TEST_CASE("a range that cannot be drawn from is refused") {
  const auto range = [](const std::string& pointer, const std::string& members) {
    return mistake_of(R"("design": "latin_hypercube", "draws": 5, )" + factor(pointer, members));
  };
  CHECK(says(range(kScale, R"("low": 1e-4, "high": 1e-6)"), "below"));
  CHECK(says(range(kScale, R"("low": 1e-4, "high": 2)"), "beyond what is allowed"));
  CHECK(says(range(kScale, R"("low": 0, "high": 1, "scale": "log")"), "above 0"));
  CHECK(says(range("/labs/frontier/lag_months", ""), "no range of belief"));
  CHECK(says(range("/ai", R"("low": 0, "high": 1)"), "is a switch, which is drawn off and on"));
  CHECK(says(range("/population/auditors/count", R"("low": 3.2, "high": 3.8)"),
             "there is no whole number"));
}

TEST_CASE("a draw that makes no world is refused before anything runs, with its number") {
  const auto mistakes = mistakes_with(experiment(R"("design": "latin_hypercube", "draws": 20,
      "factors": {"/mechanisms/flaws/virulence_low": {"low": 1e-3, "high": 1},
                  "/mechanisms/flaws/virulence_high": {"low": 1e-3, "high": 1}})"));
  REQUIRE(!mistakes.empty());
  CHECK(
      says(mistakes.front(), "/mechanisms/flaws/virulence_low: is over virulence_high (at draw "));
}
