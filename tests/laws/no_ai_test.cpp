// Law: no AI, no difference (M17; the absolute reference of M15). With `ai: false` there is nothing
// that a regime could rule: harm and event records are identical bit for bit under every regime.
// Setting: the baseline for two years, every built-in regime, the same seeds.
// Bound: none, the law is exact. Wrong variant: the same comparison with AI, where regimes must
// differ.
#include <algorithm>

#include "engine/records.hpp"
#include "policies/regime.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

/// Every event, the month's harm, and every outcome that is harm, hashed bit for bit.
std::uint64_t harm_hash(const RecordSchema& schema, const RunView& run) {
  RunRecord harm;
  harm.tables = run.record().tables;
  const auto monthly = run.series("harm_musd");
  harm.series.assign(monthly.begin(), monthly.end());
  for (const ColumnDeclaration& outcome : schema.outcomes) {
    if (outcome.unit == "M$") {
      harm.outcomes.push_back(run.outcome(outcome.name));
    }
  }
  return content_hash(harm);
}

struct Comparison {
  std::size_t n_regimes = 0;
  std::size_t n_hashes = 0;  ///< different ones among the regimes
  double events = 0;
};

Comparison compare_regimes(const char* ai) {
  std::string regimes;
  for (const std::string& name : builtin_regime_names()) {
    regimes += (regimes.empty() ? "\"" : ",\"") + name + "\"";
  }
  const LawRuns runs(LawConfig::baseline()
                         .set("/ai", ai)
                         .set("/time/years", 2)
                         .set("/experiment/regimes", "[" + regimes + "]")
                         .set("/experiment/replicates", 1));
  Comparison comparison{.n_regimes = runs.n_points()};
  std::vector<std::uint64_t> hashes;
  for (std::uint32_t point = 0; point < runs.n_points(); ++point) {
    runs.run(point, 0, [&](const RunView& run) {
      hashes.push_back(harm_hash(runs.schema(), run));
      comparison.events = run.outcome("events_misuse");
    });
  }
  std::ranges::sort(hashes);
  comparison.n_hashes =
      static_cast<std::size_t>(std::ranges::unique(hashes).begin() - hashes.begin());
  return comparison;
}

}  // namespace

TEST_CASE("without AI every regime gives the same harm bit for bit") {
  const Comparison without = compare_regimes("false");
  CHECK(without.n_regimes == 15);
  CHECK(without.events > 20);
  CHECK(without.n_hashes == 1);
  CHECK(compare_regimes("true").n_hashes > 8);
}

}  // namespace fingers
