// Community developers, the fingers (M5), and the auditors beside them (M6.2): who they are and
// what they do in a month.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace fingers {

struct Scenario;
struct StreamKey;
struct World;

inline constexpr std::uint32_t kElsewhere = 0xFFFFFFFF;

struct Developers {
  std::vector<double> mean_acts;  ///< w·λ·dt: mean number of acts in a step
  std::vector<double> no_act;     ///< e^-mean: chance of none
  /// The same among the 2^53 values of a uniform: those below this one give no act.
  std::vector<std::uint64_t> no_act_of_uniforms;
  std::vector<double> cumulative_acts;  ///< running sum of mean_acts
  std::vector<double> recklessness;     ///< ρ, mean 1 over the population
  std::vector<double> diligence;        ///< e, 0 to 1
  std::vector<double> budget_usd;       ///< a year
  std::vector<std::uint8_t> granted;    ///< 1: accepted where weights are gated
  std::vector<std::uint8_t>
      third_party;  ///< 1: runs weights at another's host, which patches at once
  std::vector<double> sorted_budget_usd;  ///< of all, ascending, for shares of those who can afford
  /// Of each, what decides whether it can pay for a model: how many come before it when those whom
  /// makers do not accept for gated weights and then those whom they do stand in order of budgets;
  /// kElsewhere at another's host.
  std::vector<std::uint32_t> place;
  /// Of those not accepted and of those accepted, the first place of who has at least the budget of
  /// that rank among all; a last entry behind all ranks.
  std::array<std::vector<std::uint32_t>, 2> place_of_rank;

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(mean_acts.size()); }
};

struct Auditors {
  std::vector<double> skill;  ///< mean 1 over the population
  double total_skill = 0;
};

/// Who lives in the replicate of a key of the population stream.
Developers make_developers(const Scenario& scenario, const StreamKey& population);

void make_auditors(World& world);

/// M5.2 to M5.3: all acts of the month; losses of control become events.
void press(World& world);

/// How many developers have a yearly budget below `usd`.
std::uint32_t count_poorer(const Developers& developers, double usd);

/// Share of developers that is left without so many; 0 where there are none.
double share_above(const Developers& developers, std::uint32_t poorer);

/// Share of developers whose yearly budget is at least `usd`.
double share_who_afford(const Developers& developers, double usd);

}  // namespace fingers
