// Freedom, dependence and surveillance (M14).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fingers {

struct World;

inline constexpr std::size_t kFreedoms = 5;
/// 0 run for any purpose, 1a study and modify by tuning, 1b from the source up, 2 redistribute, 3
/// distribute modified versions.
inline constexpr std::array<std::string_view, kFreedoms> kFreedomNames = {"0", "1a", "1b", "2",
                                                                          "3"};

/// One freedom over the community, each 0 to 1.
struct FreedomShares {
  double granted = 0;            ///< by the licence
  double possible = 0;           ///< by the artefacts that are out
  double exercisable = 0;        ///< granted × possible × affordable, per person
  std::vector<double> by_class;  ///< granted × possible × affordable, per budget class
};

/// The month's freedoms: best over the models within reach of the frontier.
std::array<FreedomShares, kFreedoms> measure_freedoms(const World& world);

/// Dollars to repeat the training of the frontier today, over the compute commons (M5.4, M14).
double retrain_cost_usd(const World& world, double capability_oom);

/// The most capable model whose training the largest budget with the compute commons reaches
/// [OOM]; -infinity where nobody lives.
double community_reach_oom(const World& world);

/// M5.4: whether somebody in the community can repeat the training of a model: its source is out,
/// and the largest budget with the compute commons reaches the cost.
/// `reach_oom` is the month's community_reach_oom.
bool community_can_retrain(const World& world, std::uint32_t model, double reach_oom);

/// Herfindahl index of use over makers, 0 to 1 (dependence, M14).
double dependence(const World& world);

/// Share of honest activity that some host observes.
double surveillance_share(const World& world);

}  // namespace fingers
