// Outcomes are functions of what was recorded: computed here a second time, from the columns alone.
#include "agents/outcomes.hpp"

#include <cmath>

#include "agents/simulation.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr const char* kShortLives = R"({
    "population": {"developers": {"count": 400, "activity_mean": 10},
                   "bad_actors": {"count": 400, "attempts_mean": 10}},
    "mechanisms": {"fingers": {"critical_oom": 27, "press_scale": 1e-5, "x_min_musd": 10},
                   "catastrophe": {"absorbing": true, "musd": 1e4}}})";

/// A run, looked at through its recorded columns by their declared names.
struct RecordedRun {
  std::shared_ptr<const Scenario> scenario;
  RunRecord record;

  explicit RecordedRun(const std::string& regime, std::uint32_t replicate)
      : scenario(scenario_with(kShortLives, regime)), record(run_of(scenario, replicate)) {}

  [[nodiscard]] std::vector<double> column(const std::string& name) const {
    const TableDeclaration table = event_table();
    const auto found = std::ranges::find(table.columns, name, &ColumnDeclaration::name);
    const auto& data = record.tables[0][static_cast<std::size_t>(found - table.columns.begin())];
    std::vector<double> values;
    std::visit(
        [&](const auto& column) {
          for (const auto x : column) {
            values.push_back(static_cast<double>(x));
          }
        },
        data);
    return values;
  }
  /// Months that were lived of a quantity.
  [[nodiscard]] std::vector<double> series(const std::string& name) const {
    const auto columns = series_columns(*scenario);
    const auto found = std::ranges::find(columns, name, &ColumnDeclaration::name);
    const auto q = static_cast<std::size_t>(found - columns.begin());
    std::vector<double> values;
    for (std::size_t t = 0; t < 36 && !std::isnan(record.series[q * 36 + t]); ++t) {
      values.push_back(static_cast<double>(record.series[q * 36 + t]));
    }
    return values;
  }
  [[nodiscard]] double outcome(const std::string& name) const {
    return outcome_of(*scenario, record, name);
  }
  /// Sum of harm over events for which `counts` holds of a column.
  [[nodiscard]] double harm(const std::string& name, double code) const {
    const auto severity = column("severity_musd");
    const auto flags = column("flags");
    const auto codes = column(name);
    double sum = 0;
    for (std::size_t i = 0; i < severity.size(); ++i) {
      sum += std::fmod(flags[i], 2) == 0 && codes[i] == code ? severity[i] : 0;
    }
    return sum;
  }
};

std::vector<RecordedRun> eight_runs() {
  std::vector<RecordedRun> runs;
  for (const std::string regime : {"hosted-monitored", "open-weights-permissive"}) {
    for (std::uint32_t replicate = 0; replicate < 4; ++replicate) {
      runs.emplace_back(regime, replicate);
    }
  }
  return runs;
}

struct Harms {
  double all = 0;
  double averted = 0;
  double largest = 0;
  double discounted = 0;
};

Harms harms_of(const RecordedRun& run) {
  const auto severity = run.column("severity_musd");
  const auto flags = run.column("flags");
  const auto time = run.column("time");
  const auto began = run.column("began_at");
  Harms harms;
  for (std::size_t i = 0; i < severity.size(); ++i) {
    if (std::fmod(flags[i], 2) != 0) {
      harms.averted += severity[i];
      continue;
    }
    harms.all += severity[i];
    harms.largest = std::max(harms.largest, severity[i]);
    const double at = std::isnan(began[i]) ? time[i] : 0.5 * (began[i] + time[i]);
    harms.discounted += severity[i] * std::exp(-0.03 * (at - 2024.5));
  }
  return harms;
}

}  // namespace

TEST_CASE("harm outcomes are sums over the recorded events") {
  for (const RecordedRun& run : eight_runs()) {
    const Harms harms = harms_of(run);
    CHECK(run.outcome("harm_musd") == harms.all);
    CHECK(run.outcome("averted_harm_musd") == harms.averted);
    CHECK(run.outcome("largest_event_musd") == harms.largest);
    CHECK(run.outcome("discounted_harm_musd") == Approx(harms.discounted));
    CHECK(run.outcome("harm_maker_frontier_musd") == run.harm("maker", 1));
  }
}

TEST_CASE("harm by kind, by route and by domain adds up to all harm") {
  for (const RecordedRun& run : eight_runs()) {
    const double control = run.outcome("harm_loss_of_control_musd");
    double by_route = 0;
    for (std::size_t route = 0; route < kRouteNames.size(); ++route) {
      const double part = run.outcome("harm_route_" + std::string(kRouteNames[route]) + "_musd");
      CHECK(part == run.harm("route", static_cast<double>(route)));
      by_route += part;
    }
    const double diffuse = run.outcome("harm_diffuse_musd");
    double by_domain = control + diffuse;
    for (std::size_t k = 0; k < 3; ++k) {
      const double part = run.outcome("harm_domain_" + run.scenario->domains[k].name + "_musd");
      CHECK(part == run.harm("domain", static_cast<double>(k) + 1));
      by_domain += part;
    }
    CHECK(run.outcome("harm_misuse_musd") + control + diffuse == Approx(run.outcome("harm_musd")));
    CHECK(by_route == Approx(run.outcome("harm_musd")));
    CHECK(by_domain == Approx(run.outcome("harm_musd")));
  }
}

TEST_CASE("counts and first years are those of the recorded flags") {
  int ended = 0;
  for (std::uint32_t replicate = 0; replicate < 8; ++replicate) {
    const RecordedRun run("open-weights-permissive", replicate);
    const auto flags = run.column("flags");
    const auto time = run.column("time");
    const auto seen = run.column("seen_at");
    std::vector<double> catastrophes;
    double reported = 0;
    for (std::size_t i = 0; i < flags.size(); ++i) {
      const auto bits = static_cast<unsigned>(flags[i]);
      if ((bits & kCatastrophic) != 0) {
        catastrophes.push_back(time[i]);
      }
      reported += (bits & kAverted) == 0 && !std::isnan(seen[i]) ? 1 : 0;
    }
    CHECK(run.outcome("catastrophes") == static_cast<double>(catastrophes.size()));
    CHECK(run.outcome("reported_events") == reported);
    const double first = run.outcome("first_catastrophe_year");
    CHECK((catastrophes.empty() ? std::isnan(first) : first == catastrophes.front()));
    if (!std::isnan(run.outcome("ended_year"))) {
      ++ended;
      CHECK(run.outcome("ended_year") == time.back());
    }
    double by_kind = run.outcome("averted_events");
    double reported_by_kind = 0;
    for (const std::string_view kind : kEventKindNames) {
      by_kind += run.outcome("events_" + std::string(kind));
      reported_by_kind += run.outcome("reported_" + std::string(kind));
    }
    CHECK(by_kind == static_cast<double>(flags.size()));
    CHECK(reported_by_kind == reported);
    const double end = run.outcome("ended_year");
    CHECK(run.outcome("lived_years") == (std::isnan(end) ? 3.0 : end - 2024.5));
  }
  CHECK(ended > 0);
}

TEST_CASE("sums and means of series are over the months that were lived") {
  for (std::uint32_t replicate = 0; replicate < 3; ++replicate) {
    const RecordedRun run("staged-release", replicate);
    for (const std::string name : {"actions", "attempts", "hosted_attempts", "seen_attempts",
                                   "bans", "wrongful_bans", "finds", "fixes", "benefit"}) {
      CHECK(run.outcome(name) == Approx(sum_of(run.series(name))));
    }
    for (const std::string name :
         {"dependence", "surveillance_share", "weights_use_share", "freedom_0_exercisable"}) {
      const auto values = run.series(name);
      CHECK(run.outcome(name) == Approx(sum_of(values) / static_cast<double>(values.size())));
    }
    const double fixes = sum_of(run.series("panel_fixes"));
    CHECK(run.outcome("patch_coverage_90_days") ==
          Approx(sum_of(run.series("panel_taken_90d")) / fixes));
    CHECK(run.outcome("never_patched_share") == Approx(sum_of(run.series("panel_never")) / fixes));
    CHECK(run.outcome("patch_coverage_365_days") + run.outcome("never_patched_share") <= 1);
  }
}

TEST_CASE("the harm of the months is the harm of the events") {
  const RecordedRun run("open-weights-permissive", 1);
  CHECK(sum_of(run.series("harm_musd")) == Approx(run.outcome("harm_musd")).epsilon(1e-3));
}

TEST_CASE("every outcome and every series says its unit and what it means") {
  const auto scenario = scenario_with("{}", "closed");
  for (const auto& columns : {outcome_columns(*scenario), series_columns(*scenario)}) {
    for (const ColumnDeclaration& column : columns) {
      INFO(column.name);
      CHECK(!column.unit.empty());
      CHECK(column.meaning.size() > 5);
      CHECK(std::ranges::count(columns, column.name, &ColumnDeclaration::name) == 1);
    }
  }
}
