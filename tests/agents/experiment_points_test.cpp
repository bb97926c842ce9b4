// Points that a config lists: what they come to, and what is refused at which of their values.
#include "agents/experiment_points.hpp"

#include "tests/support/says.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// An experiment of listed points.
std::string listing(const std::string& columns, const std::string& points,
                    const std::string& more = R"("regimes": ["closed"],)") {
  return R"({"experiment": {"replicates": 1, )" + more + R"( "design": "csv", "columns": )" +
         columns + R"(, "points": )" + points + "}}";
}

constexpr const char* kColumns =
    R"(["/population/auditors/count", "/mechanisms/scrutiny/enabled"])";

}  // namespace

TEST_CASE("listed points are crossed with the regimes") {
  const Batch batch = batch_with(
      listing(kColumns, "[[3, true], [4, 0], [3, 0]]", R"("regimes": ["closed", "hosted"],)"));
  REQUIRE(batch.mistakes.empty());
  REQUIRE(batch.points.size() == 6);
  CHECK(batch.design.crossed);
  CHECK(batch.design.points[4].name == "hosted point 1");
  CHECK(batch.points[4]->population.auditors.count == 4);
  CHECK(!batch.points[4]->mechanisms.scrutiny.enabled);
  CHECK(batch.points[3]->mechanisms.scrutiny.enabled);
  CHECK(batch.design.factors[0].range.low == 3);
  CHECK(batch.design.factors[0].range.high == 4);
}

TEST_CASE("points that name their regimes are run under those and no other") {
  const Batch batch = batch_with(listing(R"(["regime", "/population/auditors/count"])",
                                         R"([["hosted", 3], ["closed", 4], ["hosted", 5]])", ""));
  REQUIRE(batch.mistakes.empty());
  REQUIRE(batch.points.size() == 3);
  CHECK(!batch.design.crossed);
  CHECK(batch.scenario.experiment.regimes == std::vector<std::string>{"hosted", "closed"});
  CHECK(batch.design.points[2].name == "hosted point 2");
  CHECK(batch.points[2]->population.auditors.count == 5);
  const auto regime_of = [&](std::size_t p) {
    return batch.points[p]->regimes[batch.points[p]->study_regime].name;
  };
  CHECK(regime_of(0) == "hosted");
  CHECK(regime_of(1) == "closed");
  // the stored config needs no list of regimes either
  const Batch again = read_batch(parse_document(batch.config_text, "stored").document);
  CHECK(again.mistakes.empty());
  CHECK(again.config_text == batch.config_text);
  CHECK(again.design.points[1].name == "closed point 1");
  CHECK(*again.point_texts[1].front() == *batch.point_texts[1].front());
}

TEST_CASE("regimes alone can be listed") {
  const Batch batch = batch_with(listing(R"(["regime"])", R"([["hosted"], ["closed"]])", ""));
  REQUIRE(batch.mistakes.empty());
  CHECK(batch.points.size() == 2);
  CHECK(batch.design.factors.empty());
}

TEST_CASE("what is wrong with columns is said at the column") {
  const auto with = [](const std::string& columns, const std::string& point) {
    return mistake_with(listing(columns, "[" + point + "]"));
  };
  CHECK(
      says(with(R"(["/population/auditors/cuont"])", "[1]"),
           R"(/experiment/columns/0: "/population/auditors/cuont" is not the pointer of a )"
           R"(parameter that can vary, nor "regime"; did you mean "/population/auditors/count"?)"));
  CHECK(
      says(with(R"(["/ai", "/ai"])", "[1, 1]"), R"(/experiment/columns/1: "/ai" names a second)"));
  CHECK(says(with(R"(["/seed"])", "[1]"), "can vary"));
  CHECK(says(mistake_with(listing("[]", "[]")),
             R"(/experiment: csv needs "points_file", or "columns" and "points")"));
  CHECK(says(mistake_with(listing(kColumns, "[]")),
             "/experiment/points: must hold at least one point"));
}

TEST_CASE("what is wrong with a value is said at the value") {
  const auto with = [](const std::string& points) {
    return mistake_with(listing(kColumns, points));
  };
  CHECK(says(with("[[1, true], [2]]"), "/experiment/points/1: has 1 values where there are 2"));
  CHECK(says(with(R"([[1, true], ["many", true]])"),
             R"(/experiment/points/1/0: expected a number, found the text "many")"));
  CHECK(says(with(R"([["", true]])"), "/experiment/points/0/0: expected a number, found nothing"));
  CHECK(says(with("[[true, true]]"), "/experiment/points/0/0: expected a number, found true"));
  CHECK(says(with("[[1, 0.5]]"), "/experiment/points/0/1: is a switch: expected true or false"));
  CHECK(says(with(R"([[1, "on"]])"), R"(found the text "on")"));
  CHECK(says(with("[[1, true], [2, true], [1, true]]"),
             "/experiment/points/2: is the same as point 0 (counted from 0)"));
  // held to the declaration, at the place of the value
  CHECK(says(with("[[1, true], [2.5, true]]"),
             "/population/auditors/count: expected a whole number, found 2.5 (at point 1)"));
  CHECK(says(with("[[-1, true]]"), "/population/auditors/count: -1 is outside 0 to"));
}

TEST_CASE("every point that makes no world is said, until there are twenty") {
  std::string points;
  for (int i = 0; i < 50; ++i) {
    points += (points.empty() ? "[" : ", [") + std::to_string(-1 - i) + ", true]";
  }
  CHECK(mistakes_with(listing(kColumns, "[" + points + "]")).size() == kMostTableMistakes);
  CHECK(mistakes_with(listing(kColumns, "[[-1, 1], [2, 1], [-3, 1]]")).size() == 2);
  std::string texts;
  for (int i = 0; i < 50; ++i) {
    texts += std::string(texts.empty() ? "" : ", ") + R"(["x", true])";
  }
  const auto mistakes = mistakes_with(listing(kColumns, "[" + texts + "]"));
  REQUIRE(mistakes.size() == kMostTableMistakes + 1);
  CHECK(says(mistakes.back(), "there are more mistakes than these"));
}

TEST_CASE("regimes that points name are looked up, at the first point that names them") {
  const auto with = [](const std::string& points, const std::string& more = "") {
    return mistake_with(listing(R"(["/population/auditors/count", "regime"])", points, more));
  };
  CHECK(says(with(R"([[1, "closed"], [2, "hostde"], [3, "hostde"]])"),
             R"(experiment/points/1/1: there is no regime "hostde"; did you mean "hosted"?)"));
  CHECK(says(with(R"([[1, "closed"], [2, 3]])"),
             "/experiment/points/1/1: expected the name of a regime, found the number 3"));
  CHECK(says(with(R"([[1, "closed"]])", R"("regimes": ["closed"],)"),
             "/experiment/regimes: has no effect"));
}

TEST_CASE("listed points have no factors and no file where none can be read") {
  CHECK(says(mistake_with(listing(R"(["/ai"])", "[[true]]",
                                  R"("regimes": ["closed"], "factors": {"/ai": {}},)")),
             "/experiment/factors: has no effect"));
  CHECK(says(mistake_with(listing(R"(["/ai"])", "[[true]]",
                                  R"("regimes": ["closed"], "points_file": "p.csv",)")),
             "/experiment/points_file: no file can be read here"));
  const auto mistakes = mistakes_with(R"({"experiment": {"points": [[1]], "points_file": "x"}})");
  REQUIRE(mistakes.size() == 2);
  CHECK(says(mistakes[0] + mistakes[1], "no effect"));
}
