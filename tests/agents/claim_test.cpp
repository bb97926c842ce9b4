// A claim and its figure: declared, so that slips are mistakes, and without effect on any world.
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

std::string with_figure(const std::string& figure) {
  return R"({"claim": {"words": "w", "source": "s", "about": "a", "figure": )" + figure +
         R"(}, "experiment": {"regimes": ["closed"], "factors": {
           "/population/auditors/count": {"values": [1, 2]}}}})";
}

}  // namespace

TEST_CASE("a claim names outcomes and a factor that exist") {
  CHECK(mistakes_with(with_figure(R"({"outcomes": ["harm_musd"],
      "x": "/population/auditors/count", "scale": {"x": "log", "y": "log"}})"))
            .empty());
  CHECK(mistake_with(with_figure(R"({"outcomes": ["harm_muds"]})")) ==
        "/claim/figure/outcomes/0: there is no outcome \"harm_muds\"; did you mean "
        "\"harm_musd\"?");
  CHECK(mistake_with(with_figure(R"({"outcomes": ["harm_musd"], "x": "/population/auditors"})")) ==
        "/claim/figure/x: \"/population/auditors\" is no factor of this experiment");
  CHECK(mistake_with(with_figure("{}")) ==
        "/claim/figure/outcomes: must name at least one outcome");
}

TEST_CASE("a claim says all of it, or is not there") {
  CHECK(mistakes_with("{}").empty());
  CHECK(mistake_with(R"({"claim": {"words": "w", "source": "s",
                       "figure": {"outcomes": ["harm_musd"]}}})") == "/claim/about: must be given");
}

TEST_CASE("a claim does not enter what decides the numbers") {
  const Batch with = batch_with(with_figure(R"({"outcomes": ["harm_musd"]})"));
  const Batch without = batch_with(R"({"experiment": {"regimes": ["closed"], "factors": {
      "/population/auditors/count": {"values": [1, 2]}}}})");
  REQUIRE(with.mistakes.empty());
  CHECK(with.model_text == without.model_text);
  REQUIRE(with.point_texts.size() == 2);
  for (std::size_t p = 0; p < 2; ++p) {
    CHECK(*with.point_texts[p][0] == *without.point_texts[p][0]);
    CHECK(*with.point_texts[p][1] == *without.point_texts[p][1]);
  }
}
