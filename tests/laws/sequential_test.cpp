// Law: sequential test (M17, M11). The sum W drifts by n·KL with variance n·v a step,
// is held at 0 and raises the alarm above h = ln(ARL). For a continuous sum the mean number of
// users until the alarm is exactly h/KL − v/(2·KL²)·(1 − e^(−2·KL·h/v)): ln(ARL)/KL to first order
// (Lorden), less because noise carries it up and never below 0. In steps the sum is held at 0 and
// crosses h only at their ends, which moves h up by 2·0.583·sqrt(n·v) (Siegmund 1985), and
// interpolation within the last step takes half a step away on average; what is left is of second
// order in the step, and with 150 steps to the alarm below 1 %. Setting: one open base, constant
// users, flaws of virulence 1 that nobody attributes. Bound: standard errors of 1 % of the time.
// Wrong variant: the divergence taken the other way around, KL(p0 || p1).
//
// Harm in a base that its D live models share (the base and its derivatives): where reports are
// pooled, the test sees all users. Where they are not, each model tests its own, and the first
// alarm tells. No test sees more than all users, and one sees at least a D-th of them, so that the
// harm until detection lies between 1 and D times the pooled one. The bound leaves room for how the
// family grew; between its ends the ratio depends on how users spread. Setting: developers publish
// derivatives for two years; then a service comes out that takes all of them and no user, so that
// families stay as they are, and the users come. Harm accrues with the users, who are constant.
// Bound: standard errors of 3 % of the ratio, three of which separate it from either end. Wrong
// variants: the same world with reports pooled; harm in one of D equal models alone.
#include <algorithm>
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kBaseRate = 0.01;
constexpr double kEffect = 0.5;
constexpr double kAlarm = 1e5;
constexpr double kSteps = 150;  ///< that ln(ARL)/KL takes

double divergence(double p, double q) {
  return p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q));
}

struct Reports {
  double divergence = 0;
  double variance = 0;
};

Reports reports() {
  const double p0 = kBaseRate;
  const double p1 = p0 * (1 + kEffect);
  const double width = std::log(p1 * (1 - p0) / (p0 * (1 - p1)));
  return {.divergence = divergence(p1, p0), .variance = p1 * (1 - p1) * width * width};
}

/// Users a step for which ln(ARL)/KL takes so many steps.
double users_for(double steps) { return std::log(kAlarm) / (steps * reports().divergence); }

/// Steps until the alarm with n users a step.
double steps_to_alarm(double n, double one_divergence) {
  const double drift = n * one_divergence;
  const double variance = n * reports().variance;
  const double h = std::log(kAlarm) + 2 * 0.583 * std::sqrt(variance);
  return h / drift - variance / (2 * drift * drift) * (1 - std::exp(-2 * drift * h / variance)) -
         0.5;
}

LawConfig world_of_reports(double users) {
  return LawConfig::quiet()
      .set("/mechanisms/diffuse/enabled", "true")
      .set("/mechanisms/diffuse/observations_per_user_month", 1)
      .set("/mechanisms/diffuse/base_rate", kBaseRate)
      .set("/mechanisms/diffuse/effect_per_virulence", kEffect)
      .set("/mechanisms/diffuse/alarm_run_length", kAlarm)
      .set("/mechanisms/diffuse/pooling", 0)
      .set("/mechanisms/diffuse/attribution", R"({"hosted": 0, "weights": 0, "source": 0})")
      .set("/mechanisms/diffuse/musd_per_user_year", 1)
      .set("/mechanisms/diffuse/least_event_musd", 0)
      .set("/mechanisms/flaws/mean/diffuse", 20)
      .set("/mechanisms/flaws/virulence_low", 1)
      .set("/mechanisms/flaws/virulence_high", 1)
      .set("/population/users/most", users)
      .set("/population/users/middle_years", -100)
      .set("/population/users/width_years", 1)
      .set("/time/years", 40);
}

/// Months from the first user to the alarm, of every flaw of every replicate.
std::vector<double> months_to_alarm(const LawConfig& config) {
  const LawRuns runs(config);
  std::vector<double> months;
  for (std::uint32_t replicate = 0; replicate < runs.n_replicates(); ++replicate) {
    runs.run(0, replicate, [&](const RunView& run) {
      const auto seen = run.event_column("seen_at");
      const auto began = run.event_column("began_at");
      for (std::size_t i = 0; i < seen.size(); ++i) {
        REQUIRE(!std::isnan(seen[i]));  // 40 years are enough for all
        months.push_back(12 * (seen[i] - began[i]));
      }
    });
  }
  return months;
}

constexpr double kGrowthYears = 2;  ///< in which families grow

/// Families of a base and about so many derivatives, all of whose users come at once when no more
/// are published. The flaws are those of the base.
LawConfig world_of_families(double users, double derivatives, double pooling) {
  constexpr double kActsPerYear = 1000;
  return world_of_reports(users)
      .set("/mechanisms/diffuse/pooling", pooling)
      .set("/mechanisms/derivatives/enabled", "true")
      .set("/mechanisms/derivatives/layer_flaws", 0)
      .set("/mechanisms/derivatives/publish", derivatives / (kActsPerYear * kGrowthYears))
      .set("/mechanisms/fingers/tune_usd", 0)
      .set("/mechanisms/access/developer_weights_preference", 1e-9)
      .set("/mechanisms/access/hosted_preference", 0)
      .set("/population/developers/count", 100)
      .set("/population/developers/activity_mean", kActsPerYear / 100)
      .set("/labs/lab/initial_models", R"([
        {"name": "base", "rank": 1, "capability_oom": 30, "year": 2024.5, "form": "open_weights",
         "licence": "permissive"},
        {"name": "service", "rank": 1, "capability_oom": 30, "year": )" +
                                           number_text(2024.5 + kGrowthYears) +
                                           R"(, "form": "hosted", "licence": "permissive"}])")
      .set("/population/users/middle_years", kGrowthYears - 0.5 / 12)
      .set("/population/users/width_years", 1e-3)
      .set("/time/years", 80);
}

/// Harm until the alarm over what it is where one test sees all users, and the size of families.
struct FamilyHarm {
  MeanEstimate ratio;
  MeanEstimate models;
};

/// Over replicates: the flaws of one have their family in common.
FamilyHarm family_harm(const LawConfig& config, double pooled_musd) {
  const LawRuns runs(config);
  std::vector<double> ratios;
  std::vector<double> models;
  for (std::uint32_t replicate = 0; replicate < runs.n_replicates(); ++replicate) {
    runs.run(0, replicate, [&](const RunView& run) {
      const auto seen = run.event_column("seen_at");
      REQUIRE(std::ranges::none_of(seen, [](double at) { return std::isnan(at); }));
      ratios.push_back(run.series_sum("unseen_diffuse_harm_musd") /
                       (static_cast<double>(seen.size()) * pooled_musd));
      models.push_back(1 + run.series_sum("derivatives"));
    });
  }
  return {.ratio = mean_of(ratios), .models = mean_of(models)};
}

/// Whether three standard errors separate the harm from both ends of the law, 1 and D.
bool lies_between(const FamilyHarm& harm) {
  const double error = std::hypot(harm.ratio.standard_error, harm.models.standard_error);
  return harm.ratio.value - 3 * harm.ratio.standard_error > 1 &&
         harm.ratio.value + 3 * error < harm.models.value;
}

/// The quiet world with so many equal models, each of a lab of its own.
LawConfig& share_among(LawConfig& config, int models) {
  std::string list;
  for (int rank = 1; rank <= models; ++rank) {
    list += std::string(rank > 1 ? "," : "") + R"({"name": "m", "rank": )" + std::to_string(rank) +
            R"(, "capability_oom": 30, "year": 2024.5, "form": "open_weights",
               "licence": "permissive"})";
  }
  return config.set("/labs/lab/count", models).set("/labs/lab/initial_models", "[" + list + "]");
}

}  // namespace

TEST_CASE("an alarm comes after as many users as the sequential test needs") {
  const double users = users_for(kSteps);
  const auto months = months_to_alarm(world_of_reports(users).set("/experiment/replicates", 150));
  const double expected = steps_to_alarm(users, reports().divergence);
  check_law("months to the alarm", mean_of(months),
            {.expected = expected,
             .bound = 0.01 * expected,
             .wrong = steps_to_alarm(users, divergence(kBaseRate, kBaseRate * (1 + kEffect)))});
}

TEST_CASE("from twenty steps on users to the alarm are as Lorden says to their order") {
  for (const double steps : {20.0, 60.0}) {
    const double users = users_for(steps);
    const auto months = months_to_alarm(world_of_reports(users).set("/experiment/replicates", 40));
    // Between the continuous sum, which gains v/(2·KL) from noise, and one that is held back by
    // twice the overshoot of a step.
    const double n_divergence = users * reports().divergence;
    const double low = 1 - reports().variance / (2 * reports().divergence) / std::log(kAlarm);
    const double high = 1 + 1.166 * std::sqrt(users * reports().variance) / std::log(kAlarm);
    const MeanEstimate measured = mean_of(months);
    const double ratio = measured.value * n_divergence / std::log(kAlarm);
    CAPTURE(steps, ratio, low, high, measured.standard_error / measured.value);
    CHECK(measured.standard_error / measured.value < 0.015);
    CHECK(ratio > low);
    CHECK(ratio < high);
  }
}

TEST_CASE("harm in one of so many equal models takes as many times as long to see") {
  constexpr int kModels = 5;
  const double users = users_for(kSteps / 3);
  const auto one = months_to_alarm(world_of_reports(users).set("/experiment/replicates", 60));
  LawConfig shared = world_of_reports(users);
  const auto many = months_to_alarm(
      share_among(shared, kModels).set("/time/years", 120).set("/experiment/replicates", 12));
  const MeanEstimate alone = mean_of(one);
  const MeanEstimate apart = mean_of(many);
  const double relative =
      std::hypot(alone.standard_error / alone.value, apart.standard_error / apart.value);
  const double ratio = apart.value / alone.value;
  // Times are those of the law but for its discrete step, which weighs less when there are more
  // steps: the ratio of the two laws is 4 % above the number of models.
  const double law = steps_to_alarm(users / kModels, reports().divergence) /
                     steps_to_alarm(users, reports().divergence);
  CHECK(law == Approx(kModels).epsilon(0.05));
  check_law("ratio", {.value = ratio, .standard_error = relative * ratio},
            {.expected = law, .bound = 0.02 * kModels, .wrong = 1.0});
  // Nor is it what a shared base would show.
  CHECK_FALSE(lies_between({.ratio = {.value = ratio, .standard_error = relative * ratio},
                            .models = {.value = kModels, .standard_error = 0}}));
}

TEST_CASE("unpooled harm of a shared base lies between the pooled one and that of one model") {
  constexpr double kPooledSteps = 50;
  const double users = users_for(kPooledSteps);
  const double pooled_musd = users / 12 * steps_to_alarm(users, reports().divergence);
  double fewer_models = 1;
  for (const double derivatives : {3.0, 12.0}) {
    const auto harm_with = [&](double pooling, int replicates) {
      return family_harm(
          world_of_families(users, derivatives, pooling).set("/experiment/replicates", replicates),
          pooled_musd);
    };
    const FamilyHarm apart = harm_with(0, 150);
    const FamilyHarm pooled = harm_with(1, 40);
    CAPTURE(derivatives, apart.models.value, apart.ratio.value, apart.ratio.standard_error,
            pooled.ratio.value, pooled.ratio.standard_error);
    CHECK(apart.ratio.standard_error < 0.03 * apart.ratio.value);
    CHECK(lies_between(apart));
    CHECK(apart.ratio.value - 3 * apart.ratio.standard_error > fewer_models);
    CHECK_FALSE(lies_between(pooled));
    fewer_models = apart.ratio.value;
  }
}

}  // namespace fingers
