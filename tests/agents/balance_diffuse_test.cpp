// Neither side wins by construction: inside the declared ranges of belief the diffuse harm of open
// weights is less than that of a service in one setting and more in another, and each of what the
// design names (disclosure, pooling of reports, manipulation by hosts) turns the sign alone.
//
// Measure: log10(1 M$ + diffuse harm of ten years), per replicate open weights minus a hosted
// service; both share all draws that they make. Bound: the mean over replicates lies more than
// four standard errors on its side of zero (chance of a false pass: 3e-5).
#include <cmath>
#include <cstdlib>

#include "agents/simulation.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr std::uint32_t kReplicates = 20;

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

struct Difference {
  double mean = 0;
  double standard_error = 0;
  bool believed = true;
};

bool is_believed(const Batch& batch) {
  for (const std::string pointer :
       {"/mechanisms/diffuse", "/mechanisms/access", "/mechanisms/patches"}) {
    for (const ParameterReader::Resolved& parameter : batch.parameters) {
      const Range& belief = parameter.declaration.belief;
      const double value = std::strtod(parameter.value_text.c_str(), nullptr);
      if (parameter.pointer.starts_with(pointer) && (value < belief.low || value > belief.high)) {
        return false;
      }
    }
  }
  return true;
}

Difference open_minus_hosted(const std::string& changes) {
  const Batch batch = batch_with(changes, kQuietPeople);
  REQUIRE(batch.mistakes.empty());
  const Simulation simulation(batch.points);
  std::vector<double> difference;
  Difference result{.believed = is_believed(batch)};
  for (std::uint32_t replicate = 0; replicate < kReplicates; ++replicate) {
    double d = 0;
    for (std::uint32_t point = 0; point < 2; ++point) {
      const RunRecord run = run_world(simulation, batch.scenario.seeds, point, replicate);
      const double harm = outcome_of(*batch.points[point], run, "harm_diffuse_musd");
      d += (point == 0 ? 1 : -1) * std::log10(1 + harm);
    }
    difference.push_back(d);
    result.mean += d / kReplicates;
  }
  double squares = 0;
  for (const double d : difference) {
    squares += (d - result.mean) * (d - result.mean);
  }
  result.standard_error = std::sqrt(squares / (kReplicates - 1) / kReplicates);
  return result;
}

void check_less(const std::string& changes) {
  const Difference d = open_minus_hosted(changes);
  CAPTURE(changes, d.mean, d.standard_error);
  CHECK(d.believed);
  CHECK(d.mean + 4 * d.standard_error < 0);
}

void check_more(const std::string& changes) {
  const Difference d = open_minus_hosted(changes);
  CAPTURE(changes, d.mean, d.standard_error);
  CHECK(d.believed);
  CHECK(d.mean - 4 * d.standard_error > 0);
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
