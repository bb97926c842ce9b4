// Precision as the request: what a config asks for, what is refused where, and what the rule gets.
#include "agents/until.hpp"

#include "agents/outcomes.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// An experiment of three regimes, with these members besides.
std::string open_and_closed(const std::string& members) {
  return R"({"experiment": {"regimes": ["closed", "hosted", "open-weights-permissive"], )" +
         members + "}}";
}

std::string until(const std::string& members) {
  return open_and_closed("\"until\": {" + members + "}");
}

constexpr const char* kPrecision =
    R"("outcome": "first_catastrophe_year", "half_width": 0.02, "maximum": 4000)";

}  // namespace

TEST_CASE("a precision is asked for instead of replicates") {
  const Batch batch = batch_with(until(kPrecision));
  REQUIRE(batch.mistakes.empty());
  CHECK(batch.design.replicates == 4000);
  const PrecisionTarget target = precision_target(batch.scenario);
  CHECK(target.outcome == "first_catastrophe_year");
  CHECK(outcome_columns(batch.scenario).at(target.outcome_index).name == target.outcome);
  CHECK(target.event);
  CHECK_FALSE(target.contrast);
  CHECK(target.half_width == 0.02);
  CHECK(target.confidence == 0.95);
  CHECK(target.minimum == 200);
  CHECK(target.maximum == 4000);
}

TEST_CASE("a contrast is of two regimes, by their numbers in the design") {
  const Batch batch = batch_with(until(
      R"("outcome": "harm_musd", "contrast": ["open-weights-permissive", "closed"],
         "half_width": 1e4, "confidence": 0.9, "minimum": 50, "maximum": 500)"));
  REQUIRE(batch.mistakes.empty());
  const PrecisionTarget target = precision_target(batch.scenario);
  CHECK(target.contrast);
  CHECK(target.first == 2);
  CHECK(target.second == 0);
  CHECK(batch.design.points.at(target.first * batch.design.n_combinations()).setting ==
        "open-weights-permissive");
  CHECK_FALSE(target.event);
  CHECK(target.confidence == 0.9);
  CHECK(target.minimum == 50);
}

TEST_CASE("null is no contrast, and no precision") {
  CHECK_FALSE(precision_target(
                  batch_with(until(std::string(kPrecision) + R"(, "contrast": null)")).scenario)
                  .contrast);
  const Batch batch = batch_with(open_and_closed(R"("until": null, "replicates": 7)"));
  REQUIRE(batch.mistakes.empty());
  CHECK_FALSE(batch.scenario.experiment.until.asked);
  CHECK(batch.design.replicates == 7);
}

TEST_CASE("replicates and a precision exclude each other") {
  CHECK(
      mistake_with(
          open_and_closed("\"replicates\": 100, \"until\": {" + std::string(kPrecision) + "}")) ==
      "/experiment/replicates: the number follows from \"until\": give one of the two (null takes "
      "away what a base says)");
}

TEST_CASE("what a precision says wrongly is said at its place") {
  CHECK(mistake_with(until(R"("half_width": 0.02, "maximum": 400)")) ==
        "/experiment/until/outcome: must be given");
  CHECK(mistake_with(until(R"("outcome": "harm_musd", "half_width": 1)")) ==
        "/experiment/until/maximum: must be given");
  CHECK(mistake_with(until(R"("outcome": "harm_muds", "half_width": 1, "maximum": 400)")) ==
        "/experiment/until/outcome: there is no outcome \"harm_muds\"; did you mean "
        "\"harm_musd\"?");
  CHECK(mistake_with(until(R"("outcome": "harm_musd", "half_width": 1, "maximum": 100)")) ==
        "/experiment/until/maximum: is below the minimum, 200");
  CHECK(mistake_with(until(R"("outcome": "harm_musd", "half_width": 0, "maximum": 400)"))
            .starts_with("/experiment/until/half_width: 0 is below"));
  CHECK(mistake_with(until(std::string(kPrecision) + R"(, "contrast": ["closed"])")) ==
        "/experiment/until/contrast: must name two regimes, or be null");
  CHECK(mistake_with(until(std::string(kPrecision) + R"(, "contrast": ["closed", "hostd"])")) ==
        "/experiment/until/contrast/1: \"hostd\" is no regime of this experiment; did you mean "
        "\"hosted\"?");
  CHECK(mistake_with(until(std::string(kPrecision) + R"(, "contrast": ["closed", "closed"])")) ==
        "/experiment/until/contrast/1: is the same regime as the first");
  CHECK(mistake_with(until(std::string(kPrecision) + R"(, "halfwidth": 1)"))
            .starts_with("/experiment/until/halfwidth: unknown key; did you mean \"half_width\"?"));
}

TEST_CASE("years are not asked for of what may never come") {
  CHECK(mistake_with(until(R"("outcome": "ended_year", "half_width": 0.5, "maximum": 400)")) ==
        "/experiment/until/half_width: must be below 0.5: of \"ended_year\" the probability is "
        "estimated that it comes at all");
}

TEST_CASE("the resolved config holds the precision, and can be read again") {
  const Batch batch = batch_with(until(kPrecision));
  const Loaded again = parse_document(batch.config_text, "resolved.json");
  REQUIRE(again.mistakes.empty());
  CHECK(again.document.text_at("/experiment/until/minimum") == "200");
  CHECK_FALSE(again.document.text_at("/experiment/replicates").has_value());
  const Batch read = read_batch(again.document);
  CHECK(read.mistakes.empty());
  CHECK(read.config_text == batch.config_text);
}

TEST_CASE("a precision does not enter what decides the numbers") {
  const Batch with = batch_with(until(kPrecision));
  const Batch without = batch_with(open_and_closed("\"replicates\": 4000"));
  CHECK(with.model_text == without.model_text);
  CHECK(*with.point_texts.at(0)[0] == *without.point_texts.at(0)[0]);
  CHECK(*with.point_texts.at(0)[1] == *without.point_texts.at(0)[1]);
}
