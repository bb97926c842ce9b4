#include "tests/support/law_world.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "engine/config_reader.hpp"
#include "engine/model.hpp"
#include "policies/builtin.hpp"
#include "tests/support/catch.hpp"

namespace fingers {

namespace {

constexpr const char* kQuietWorld = R"({
  "title": "A world for one law",
  "seed": 20240726,
  "time": {"years": 1},
  "mechanisms": {
    "training": {"alignment_max": 0, "lab_presses": 0, "evaluation_quality": 0, "race_pressure": 0,
                 "capability_sd_oom": 0, "bootstrap_oom": 0, "jump_probability": 0},
    "trends": {"openness_spillover": 0},
    "leaks": {"enabled": false},
    "copying": {"enabled": false},
    "theft": {"enabled": false},
    "states": {"enabled": false},
    "access": {"inference_usd_per_year": 0, "third_party_host": 0},
    "fingers": {"enabled": false, "critical_oom": 0, "stop": 0, "elicitation_cap_oom": 0},
    "flaws": {"mean": {"safeguard": 0, "security": 0, "diffuse": 0, "control": 0},
              "deep_share": 0, "unwarned_share": 0},
    "derivatives": {"enabled": false},
    "disclosure": {"enabled": false},
    "exploits": {"enabled": false},
    "scrutiny": {"enabled": false, "internal_eyes": 0, "eyes_per_developer": 0, "eyes_per_user": 0,
                 "eyes_per_bad_actor": 0,
                 "visibility": {"weights": {"shallow": 1, "deep": 1}, "hosted": {"shallow": 1, "deep": 1}}},
    "patches": {"latency_days": 0, "strength": 1, "panel": 0},
    "misuse": {"enabled": false},
    "monitoring": {"enabled": false},
    "defence": {"enabled": false, "learning_oom": 0},
    "appeals": {"enabled": false},
    "concentration": {"enabled": false},
    "shocks": {"enabled": false},
    "response": {"enabled": false},
    "diffuse": {"enabled": false}
  },
  "labs": {"lab": {"count": 1, "budget_usd_per_year": 0, "initial_models": [
    {"name": "base", "rank": 1, "capability_oom": 30, "year": 2024.5, "form": "open_weights",
     "licence": "permissive"}]}},
  "population": {
    "developers": {"count": 0, "weight": 1, "activity_shape": "infinite", "recklessness_sd_ln": 0},
    "auditors": {"count": 0, "skill_sd_ln": 0},
    "bad_actors": {"count": 0, "attempts_shape": "infinite"},
    "users": {"most": 0},
    "defenders": {"count": 0}
  },
  "domains": {},
  "experiment": {"regimes": ["open-weights-permissive"], "replicates": 1}
})";

std::string text_of(const Mistakes& mistakes) {
  std::string text;
  for (const Mistake& mistake : mistakes) {
    text += to_text(mistake) + "\n";
  }
  return text;
}

Document checked(Loaded loaded) {
  if (!loaded.mistakes.empty()) {
    throw std::invalid_argument(text_of(loaded.mistakes));
  }
  return std::move(loaded.document);
}

Batch checked(Batch batch) {
  if (!batch.mistakes.empty()) {
    throw std::invalid_argument(text_of(batch.mistakes));
  }
  return batch;
}

template <class Declarations>
std::size_t place_of(const Declarations& declarations, std::string_view name) {
  for (std::size_t i = 0; i < declarations.size(); ++i) {
    if (declarations[i].name == name) {
      return i;
    }
  }
  throw std::invalid_argument("nothing is called " + std::string(name));
}

}  // namespace

LawConfig LawConfig::quiet() { return LawConfig(checked(parse_document(kQuietWorld, "law"))); }

LawConfig LawConfig::baseline() {
  return LawConfig(
      checked(load_document("baseline", [](const std::string& name, const std::string& /*from*/) {
        return TextAnswer{.text = std::string(builtin_config(name)), .path = name, .problem = {}};
      })));
}

LawConfig& LawConfig::set(const std::string& pointer, const std::string& json) {
  if (const auto mistake = document_.set(pointer, json, {.file = "law"})) {
    throw std::invalid_argument(to_text(*mistake));
  }
  return *this;
}

LawConfig& LawConfig::set(const std::string& pointer, double value) {
  return set(pointer, number_text(value));
}

double RunView::outcome(std::string_view name) const {
  return record_->outcomes[place_of(schema_->outcomes, name)];
}

std::span<const float> RunView::series(std::string_view name) const {
  const std::size_t n_times = record_->series.size() / schema_->series.size();
  return std::span(record_->series).subspan(place_of(schema_->series, name) * n_times, n_times);
}

double RunView::series_sum(std::string_view name) const {
  const std::span<const float> values = series(name);
  return std::accumulate(values.begin(), values.end(), 0.0);
}

std::vector<double> RunView::event_column(std::string_view name) const {
  const ColumnData& column = record_->tables[0][place_of(schema_->tables[0].columns, name)];
  return std::visit(
      [](const auto& values) {
        std::vector<double> numbers;
        for (const auto value : values) {
          numbers.push_back(static_cast<double>(value));
        }
        return numbers;
      },
      column);
}

double RunView::code(std::string_view dictionary, std::string_view name) const {
  const auto& names = schema_->dictionaries[place_of(schema_->dictionaries, dictionary)].names;
  return static_cast<double>(std::ranges::find(names, name) - names.begin());
}

LawRuns::LawRuns(const LawConfig& config)
    : batch_(checked(read_batch(config.document()))), simulation_(batch_.points) {}

std::uint32_t LawRuns::n_points() const {
  return static_cast<std::uint32_t>(batch_.design.points.size());
}

void LawRuns::run(std::uint32_t point, std::uint32_t replicate,
                  const std::function<void(const RunView&)>& read) const {
  const RunRecord record = run_world(simulation_, batch_.scenario.seeds, point, replicate);
  read(RunView(simulation_.schema(), record));
}

std::vector<double> LawRuns::measure(std::uint32_t point,
                                     const std::function<double(const RunView&)>& measure) const {
  std::vector<double> values;
  for (std::uint32_t replicate = 0; replicate < n_replicates(); ++replicate) {
    run(point, replicate, [&](const RunView& view) { values.push_back(measure(view)); });
  }
  return values;
}

std::vector<std::vector<double>> LawRuns::measure_all(
    std::uint32_t point, const std::function<std::vector<double>(const RunView&)>& measure) const {
  std::vector<std::vector<double>> values;
  for (std::uint32_t replicate = 0; replicate < n_replicates(); ++replicate) {
    run(point, replicate, [&](const RunView& view) {
      const std::vector<double> of_run = measure(view);
      values.resize(of_run.size());
      for (std::size_t i = 0; i < of_run.size(); ++i) {
        values[i].push_back(of_run[i]);
      }
    });
  }
  return values;
}

MeanEstimate ratio_of(std::span<const double> numerators, std::span<const double> denominators) {
  const MeanEstimate below = mean_of(denominators);
  const double ratio = mean_of(numerators).value / below.value;
  std::vector<double> residuals;
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    residuals.push_back((numerators[i] - ratio * denominators[i]) / below.value);
  }
  return {.value = ratio, .standard_error = mean_of(residuals).standard_error};
}

bool agrees(const MeanEstimate& estimate, double expected) {
  return std::fabs(estimate.value - expected) <= 3.0 * estimate.standard_error;
}

void check_law(const std::string& name, const MeanEstimate& estimate, const Law& law) {
  INFO(name << ": " << estimate.value << " with standard error " << estimate.standard_error
            << " (bound " << law.bound << "), expected " << law.expected << ", wrong variant "
            << law.wrong);
  CHECK(estimate.standard_error <= law.bound);
  CHECK(agrees(estimate, law.expected));
  CHECK_FALSE(agrees(estimate, law.wrong));
}

double mean_over_poisson(double mean, const std::function<double(double)>& f) {
  const double last = mean + 12.0 * std::sqrt(mean) + 30.0;
  double sum = 0;
  for (double k = 0; k <= last; k += 1.0) {
    sum += std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0)) * f(k);
  }
  return sum;
}

double mean_over_virulence(const VirulenceLaw& law, const std::function<double(double)>& f) {
  constexpr int kCells = 20000;
  const double width = std::log(law.high / law.low) / kCells;
  double sum = 0;
  double weights = 0;
  for (int i = 0; i < kCells; ++i) {
    const double virulence = law.low * std::exp((i + 0.5) * width);
    const double weight = std::pow(virulence, 1.0 - law.index);
    sum += weight * f(virulence);
    weights += weight;
  }
  return sum / weights;
}

}  // namespace fingers
