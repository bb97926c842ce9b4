// What a law of model.md M17 needs: a config in which everything but its own mechanism is off, runs
// of it through the same door as every other run (read_batch, Simulation, run_world), and estimates
// that are held against a closed form.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agents/simulation.hpp"
#include "tests/support/estimate.hpp"

namespace fingers {

/// A config that is changed by JSON pointer. Every number of a world comes from here.
class LawConfig {
 public:
  /// The quiet world: one lab without a budget whose model of 30 OOM is out as open weights;
  /// everybody can run it, its alignment is 0 and it lies far above the critical capability, so
  /// that x = 1 (M5.3). Hosts, scrutiny, derivatives, leaks, misuse, defence and responses are off;
  /// nobody lives in it yet. Flaws have no kind.
  static LawConfig quiet();
  /// The built-in baseline.
  static LawConfig baseline();

  LawConfig& set(const std::string& pointer, const std::string& json);
  LawConfig& set(const std::string& pointer, double value);
  LawConfig& set(const std::string& pointer, int value) {
    return set(pointer, static_cast<double>(value));
  }
  LawConfig& set(const std::string& pointer, const char* json) {
    return set(pointer, std::string(json));
  }

  [[nodiscard]] const Document& document() const { return document_; }

 private:
  explicit LawConfig(Document document) : document_(std::move(document)) {}
  Document document_;
};

/// One run, read by the names of its schema.
class RunView {
 public:
  RunView(const RecordSchema& schema, const RunRecord& record)
      : schema_(&schema), record_(&record) {}

  [[nodiscard]] double outcome(std::string_view name) const;
  /// One value a step.
  [[nodiscard]] std::span<const float> series(std::string_view name) const;
  [[nodiscard]] double series_sum(std::string_view name) const;
  /// A column of the table of events, as doubles.
  [[nodiscard]] std::vector<double> event_column(std::string_view name) const;
  /// The code of a name in a dictionary of the schema.
  [[nodiscard]] double code(std::string_view dictionary, std::string_view name) const;
  [[nodiscard]] const RunRecord& record() const { return *record_; }

 private:
  const RecordSchema* schema_;
  const RunRecord* record_;
};

/// A config that has been read. Expects one without mistakes.
class LawRuns {
 public:
  explicit LawRuns(const LawConfig& config);

  [[nodiscard]] const RecordSchema& schema() const { return simulation_.schema(); }
  [[nodiscard]] std::uint32_t n_points() const;
  [[nodiscard]] std::uint32_t n_replicates() const { return batch_.design.replicates; }
  [[nodiscard]] const DesignPoint& point(std::uint32_t point) const {
    return batch_.design.points[point];
  }
  /// One run of a point.
  void run(std::uint32_t point, std::uint32_t replicate,
           const std::function<void(const RunView&)>& read) const;
  /// What `measure` reads in each replicate of a point, in their order.
  [[nodiscard]] std::vector<double> measure(
      std::uint32_t point, const std::function<double(const RunView&)>& measure) const;
  /// The same for measures that are lists of equal length: [measure][replicate].
  [[nodiscard]] std::vector<std::vector<double>> measure_all(
      std::uint32_t point, const std::function<std::vector<double>(const RunView&)>& measure) const;

 private:
  Batch batch_;
  Simulation simulation_;
};

/// Ratio of two sums over independent pairs, its error to first order.
MeanEstimate ratio_of(std::span<const double> numerators, std::span<const double> denominators);

/// What an estimate is held against.
struct Law {
  double expected = 0;  ///< the closed form
  double bound = 0;     ///< of the standard error
  double wrong = 0;     ///< what a deliberately wrong law would say
};

/// Within three standard errors of each other.
bool agrees(const MeanEstimate& estimate, double expected);

/// Checks that the estimate is sharp enough, agrees with its law, and rejects the wrong one.
void check_law(const std::string& name, const MeanEstimate& estimate, const Law& law);

/// Mean of f(k) over k ~ Poisson(mean).
double mean_over_poisson(double mean, const std::function<double(double)>& f);

/// A density of virulence ∝ E^−index on [low, high] (M6.1).
struct VirulenceLaw {
  double index = 1;
  double low = 0;
  double high = 0;
};
/// Mean of f(E) under it, by the midpoint rule on a logarithmic grid.
double mean_over_virulence(const VirulenceLaw& law, const std::function<double(double)>& f);

}  // namespace fingers
