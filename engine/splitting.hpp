// Multilevel splitting with fixed effort: the probability of an event too rare to be seen by plain
// runs, as a product of probabilities that are not. A score of the world climbs over levels, the
// last of which is the event; worlds are copied where they cross a level and go on from there with
// new random numbers (Kahn and Harris 1951; Garvels 2000, "The splitting method in rare event
// simulation"). Levels, and the guide by which worlds climb over them (splitting_guide.hpp), are
// fixed before a repetition begins, so its estimate is unbiased, whatever they are. Splitting pays
// only where the event is approached through states that the guide tells apart;
// splitting_report.hpp says when it does not.
//
// Trajectory t of repetition r runs under replicate r × trajectories + t, and from level k on under
// branch k of it (StreamKey): the first stage consists of runs that plain simulation has too.
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/clock.hpp"
#include "engine/contract.hpp"
#include "engine/model.hpp"
#include "engine/parallel.hpp"
#include "engine/splitting_guide.hpp"
#include "engine/splitting_levels.hpp"

namespace fingers {

/// What splitting asks of a model: worlds that can be copied, a score, and new random numbers.
template <class M>
concept SplittingModel =
    std::copyable<typename M::World> &&
    requires(const M& model, typename M::World& world, const typename M::World& seen,
             const WorldKeys& keys, const StreamKey& dynamics, std::uint32_t point,
             std::uint32_t step) {
      { model.clock() } -> std::convertible_to<Clock>;
      { model.make_world(point, keys) } -> std::same_as<typename M::World>;
      { model.advance(world, step) } -> std::same_as<bool>;
      /// From here on the world draws what it has not drawn yet from this key.
      { model.branch(world, dynamics) } -> std::same_as<void>;
      /// How near the world is to the event, after a step; NaN says nothing.
      { model.score(seen) } -> std::convertible_to<double>;
    };

/// What is asked for.
struct SplittingTask {
  std::uint32_t point = 0;
  StreamSeeds seeds;
  double threshold = 0;            ///< the event: a score of at least this, within the horizon
  bool foretold = true;            ///< levels are of what the guide foretells; else of the score
  std::vector<double> levels;      ///< below it, ascending; empty: a pilot chooses them
  std::uint32_t trajectories = 0;  ///< of each level of each repetition
  std::uint32_t repetitions = 0;   ///< at least kLeastRepetitions
  std::uint32_t plain_runs = 0;    ///< from beginning to end: for guide and levels, to compare with
};

/// What one repetition came to.
struct SplittingRepetition {
  std::vector<std::uint32_t> reached;  ///< trajectories of each level that reached it
  std::uint32_t leaps = 0;  ///< of those at the last, that took half of all levels in one step
  std::uint64_t steps = 0;  ///< that worlds were advanced
};

/// All that was run.
struct SplittingRuns {
  std::vector<double> levels;  ///< ascending; the last is the threshold
  std::uint32_t trajectories = 0;
  std::vector<double> plain_peaks;  ///< the highest level that each plain run would have reached
  std::uint64_t plain_steps = 0;
  std::uint64_t pilot_steps = 0;  ///< beyond the plain runs, to choose the levels
  std::vector<SplittingRepetition> repetitions;
};

/// Runs the plain runs, the pilot and all repetitions of a task on `threads` threads, which decide
/// nothing of the result. Takes the memory of two levels' crossings for each thread.
template <SplittingModel M>
class Splitting {
 public:
  Splitting(const M& model, SplittingTask task) : model_(model), task_(std::move(task)) {
    EXPECT_CONTRACT(task_.repetitions >= kLeastRepetitions && task_.trajectories >= 1);
    EXPECT_CONTRACT(std::uint64_t{task_.repetitions} * task_.trajectories + task_.plain_runs <=
                    std::numeric_limits<std::uint32_t>::max());
  }

  /// Begins nothing more when `stop` is set; the answer is then not to be used.
  SplittingRuns run(int threads, const std::atomic<bool>& stop) {
    const Effort effort{.threads = threads, .stop = stop};
    SplittingRuns runs;
    runs.trajectories = task_.trajectories;
    const Stage plain = start(task_.repetitions * task_.trajectories, task_.plain_runs);
    run_plainly(plain, effort, runs);
    runs.levels = task_.levels;
    if (runs.levels.empty()) {
      find_levels(plain, effort, runs);
    }
    runs.levels.push_back(task_.threshold);
    runs.repetitions.resize(task_.repetitions);
    for_each_index(
        task_.repetitions, threads,
        [&](std::uint64_t r) {
          runs.repetitions[r] = repeat(static_cast<std::uint32_t>(r), runs.levels, stop);
        },
        stop);
    return runs;
  }

 private:
  struct Effort {
    int threads;
    const std::atomic<bool>& stop;
  };

  /// A world on its way.
  struct Path {
    typename M::World world;
    ScoreHistory history;                                    ///< after each step that it has made
    double peak = -std::numeric_limits<double>::infinity();  ///< the highest level reached
    std::size_t leap = 0;  ///< the most levels that it crossed in one step
    bool over = false;     ///< it has ended, or the horizon is reached
  };
  using Crossings = std::vector<std::shared_ptr<const Path>>;

  /// Trajectories that begin where others crossed a level; at first at the start.
  struct Stage {
    std::uint32_t first_replicate = 0;
    std::uint32_t n = 0;
    std::uint32_t branch = 0;
    Crossings from;                     ///< empty: from the start
    std::vector<std::uint32_t> begins;  ///< which of `from`, by trajectory
  };

  static Stage start(std::uint32_t first_replicate, std::uint32_t n) {
    return {.first_replicate = first_replicate, .n = n, .branch = 0, .from = {}, .begins = {}};
  }

  /// The stage after one whose trajectories crossed here. Expects at least one crossing.
  [[nodiscard]] Stage after(const Stage& stage, Crossings crossings) const {
    const StreamKey key =
        make_key(task_.seeds.design, StreamKind::design, stage.first_replicate, stage.branch + 1);
    const auto n_from = static_cast<std::uint32_t>(crossings.size());
    return {.first_replicate = stage.first_replicate,
            .n = stage.n,
            .branch = stage.branch + 1,
            .from = std::move(crossings),
            .begins = spread_evenly(n_from, stage.n, key)};
  }

  /// Where a world stands among the levels, by its history: at the threshold when its score is
  /// there, and below as long as it is not.
  [[nodiscard]] double standing(const ScoreHistory& history) const {
    const double score = history.back();
    if (score >= task_.threshold) {
      return task_.threshold;
    }
    const double foretold = guide_ ? guide_->foretell(history) : score;
    return std::min(foretold,
                    std::nextafter(task_.threshold, -std::numeric_limits<double>::infinity()));
  }

  void step_forward(Path& path) const {
    const auto step = static_cast<std::uint32_t>(path.history.size());
    const bool goes_on = model_.advance(path.world, step);
    const double score = model_.score(path.world);
    path.history.push_back(std::isnan(score) && step > 0 ? path.history.back() : score);
    path.over = !goes_on || step + 1 >= model_.clock().n_steps;
  }

  [[nodiscard]] Path begin_at_start(std::uint32_t replicate) const {
    return {.world = model_.make_world(task_.point, make_world_keys(task_.seeds, replicate)),
            .history = {}};
  }

  /// Runs trajectory t until it stands at `level`, or to its end. Answers a null pointer when it
  /// did not get there.
  [[nodiscard]] std::shared_ptr<const Path> climb(const Stage& stage, std::uint32_t t,
                                                  std::span<const double> levels, double level,
                                                  SplittingTrace& trace) const {
    const std::uint32_t replicate = stage.first_replicate + t;
    std::shared_ptr<Path> path;
    if (stage.from.empty()) {
      path = std::make_shared<Path>(begin_at_start(replicate));
    } else {
      const std::shared_ptr<const Path>& begin = stage.from[stage.begins[t]];
      if (begin->peak >= level || begin->over) {
        trace.peak = begin->peak;
        return begin->peak >= level ? begin : nullptr;
      }
      path = std::make_shared<Path>(*begin);
      model_.branch(path->world,
                    make_key(task_.seeds.dynamics, StreamKind::dynamics, replicate, stage.branch));
    }
    while (path->peak < level && !path->over) {
      step_forward(*path);
      ++trace.steps;
      const double now = standing(path->history);
      if (now > path->peak) {
        path->leap = std::max(path->leap, levels_between(levels, path->peak, now));
        path->peak = now;
      }
    }
    trace.peak = path->peak;
    return path->peak >= level ? path : nullptr;
  }

  /// All plain runs, to their ends; fits the guide to them.
  void run_plainly(const Stage& plain, const Effort& effort, SplittingRuns& runs) {
    std::vector<ScoreHistory> histories(plain.n);
    for_each_index(
        plain.n, effort.threads,
        [&](std::uint64_t t) {
          Path path = begin_at_start(plain.first_replicate + static_cast<std::uint32_t>(t));
          while (!path.over) {
            step_forward(path);
          }
          histories[t] = std::move(path.history);
        },
        effort.stop);
    if (task_.foretold) {
      guide_.emplace(histories, model_.clock().n_steps);
    }
    for (const ScoreHistory& history : histories) {
      runs.plain_steps += history.size();
      double peak = -std::numeric_limits<double>::infinity();
      ScoreHistory so_far;
      for (const double score : history) {
        so_far.push_back(score);
        peak = std::max(peak, standing(so_far));
      }
      runs.plain_peaks.push_back(peak);
    }
  }

  /// Runs all trajectories of a stage until they stand at `level`: where they do, in their order,
  /// and how high each came.
  Crossings climb_all(const Stage& stage, double level, const Effort& effort,
                      std::vector<double>& peaks, std::uint64_t& steps) const {
    Crossings all(stage.n);
    std::vector<SplittingTrace> traces(stage.n);
    for_each_index(
        stage.n, effort.threads,
        [&](std::uint64_t t) {
          all[t] = climb(stage, static_cast<std::uint32_t>(t), {}, level, traces[t]);
        },
        effort.stop);
    peaks.clear();
    for (const SplittingTrace& trace : traces) {
      peaks.push_back(trace.peak);
      steps += trace.steps;
    }
    std::erase(all, nullptr);
    return all;
  }

  /// Levels that a fifth of a pilot's trajectories reach from the one before
  /// (splitting_levels.hpp). Each stage is run twice: to see how high it comes, and to the level
  /// that follows from that.
  void find_levels(Stage stage, const Effort& effort, SplittingRuns& runs) const {
    std::vector<double> peaks = runs.plain_peaks;
    std::vector<double> ignored;
    double below = -std::numeric_limits<double>::infinity();
    while (!effort.stop.load() && runs.levels.size() < kMostLevels) {
      const double level = next_level(peaks, below);
      if (!(level < task_.threshold)) {
        if (!runs.levels.empty() && is_needless(peaks, task_.threshold)) {
          runs.levels.pop_back();
        }
        return;
      }
      Crossings crossings = climb_all(stage, level, effort, ignored, runs.pilot_steps);
      if (crossings.empty()) {
        return;  // stopped
      }
      runs.levels.push_back(level);
      below = level;
      stage = after(stage, std::move(crossings));
      climb_all(stage, task_.threshold, effort, peaks, runs.pilot_steps);
    }
  }

  [[nodiscard]] SplittingRepetition repeat(std::uint32_t number, std::span<const double> levels,
                                           const std::atomic<bool>& stop) const {
    SplittingRepetition repetition;
    repetition.reached.assign(levels.size(), 0);
    Stage stage = start(number * task_.trajectories, task_.trajectories);
    for (std::size_t k = 0; k < levels.size(); ++k) {
      Crossings crossings;
      for (std::uint32_t t = 0; t < stage.n && !stop.load(); ++t) {
        SplittingTrace trace;
        if (auto path = climb(stage, t, levels, levels[k], trace)) {
          crossings.push_back(std::move(path));
        }
        repetition.steps += trace.steps;
      }
      repetition.reached[k] = static_cast<std::uint32_t>(crossings.size());
      if (crossings.empty()) {
        return repetition;
      }
      stage = after(stage, std::move(crossings));
    }
    for (const auto& path : stage.from) {
      repetition.leaps += is_leap(path->leap, levels.size()) ? 1 : 0;
    }
    return repetition;
  }

  const M& model_;
  SplittingTask task_;
  std::optional<SplittingGuide> guide_;
};

}  // namespace fingers
