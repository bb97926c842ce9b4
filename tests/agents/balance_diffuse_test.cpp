// Neither side wins by construction: inside the declared ranges of belief the diffuse harm of open
// weights is less than that of a service in one setting and more in another, and each of what the
// design names (disclosure, pooling of reports, manipulation by hosts) turns the sign alone.
//
// Measure: log10(1 M$ + diffuse harm of ten years), per replicate open weights minus a hosted
// service; both share all draws that they make. Bound: the mean over replicates lies more than
// four standard errors on its side of zero (chance of a false pass: 3e-5).
#include <cmath>

#include "agents/simulation.hpp"
#include "tests/support/balance.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr std::uint32_t kDiffuseReplicates = 20;

/// Few people, and nothing that harms at once.
constexpr std::string_view kQuietPeople = R"({
  "schema_version": 1, "base": "baseline", "seed": 20240726,
  "experiment": {"regimes": ["open-weights-permissive", "hosted"]},
  "mechanisms": {"fingers": {"enabled": false}, "misuse": {"enabled": false},
                 "leaks": {"enabled": false}, "states": {"enabled": false}},
  "population": {"developers": {"count": 2000, "weight": 20}, "auditors": {"count": 300},
                 "bad_actors": {"count": 500}, "defenders": {"count": 20}}})";

std::string diffuse(const std::string& text, const std::string& more = "") {
  return R"({"mechanisms": {"diffuse": {)" + text + "}" + more + "}}";
}

MeanEstimate open_minus_hosted(const std::string& changes) {
  const Batch batch = batch_with(changes, kQuietPeople);
  REQUIRE(batch.mistakes.empty());
  const Simulation simulation(batch.points);
  std::vector<double> difference;
  for (const char* const touched :
       {"/mechanisms/diffuse", "/mechanisms/access", "/mechanisms/patches"}) {
    CHECK(unbelieved(batch, touched).empty());
  }
  for (std::uint32_t replicate = 0; replicate < kDiffuseReplicates; ++replicate) {
    double d = 0;
    for (std::uint32_t point = 0; point < 2; ++point) {
      const RunRecord run = run_world(simulation, batch.scenario.seeds, point, replicate);
      const double harm = outcome_of(*batch.points[point], run, "harm_diffuse_musd");
      d += (point == 0 ? 1 : -1) * std::log10(1 + harm);
    }
    difference.push_back(d);
  }
  return mean_of(difference);
}

void check_less(const std::string& changes) {
  const MeanEstimate d = open_minus_hosted(changes);
  CAPTURE(changes, d.value, d.standard_error);
  CHECK(is_below_zero(d));
}

void check_more(const std::string& changes) {
  const MeanEstimate d = open_minus_hosted(changes);
  CAPTURE(changes, d.value, d.standard_error);
  CHECK(is_above_zero(d));
}

}  // namespace

TEST_CASE("open weights can do less diffuse harm than a service", "[slow]") {
  check_less(
      diffuse(R"("disclosure": 0.05, "pooling": 1, "manipulation": 2, "layer_penalty": 0,
                        "attribution": {"hosted": 0.05, "weights": 0.6, "source": 0.8})",
              R"(, "access": {"third_party_host": 0.2}, "patches": {"never_update": 0.02})"));
}

TEST_CASE("open weights can do more diffuse harm than a service", "[slow]") {
  check_more(diffuse(R"("disclosure": 1, "pooling": 0, "manipulation": 0, "layer_penalty": 2,
                        "attribution": {"hosted": 0.8, "weights": 0.02, "source": 0.05})",
                     R"(, "access": {"third_party_host": 0.2}, "patches": {"never_update": 0.4})"));
}

TEST_CASE("pooled reports, disclosure or manipulation alone turn the sign", "[slow]") {
  check_less(diffuse(R"("disclosure": 0.05, "pooling": 0, "manipulation": 0)"));
  check_more(diffuse(R"("disclosure": 0.05, "pooling": 1, "manipulation": 0)"));
  check_more(diffuse(R"("disclosure": 1, "pooling": 0, "manipulation": 0)"));
  check_less(diffuse(R"("disclosure": 1, "pooling": 0, "manipulation": 2)"));
}
