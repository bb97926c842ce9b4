// The capability gate and its rules (M2.3): whose estimates count, and that no rule shifts a draw.
#include "agents/gates.hpp"

#include <cmath>

#include "agents/world.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// One lab, or five that are all at 30 OOM but for the last, which is at 29.
World world_of_labs(int labs, const std::string& gate, double sd_oom) {
  std::string models;
  for (int rank = 1; rank <= labs; ++rank) {
    models += std::string(rank == 1 ? "" : ",") + R"({"name": "m", "rank": )" +
              std::to_string(rank) + R"(, "capability_oom": )" + (rank == 5 ? "29" : "30") +
              R"(, "year": 2024, "form": "internal"})";
  }
  return world_with(R"({"regimes": {"gate": {"policies": [
      {"kind": "release", "form": "open_weights"}, )" +
                        gate + R"(]}}, "mechanisms": {"release": {"evaluation_sd_oom": )" +
                        std::to_string(sd_oom) + R"(}}, "labs": {"frontier": {"count": )" +
                        std::to_string(labs) + R"(, "initial_models": [)" + models + "]}}}",
                    "gate", kOneLab);
}

std::string gate_at_30(const std::string& rule) {
  return R"({"kind": "gate", "above_oom": 30, "form": "hosted", "rule": ")" + rule + "\"}";
}

/// Which of many models of 30 OOM the gate lets out as open weights.
std::vector<bool> released(const World& world) {
  constexpr std::uint64_t kModels = 2000;
  const Rules rules = rules_for_model(world, 0, 0);
  std::vector<bool> out;
  for (std::uint64_t i = 0; i < kModels; ++i) {
    const GateCase model{.identity = birth_identity(7, 7, 0, i), .maker = 0, .visible_oom = 30.0};
    const Form form = decided_form(world, rules, model);
    CHECK(form == decided_form(world, rules, model));  // judged once, not each month
    out.push_back(form == Form::open_weights);
  }
  return out;
}

std::vector<bool> released(int labs, const std::string& rule) {
  return released(world_of_labs(labs, gate_at_30(rule), 0.4));
}

/// The form that a model of 30 OOM gets, evaluations being exact.
Form gated_form(const std::string& gate) {
  const World world = world_of_labs(1, gate, 0);
  return decided_form(world, rules_for_model(world, 0, 0),
                      {.identity = 12345, .maker = 0, .visible_oom = 30.0});
}

}  // namespace

TEST_CASE("a gate holds back what evaluations place above it, to the lesser form") {
  CHECK(gated_form(R"({"kind": "gate", "above_oom": 29.9, "form": "hosted"})") == Form::hosted);
  CHECK(gated_form(R"({"kind": "gate", "above_oom": 30.1, "form": "hosted"})") ==
        Form::open_weights);
  // a "lesser" form that is more open than the release changes nothing
  CHECK(gated_form(R"({"kind": "gate", "above_oom": 29, "form": "full_source"})") ==
        Form::open_weights);
}

TEST_CASE("with exact evaluations a model at the gate passes under every rule") {
  for (const std::string rule : {"own", "naive", "majority", "rational"}) {
    INFO(rule);
    CHECK(gated_form(gate_at_30(rule)) == Form::open_weights);
  }
}

TEST_CASE("a gate judges by noisy estimates, half of them above when the model is at it") {
  const auto out = released(1, "own");
  const auto n = static_cast<double>(out.size());
  CHECK(std::fabs(static_cast<double>(std::ranges::count(out, true)) / n - 0.5) <
        4 * 0.5 / std::sqrt(n));
}

TEST_CASE("where only the maker is able every rule is its own estimate") {
  const auto own = released(1, "own");
  CHECK(released(1, "naive") == own);
  CHECK(released(1, "majority") == own);
  CHECK(released(1, "rational") == own);
  CHECK(released(5, "own") == own);  // others change nothing where they are not asked
}

TEST_CASE("what the maker or a cautious lab would release somebody does, but not the reverse") {
  const auto own = released(4, "own");
  const auto naive = released(4, "naive");
  const auto rational = released(4, "rational");
  int more_than_own = 0;
  int more_than_rational = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    CHECK(naive[i] >= own[i]);
    CHECK(naive[i] >= rational[i]);
    more_than_own += naive[i] > own[i] ? 1 : 0;
    more_than_rational += naive[i] > rational[i] ? 1 : 0;
  }
  CHECK(more_than_own > 400);
  CHECK(more_than_rational > 200);
}

TEST_CASE("a lab counts once it is near enough to make the class itself") {
  CHECK(released(5, "naive") == released(4, "naive"));  // the fifth is an order of magnitude behind
  const World near = world_with(
      R"({"regimes": {"gate": {"policies": [{"kind": "release", "form": "open_weights"}, )" +
          gate_at_30("naive") + R"(]}},
          "mechanisms": {"release": {"evaluation_sd_oom": 0.4, "able_within_oom": 1}},
          "labs": {"frontier": {"count": 2, "initial_models": [
            {"name": "m", "rank": 2, "capability_oom": 29, "year": 2024, "form": "internal"}]}}})",
      "gate", kOneLab);
  CHECK(released(near) == released(2, "naive"));
}

TEST_CASE("a vote that is tied keeps the model back") {
  const auto two = released(2, "majority");
  const auto own = released(2, "own");
  for (std::size_t i = 0; i < two.size(); ++i) {
    CHECK(two[i] <= own[i]);  // both must be for it
  }
  CHECK(std::ranges::count(two, true) > 0);
}
