// Tested by tests/cli (what a file says of itself) and tests/agents/provenance_test.cpp.
#include "agents/provenance.hpp"

#include "engine/config_reader.hpp"
#include "engine/json_text.hpp"

namespace fingers {

namespace {

using Layout = JsonObject::Layout;
using Parameter = ParameterReader::Resolved;

constexpr std::string_view kLicenceOfData = "CC-BY-4.0";

std::string parameter_json(const Parameter& parameter) {
  const Declaration& declared = parameter.declaration;
  return JsonObject(Layout::line)
      .text("pointer", parameter.pointer)
      .json("value", parameter.value_text)
      .text("unit", declared.unit)
      .number("low", declared.belief.low)
      .number("high", declared.belief.high)
      .text("source", declared.source)
      .text("meaning", declared.meaning)
      .str();
}

std::string design_json(const Batch& batch) {
  std::vector<std::string> regimes;
  for (const std::string& regime : batch.scenario.experiment.regimes) {
    regimes.push_back(json_quoted(regime));
  }
  std::vector<std::string> factors;
  for (const Factor& factor : batch.design.factors) {
    std::vector<std::string> values;
    for (const double value : factor.values) {
      values.push_back(number_text(value));
    }
    JsonObject shown(Layout::line);
    shown.text("pointer", factor.pointer).text("unit", factor.unit);
    if (values.empty()) {
      shown.number("low", factor.range.low).number("high", factor.range.high);
    } else {
      shown.json("values", json_list(values));
    }
    if (is_drawn(batch.design.kind)) {
      shown.text("scale", kScaleNames[static_cast<std::size_t>(factor.scale)]);
    }
    factors.push_back(shown.str());
  }
  const bool at_most = batch.scenario.experiment.until.asked;
  return JsonObject(Layout::line)
      .text("kind", kDesignKindNames[static_cast<std::size_t>(batch.design.kind)])
      .whole("combinations", batch.design.n_combinations())
      .json("regimes", json_list(regimes))
      .json("factors", json_list(factors))
      .whole(at_most ? "most_replicates" : "replicates", batch.design.replicates)
      .text("random_numbers",
            kRandomNumbersNames[static_cast<std::size_t>(batch.design.random_numbers)])
      .str();
}

std::string seeds_json(const StreamSeeds& seeds) {
  return JsonObject(Layout::line)
      .whole("design", seeds.design)
      .whole("population", seeds.population)
      .whole("dynamics", seeds.dynamics)
      .str();
}

}  // namespace

std::string provenance_text(const Batch& batch, const std::string& command,
                            std::string_view version) {
  std::vector<std::string> parameters;
  std::vector<std::string> assumed;
  for (const Parameter& parameter : batch.parameters) {
    parameters.push_back(parameter_json(parameter));
    if (parameter.declaration.source == kAssume) {
      assumed.push_back(parameters.back());
    }
  }
  return JsonObject(Layout::lines)
             .text("software", "enough-fingers")
             .text("version", version)
             .whole("results_version", kResultsVersion)
             .text("command", command)
             .text("rng", kGenerator)
             .json("seeds", seeds_json(batch.scenario.seeds))
             .json("design", design_json(batch))
             .json("assumed", json_lines(assumed))
             .json("parameters", json_lines(parameters))
             .str() +
         "\n";
}

DatasetDescription describe(const Batch& batch, const Simulation& simulation,
                            const std::string& provenance, std::string_view version) {
  return {.schema = simulation.schema(),
          .design = batch.design,
          .clock = simulation.clock(),
          .seeds = batch.scenario.seeds,
          .title = batch.scenario.title,
          .config_text = batch.config_text,
          .model_text = batch.model_text,
          .point_texts = batch.point_texts,
          .provenance_text = provenance,
          .software = "enough-fingers " + std::string(version),
          .results_version = kResultsVersion,
          .licence = std::string(kLicenceOfData)};
}

}  // namespace fingers
