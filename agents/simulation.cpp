#include "agents/simulation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "agents/experiment.hpp"
#include "agents/experiment_points.hpp"
#include "agents/lineage.hpp"
#include "agents/model_text.hpp"
#include "agents/month.hpp"
#include "agents/month_log.hpp"
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

/// Regimes that listed points name; nothing where they name none.
std::optional<std::vector<std::string>> regimes_of_points(const Document& document) {
  const std::vector<std::string> columns = words_at(document, "/experiment/columns");
  const auto column = std::ranges::find(columns, kRegimeColumn);
  if (column == columns.end()) {
    return std::nullopt;
  }
  std::set<std::string> names;
  const std::string cell = "/" + std::to_string(column - columns.begin());
  for (std::size_t i = 0;; ++i) {
    const std::string row = "/experiment/points/" + std::to_string(i);
    const auto text = document.text_at(row + cell);
    if (!text && !document.text_at(row)) {
      return std::vector<std::string>(names.begin(), names.end());
    }
    if (text && text->size() >= 2 && text->front() == '"') {
      names.insert(text->substr(1, text->size() - 2));
    }
  }
}

/// Regimes that a config names anywhere, or the default ones of an experiment.
std::vector<std::string> named_regimes(const Document& document) {
  std::vector<std::string> names =
      document.text_at("/experiment/regimes")
          ? words_at(document, "/experiment/regimes")
          : regimes_of_points(document).value_or(
                std::vector<std::string>{"closed", "open-weights-permissive"});
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

/// A value as the parameter's own type has it.
std::string value_text(double value, ParameterReader::ValueType type) {
  if (type == ParameterReader::ValueType::flag) {
    return value != 0 ? "true" : "false";
  }
  return number_text(value);
}

/// Makes the points of a design. Every combination of factor values is read once, for all regimes.
class PointMaker {
 public:
  PointMaker(const Document& document, const Reading& reading, Batch& batch)
      : document_(document),
        experiment_(reading.scenario.experiment),
        plain_(document),
        at_(document.location("/experiment/factors")),
        batch_(batch) {
    // What is around the world has been read: a point needs to be read without it.
    static_cast<void>(plain_.set("/claim", "null", at_));
    static_cast<void>(plain_.set("/experiment", "null", at_));
    static_cast<void>(plain_.set(
        "/experiment/regimes", "[" + json_quoted(batch.design.points.front().setting) + "]", at_));
    for (const Factor& factor : batch.design.factors) {
      const auto parameter = std::ranges::find(reading.parameters, factor.pointer,
                                               &ParameterReader::Resolved::pointer);
      const bool is_dummy = factor.pointer == kDummyPointer;
      types_.push_back(is_dummy ? ParameterReader::ValueType::other : parameter->type);
    }
    batch_.points.resize(batch.design.points.size());
    batch_.point_texts.resize(batch.design.points.size());
  }

  /// Reads a combination and makes its point under every setting, or says what is wrong with it.
  void make(std::size_t combination) {
    const std::size_t n_before = batch_.mistakes.size();
    const Reading reading = read_scenario(with_values(combination));
    const DesignPoint& first = batch_.design.points[combination];
    for (Mistake mistake : reading.mistakes) {
      const std::string point = first.name.substr(first.setting.size());
      mistake.message += point.empty() ? "" : " (at" + point + ")";
      batch_.mistakes.push_back(std::move(mistake));
    }
    if (batch_.mistakes.size() > n_before) {
      return;
    }
    const auto world = std::make_shared<const std::string>(world_text(reading.parameters));
    const std::size_t n = batch_.design.n_combinations();
    for (std::size_t p = combination; p < batch_.points.size(); p += n) {
      add(p, reading, world);
    }
  }

 private:
  /// The config with the values of a combination. A value of a listed point keeps its place.
  Document with_values(std::size_t combination) {
    Document own = plain_;
    const bool listed = batch_.design.kind == DesignKind::csv;
    for (std::size_t f = 0; f < types_.size(); ++f) {
      if (types_[f] == ParameterReader::ValueType::other) {
        continue;  // the dummy, on which nothing depends
      }
      const std::string value = value_text(batch_.design.points[combination].values[f], types_[f]);
      const Location where =
          listed ? document_.location(pointer_of_value(experiment_, combination, f)) : at_;
      if (auto mistake = own.set(batch_.design.factors[f].pointer, value, where)) {
        batch_.mistakes.push_back(std::move(*mistake));
      }
    }
    return own;
  }

  void add(std::size_t p, const Reading& reading, const std::shared_ptr<const std::string>& world) {
    auto scenario = std::make_shared<Scenario>(reading.scenario);
    const std::string& setting = batch_.design.points[p].setting;
    scenario->study_regime = scenario->regime_number(setting);
    std::string regimes =
        json_quoted(setting) + "\n" +
        regimes_text(reading.parameters, met_regimes(reading.scenario, {setting}));
    // Regimes hardly ever vary: then the combination before has the same text.
    const bool first = p % batch_.design.n_combinations() == 0;
    const auto before =
        first || batch_.point_texts[p - 1].empty() ? nullptr : batch_.point_texts[p - 1].front();
    const bool same = before != nullptr && *before == regimes;
    batch_.point_texts[p] = {
        same ? before : std::make_shared<const std::string>(std::move(regimes)), world};
    batch_.points[p] = std::move(scenario);
  }

  const Document& document_;
  const Experiment& experiment_;
  Document plain_;
  Location at_;
  Batch& batch_;
  std::vector<ParameterReader::ValueType> types_;  ///< of the factors
};

}  // namespace

Simulation::Simulation(std::vector<std::shared_ptr<const Scenario>> points)
    : points_(std::move(points)) {
  EXPECT_CONTRACT(!points_.empty());
  schema_ = record_schema(*points_.front());
  communities_ = std::make_shared<Communities>(points_);
}

Simulation::World Simulation::make_world(std::uint32_t point, const WorldKeys& keys) const {
  EXPECT_CONTRACT(point < points_.size());
  if (points_[point]->output.digests) {
    return make_digested_world(points_[point], keys);
  }
  return fingers::make_world(points_[point], keys, communities_->of(point, keys));
}

bool Simulation::advance(World& world, std::uint32_t step) const {
  world.step = step;
  return world.scenario->output.digests ? digested_month(world) : month(world);
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
  if (world.scenario->output.models) {
    record.tables.push_back(model_columns(world));
    record.tables.push_back(model_form_columns(world));
  }
  if (world.scenario->output.digests) {
    record.tables.push_back(digest_columns(world.digests));
  }
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
  const ReadConfig config{
      .document = document, .scenario = reading.scenario, .parameters = reading.parameters};
  const std::vector<Factor> factors = factors_of(config, batch.mistakes);
  if (batch.mistakes.empty()) {
    batch.design = design_of(config, factors, batch.mistakes);
  }
  if (!batch.mistakes.empty()) {
    return batch;
  }
  PointMaker points(document, reading, batch);
  // A draw that makes no world is a mistake of a range, and is said once; listed points are
  // somebody's values, each with its own place.
  const std::size_t enough = batch.design.kind == DesignKind::csv ? kMostTableMistakes : 1;
  for (std::size_t k = 0; k < batch.design.n_combinations() && batch.mistakes.size() < enough;
       ++k) {
    points.make(k);
  }
  const Experiment& experiment = reading.scenario.experiment;
  batch.model_text =
      model_text(reading.parameters, met_regimes(reading.scenario, experiment.regimes));
  batch.scenario = std::move(reading.scenario);
  batch.config_text = std::move(reading.resolved_text);
  batch.parameters = std::move(reading.parameters);
  return batch;
}

RunRecord run_point(const Simulation& simulation, const Batch& batch, std::uint32_t point,
                    std::uint32_t replicate) {
  return run_world(simulation, seeds_of_point(batch.design, batch.scenario.seeds, point), point,
                   replicate);
}

void list_parameters(ParameterCatalogue& catalogue) {
  Scenario scenario;
  declare(catalogue, scenario);
}

}  // namespace fingers
