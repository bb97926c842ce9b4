// The identity of a replicate's world: what enters it, and what does not.
#include "agents/model_text.hpp"

#include <string>

#include "agents/simulation.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

Batch batch_of(const std::string& text) {
  return read_batch(parse_document(text, "test.json").document);
}

/// What decides the numbers of a point.
std::string text_of_point(const Batch& batch, std::size_t point) {
  REQUIRE(batch.mistakes.empty());
  std::string text;
  for (const auto& part : batch.point_texts.at(point)) {
    text += *part;
  }
  return text;
}

/// A config of two regimes, with something added.
std::string config_with(const std::string& members, const std::string& regimes) {
  return R"({"domains": {"fraud": {}}, )" + members + R"("experiment": {"regimes": [)" + regimes +
         R"(], "replicates": 3}})";
}

}  // namespace

TEST_CASE("the experiment around a world does not enter its identity") {
  const Batch one = batch_of(config_with("", R"("closed")"));
  const Batch two = batch_of(config_with("", R"("full-source", "closed")"));
  REQUIRE(one.mistakes.empty());
  REQUIRE(two.mistakes.empty());
  CHECK(text_of_point(one, 0) == text_of_point(two, 1));
  CHECK(text_of_point(one, 0) != text_of_point(two, 0));
}

TEST_CASE("titles, notes and seeds do not enter an identity, parameters do") {
  const std::string plain = text_of_point(batch_of(config_with("", R"("closed")")), 0);
  const auto text_with = [](const std::string& members) {
    return text_of_point(batch_of(config_with(members, R"("closed")")), 0);
  };
  CHECK(plain == text_with(R"("title": "x", "note": "y", "seed": 7, )"));
  CHECK(plain != text_with(R"("time": {"years": 9}, )"));
}

TEST_CASE("models that are recorded are part of a run's identity, not to record them is nothing") {
  const auto text_with = [](const std::string& members) {
    return text_of_point(batch_of(config_with(members, R"("closed")")), 0);
  };
  CHECK(text_with("") != text_with(R"("output": {"models": true}, )"));
  CHECK(text_with("") == text_with(R"("output": {"models": false}, )"));
}

TEST_CASE("what is recorded cannot vary over a design") {
  const Batch batch = batch_of(
      R"({"domains": {"fraud": {}}, "output": {"models": true}, "experiment": {"regimes": ["closed"],
          "factors": {"/output/models": {"values": [0, 1]}}}})");
  REQUIRE(batch.mistakes.size() == 1);
  CHECK(batch.mistakes[0].pointer == "/experiment/factors/~1output~1models");
}

TEST_CASE("a regime that a switch leads to enters the identity") {
  const std::string text = text_of_point(batch_of(config_with("", R"("adaptive-ratchet")")), 0);
  CHECK(text.find("/regimes/adaptive-ratchet-tightened/") != std::string::npos);
  CHECK(text.find("/regimes/hosted-monitored/") != std::string::npos);
  CHECK(text.find("/regimes/closed/") == std::string::npos);
}

TEST_CASE("a design of more than a hundred thousand points is refused") {
  std::string values;
  for (int i = 0; i < 400; ++i) {
    values += (i == 0 ? "" : ",") + std::to_string(i + 1);
  }
  const Batch batch =
      batch_of(R"({"domains": {"fraud": {}}, "experiment": {"regimes": ["closed"], "factors": {)"
               R"("/population/auditors/count": {"values": [)" +
               values +
               R"(]},)"
               R"("/population/developers/count": {"values": [)" +
               values + "]}}}}");
  REQUIRE(batch.mistakes.size() == 1);
  CHECK(batch.mistakes[0].pointer == "/experiment/factors");
}
