#include "agents/simulation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "agents/model_text.hpp"
#include "agents/month.hpp"
#include "agents/outcomes.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

/// The words of the list at a pointer of a document.
std::vector<std::string> words_at(const Document& document, const std::string& pointer) {
  std::vector<std::string> words;
  for (std::size_t i = 0;; ++i) {
    const auto text = document.text_at(pointer + "/" + std::to_string(i));
    if (!text) {
      return words;
    }
    if (text->size() >= 2 && text->front() == '"') {
      words.push_back(text->substr(1, text->size() - 2));
    }
  }
}

/// Regimes that a config names anywhere, or the default ones of an experiment.
std::vector<std::string> named_regimes(const Document& document) {
  std::vector<std::string> names =
      document.text_at("/experiment/regimes")
          ? words_at(document, "/experiment/regimes")
          : std::vector<std::string>{"closed", "open-weights-permissive"};
  for (const std::string& group : document.names_at("/labs")) {
    const auto text = document.text_at("/labs/" + group + "/regime");
    if (text && text->size() >= 2) {
      names.push_back(text->substr(1, text->size() - 2));
    }
  }
  for (const std::string& own : document.names_at("/regimes")) {
    names.push_back(own);
  }
  return names;
}

struct Reading {
  Scenario scenario;
  std::string resolved_text;
  std::vector<ParameterReader::Resolved> parameters;
  Mistakes mistakes;
};

Reading read_scenario(const Document& document) {
  Reading reading;
  ParameterReader reader(document);
  declare(reader, reading.scenario);
  reader.finish();
  reading.mistakes = reader.mistakes();
  reading.resolved_text = reader.resolved_text();
  reading.parameters = reader.resolved();
  return reading;
}

/// Regimes that worlds may meet when `study` is the regime under study.
std::vector<std::string> met_regimes(const Scenario& scenario, std::vector<std::string> study) {
  for (const LabGroup& group : scenario.labs) {
    if (!group.regime.empty()) {
      study.push_back(group.regime);
    }
  }
  return study;
}

std::vector<Factor> factors_of(const Reading& reading, const Document& document,
                               Mistakes& mistakes) {
  std::vector<Factor> factors;
  for (const FactorValues& values : reading.scenario.experiment.factors) {
    const auto known =
        std::ranges::find(reading.parameters, values.pointer, &ParameterReader::Resolved::pointer);
    if (known == reading.parameters.end() || values.pointer.starts_with("/experiment") ||
        values.pointer.starts_with("/time") || values.pointer.starts_with("/seed")) {
      const std::string at = "/experiment/factors";
      mistakes.push_back(
          {.where = document.location(at),
           .pointer = at,
           .message = "\"" + values.pointer +
                      "\" is not a parameter that can vary; `fingers explain` lists them"});
      continue;
    }
    factors.push_back({.pointer = values.pointer,
                       .unit = std::string(known->declaration.unit),
                       .values = values.values});
  }
  return factors;
}

bool too_many_points(const Experiment& experiment) {
  constexpr double kMost = 100000;
  double points = static_cast<double>(experiment.regimes.size());
  for (const FactorValues& factor : experiment.factors) {
    points *= static_cast<double>(factor.values.size());
  }
  return points > kMost;
}

/// The scenario of one point of the design.
void add_point(Batch& batch, const Document& document, const DesignPoint& point) {
  Document own = document;
  for (std::size_t f = 0; f < point.values.size(); ++f) {
    const Location where = document.location("/experiment/factors");
    if (auto mistake =
            own.set(batch.design.factors[f].pointer, number_text(point.values[f]), where)) {
      batch.mistakes.push_back(std::move(*mistake));
      return;
    }
  }
  Reading reading = read_scenario(own);
  if (!reading.mistakes.empty()) {
    batch.mistakes.insert(batch.mistakes.end(), reading.mistakes.begin(), reading.mistakes.end());
    return;
  }
  reading.scenario.study_regime = reading.scenario.regime_number(point.setting);
  batch.point_model_texts.push_back(
      json_quoted(point.setting) + "\n" +
      model_text(reading.parameters, met_regimes(reading.scenario, {point.setting})));
  batch.points.push_back(std::make_shared<const Scenario>(std::move(reading.scenario)));
}

}  // namespace

Simulation::Simulation(std::vector<std::shared_ptr<const Scenario>> points)
    : points_(std::move(points)) {
  EXPECT_CONTRACT(!points_.empty());
  schema_ = record_schema(*points_.front());
}

Simulation::World Simulation::make_world(std::uint32_t point, const WorldKeys& keys) const {
  EXPECT_CONTRACT(point < points_.size());
  return fingers::make_world(points_[point], keys);
}

bool Simulation::advance(World& world, std::uint32_t step) const {
  world.step = step;
  return month(world);
}

RunRecord Simulation::records(World& world) const {
  RunRecord record;
  const std::size_t n_times = world.clock.n_steps;
  record.outcomes = outcomes_of(*world.scenario, world.events, world.series);
  for (std::vector<float>& values : world.series.quantity) {
    values.resize(n_times, std::numeric_limits<float>::quiet_NaN());  // months after an end
    record.series.insert(record.series.end(), values.begin(), values.end());
  }
  record.tables.push_back(take_columns(std::move(world.events)));
  return record;
}

Batch read_batch(Document document) {
  Batch batch;
  batch.mistakes = add_builtin_regimes(document, named_regimes(document));
  Reading reading = read_scenario(document);
  batch.mistakes.insert(batch.mistakes.end(), reading.mistakes.begin(), reading.mistakes.end());
  if (!batch.mistakes.empty()) {
    return batch;
  }
  const std::vector<Factor> factors = factors_of(reading, document, batch.mistakes);
  const Experiment& experiment = reading.scenario.experiment;
  if (too_many_points(experiment)) {
    const std::string at = "/experiment/factors";
    batch.mistakes.push_back({.where = document.location(at),
                              .pointer = at,
                              .message = "more than 100,000 combinations of regimes and values"});
    return batch;
  }
  batch.design = full_factorial(experiment.regimes, factors,
                                static_cast<std::uint32_t>(experiment.replicates));
  for (const DesignPoint& point : batch.design.points) {
    if (batch.mistakes.empty()) {
      add_point(batch, document, point);
    }
  }
  batch.model_text =
      model_text(reading.parameters, met_regimes(reading.scenario, experiment.regimes));
  batch.scenario = std::move(reading.scenario);
  batch.config_text = std::move(reading.resolved_text);
  batch.parameters = std::move(reading.parameters);
  return batch;
}

void list_parameters(ParameterCatalogue& catalogue) {
  Scenario scenario;
  declare(catalogue, scenario);
}

}  // namespace fingers
