// FINGERS-1 as a model of the engine (engine/model.hpp): N actors, 8 models, 60 months.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "bench/fingers1/population.hpp"
#include "engine/act_calendar.hpp"
#include "engine/model.hpp"

namespace fingers::fingers1 {

enum class Kernel : std::uint8_t { skips, dense, by_rate, calendar };

/// What a run is about, apart from its population.
struct Plan {
  Setting setting;
  Kernel kernel = Kernel::by_rate;
  std::uint32_t n_months = 60;
};

/// The columns of recorded events.
struct Events {
  std::vector<std::uint8_t> month;
  std::vector<std::uint32_t> actor;
  std::vector<std::uint8_t> model;
  std::vector<float> severity;
};

/// What a world writes to while it runs; handed from one to the next.
struct Workspace {
  std::vector<std::uint64_t> banned;  ///< a bit for each actor with access
  std::vector<std::uint32_t> attempts;
  std::unique_ptr<ActCalendar> calendar;
  Events events;
};

struct World {
  StreamKey key;
  double defence = 0;
  std::uint64_t n_attempts = 0;
  std::unique_ptr<Workspace> space;
};

class Fingers1 {
 public:
  using World = fingers1::World;

  /// The population must outlive the model; one serves all worlds.
  Fingers1(const Plan& plan, const Population& population, const LaneKernels& kernels);

  [[nodiscard]] const RecordSchema& schema() const { return schema_; }
  [[nodiscard]] Clock clock() const {
    return {.start_year = 0, .dt_years = 1 / kMonthsPerYear, .n_steps = plan_.n_months};
  }
  [[nodiscard]] World make_world(std::uint32_t point, const WorldKeys& keys) const;
  bool advance(World& world, std::uint32_t month) const;
  /// Events and totals. Gives the workspace back: the world has ended.
  [[nodiscard]] RunRecord records(World& world) const;

 private:
  void list_attempts(World& world, std::uint32_t month, double effort) const;
  /// Works off n attempts; answers how many were seen.
  std::uint32_t attempt(World& world, std::uint32_t month, const std::uint32_t* places,
                        std::uint32_t n) const;
  /// Records what the winners (identity * 8 + model) did; answers how many events were seen.
  std::uint32_t record_events(World& world, std::uint32_t month,
                              std::span<const std::uint32_t> winners) const;
  std::unique_ptr<Workspace> take_workspace() const;

  Plan plan_;
  const Population& population_;
  const LaneKernels& kernels_;
  std::vector<double> inverse_hazard_;  ///< for the calendar only
  RecordSchema schema_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Workspace>> spaces_;  ///< not in use
};

}  // namespace fingers::fingers1
