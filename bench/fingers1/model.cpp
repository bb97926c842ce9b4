#include "bench/fingers1/model.hpp"

#include <algorithm>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers::fingers1 {
namespace {

constexpr double kFirstDefence = 5;
constexpr double kSeenSeverity = 2;
constexpr double kBanChance = 0.2;
constexpr double kTailIndex = 1.5;
constexpr std::uint32_t kRow = 256;

/// What draws are for, beside those of engine/rare_acts.cpp and engine/act_calendar.cpp.
enum Purpose : std::uint32_t { trial = 16, severity = 17 };

double uniform_of(std::uint32_t low, std::uint32_t high) {
  return uniform_of_word(low | std::uint64_t{high} << 32);
}

RecordSchema make_schema() {
  return {.name = "fingers-1",
          .version = 1,
          .tables = {{.name = "events",
                      .row = "event",
                      .meaning = "successful attempts",
                      .columns = {{"month", ColumnType::u1, "month", "when", "", {}},
                                  {"actor", ColumnType::u4, "1", "who", "", {}},
                                  {"model", ColumnType::u1, "1", "with which model", "", {}},
                                  {"severity", ColumnType::f4, "1", "how severe", "", {}}}}},
          .series = {},
          .outcomes = {{"attempts", ColumnType::f8, "1", "number of attempts", "", {}},
                       {"defence", ColumnType::f8, "1", "d at the end", "", {}}},
          .dictionaries = {}};
}

}  // namespace

static_assert(Model<Fingers1>);

Fingers1::Fingers1(const Plan& plan, const Population& population, const LaneKernels& kernels)
    : plan_(plan), population_(population), kernels_(kernels), schema_(make_schema()) {
  if (plan.kernel == Kernel::calendar) {
    inverse_hazard_ = inverse_hazards(population.rate);
  }
}

std::unique_ptr<Workspace> Fingers1::take_workspace() const {
  {
    const std::scoped_lock lock(mutex_);
    if (!spaces_.empty()) {
      std::unique_ptr<Workspace> space = std::move(spaces_.back());
      spaces_.pop_back();
      return space;
    }
  }
  auto space = std::make_unique<Workspace>();
  const std::size_t most = likely_most_acts(population_.rate);
  space->attempts.reserve(most);
  if (plan_.kernel == Kernel::calendar) {
    space->calendar = std::make_unique<ActCalendar>(plan_.n_months, most);
  }
  return space;
}

World Fingers1::make_world(std::uint32_t /*point*/, const WorldKeys& keys) const {
  World world;
  world.key = keys.dynamics;
  world.defence = kFirstDefence;
  world.space = take_workspace();
  world.space->banned.assign((population_.rate.size() + 63) / 64, 0);
  if (plan_.kernel == Kernel::calendar) {
    world.space->calendar->start(kernels_, world.key, inverse_hazard_);
  }
  return world;
}

void Fingers1::list_attempts(World& world, std::uint32_t month, double effort) const {
  Workspace& space = *world.space;
  const ActStep step = {.key = world.key,
                        .step = month,
                        .scale = static_cast<float>(effort),
                        .rate = population_.rate,
                        .blocks = population_.blocks,
                        .silent = space.banned};
  space.attempts.clear();
  if (plan_.kernel == Kernel::calendar) {
    space.calendar->list_acts(kernels_, step, inverse_hazard_, space.attempts);
    return;
  }
  const ActSampler sampler = plan_.kernel == Kernel::skips   ? ActSampler::block_skips
                             : plan_.kernel == Kernel::dense ? ActSampler::dense_blocks
                                                             : ActSampler::by_rate;
  fingers::list_acts(kernels_, step, sampler, space.attempts);
}

std::uint32_t Fingers1::record_events(World& world, std::uint32_t month,
                                      std::span<const std::uint32_t> winners) const {
  const auto n = static_cast<std::uint32_t>(winners.size());
  std::array<std::uint32_t, 4 * kRow> words;  // NOLINT: filled by the kernel
  std::array<std::uint32_t, kRow> identity{};
  std::array<double, kRow> severity{};
  for (std::uint32_t i = 0; i < n; ++i) {
    identity[i] = winners[i] / kModels;
  }
  kernels_.random_at(lane_address(world.key, month, Purpose::severity, 0), identity.data(), n,
                     words.data());
  for (std::uint32_t i = 0; i < n; ++i) {
    severity[i] = 1 - uniform_of(words[i], words[n + i]);
  }
  kernels_.log_row(severity.data(), n);  // U^(-1 / index) by its logarithm
  for (std::uint32_t i = 0; i < n; ++i) {
    severity[i] *= -1 / kTailIndex;
  }
  kernels_.exp_row(severity.data(), n);
  Events& events = world.space->events;
  std::uint32_t n_seen = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    events.month.push_back(static_cast<std::uint8_t>(month));
    events.actor.push_back(identity[i]);
    events.model.push_back(static_cast<std::uint8_t>(winners[i] % kModels));
    events.severity.push_back(static_cast<float>(severity[i]));
    n_seen += severity[i] >= kSeenSeverity ? 1 : 0;
  }
  return n_seen;
}

std::uint32_t Fingers1::attempt(World& world, std::uint32_t month, const std::uint32_t* places,
                                std::uint32_t n) const {
  constexpr auto kBanned = static_cast<std::uint32_t>(kBanChance * 0x1p32);
  std::array<std::uint32_t, 4 * kRow> words;    // NOLINT: filled by the kernel
  std::array<Actor, kRow> actor;                // NOLINT: filled below
  std::array<std::uint32_t, kRow> identity;     // NOLINT: filled below
  std::array<std::uint32_t, kRow + 1> winners;  // NOLINT: filled below
  std::array<std::uint32_t, kRow + 1> banned;   // NOLINT: filled below
  for (std::uint32_t i = 0; i < n; ++i) {
    actor[i] = population_.actor[places[i]];
    identity[i] = actor[i].identity_and_model / kModels;
  }
  kernels_.random_at(lane_address(world.key, month, Purpose::trial, 0), identity.data(), n,
                     words.data());
  // sigma(x) > u, with e^x = odds * ease, and without a division: odds * ease * (1 - u) > u. Lists
  // grow without a branch, which nothing could foretell.
  const double ease = portable_exp(0.03 * month - world.defence);
  std::uint32_t n_winners = 0;
  std::uint32_t n_banned = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double u = uniform_of(words[i], words[n + i]);
    winners[n_winners] = actor[i].identity_and_model;
    n_winners += double{actor[i].odds} * ease * (1 - u) > u ? 1 : 0;
    banned[n_banned] = places[i];
    // The last bit of identity * 8 + model says whether the model is hosted.
    n_banned += (words[2 * n + i] < kBanned ? 1U : 0U) & actor[i].identity_and_model;
  }
  for (std::uint32_t k = 0; k < n_banned; ++k) {
    world.space->banned[banned[k] / 64] |= std::uint64_t{1} << (banned[k] % 64);
  }
  return record_events(world, month, {winners.data(), n_winners});
}

bool Fingers1::advance(World& world, std::uint32_t month) const {
  list_attempts(world, month, 1 / (1 + 0.1 * (world.defence - kFirstDefence)));
  const std::vector<std::uint32_t>& attempts = world.space->attempts;
  std::uint32_t n_seen = 0;
  for (std::size_t begin = 0; begin < attempts.size(); begin += kRow) {
    const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(kRow, attempts.size() - begin));
    // The actors of the next row are on their way while this one is worked off.
    const std::size_t next_end =
        std::min<std::size_t>(begin + std::size_t{2} * kRow, attempts.size());
    for (std::size_t i = begin + n; i < next_end; ++i) {
      __builtin_prefetch(&population_.actor[attempts[i]]);
    }
    n_seen += attempt(world, month, &attempts[begin], n);
  }
  world.n_attempts += attempts.size();
  world.defence += plan_.setting.learning * n_seen / static_cast<double>(population_.n_actors);
  return true;
}

RunRecord Fingers1::records(World& world) const {
  RunRecord record;
  Events& events = world.space->events;
  record.tables = {{events.month, events.actor, events.model, events.severity}};
  record.outcomes = {static_cast<double>(world.n_attempts), world.defence};
  events.month.clear();
  events.actor.clear();
  events.model.clear();
  events.severity.clear();
  const std::scoped_lock lock(mutex_);
  spaces_.push_back(std::move(world.space));
  return record;
}

}  // namespace fingers::fingers1
