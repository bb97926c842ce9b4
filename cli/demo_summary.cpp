#include "cli/demo_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agents/story_words.hpp"
#include "cli/terminal.hpp"
#include "engine/contract.hpp"
#include "engine/intervals.hpp"
#include "engine/parallel.hpp"
#include "engine/signals.hpp"

namespace fingers {

namespace {

constexpr double kConfidence = 0.95;

/// Values of one outcome, [point × replicates + replicate].
using Outcomes = std::vector<double>;

std::size_t outcome_number(const Simulation& simulation, std::string_view name) {
  const auto& columns = simulation.schema().outcomes;
  const auto found = std::ranges::find(columns, name, &ColumnDeclaration::name);
  EXPECT_CONTRACT(found != columns.end());
  return static_cast<std::size_t>(found - columns.begin());
}

/// The value below which a share of the sorted values lies.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(at));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

std::vector<double> sorted_part(const Outcomes& values, std::size_t first, std::size_t n) {
  const auto from = values.begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<double> part(from, from + static_cast<std::ptrdiff_t>(n));
  std::erase_if(part, [](double x) { return std::isnan(x); });
  std::ranges::sort(part);
  return part;
}

std::string not_claimed() {
  return wrapped(
             "Most numbers of the model are belief, not measurement. The bands are the scatter of "
             "repeated runs with the same assumptions; they say nothing about whether these hold.",
             0) +
         wrapped(
             "It is no forecast, and shows neither that release was not open enough nor that "
             "closing is justified: other settings within the declared ranges turn things around. "
             "Safer than the alternative is not safe.",
             0);
}

}  // namespace

std::string summary_text(const Simulation& simulation, const Batch& batch,
                         const std::vector<std::uint32_t>& points, std::uint32_t replicates) {
  const std::size_t harm_column = outcome_number(simulation, "harm_musd");
  const std::size_t first_column = outcome_number(simulation, "first_catastrophe_year");
  const std::size_t freedom_column = outcome_number(simulation, "freedom_1a_exercisable");
  const std::size_t n = points.size() * replicates;
  Outcomes harm(n);
  Outcomes first(n);
  Outcomes freedom(n);
  for_each_index(
      n, available_threads(),
      [&](std::uint64_t i) {
        const RunRecord record = run_point(simulation, batch, points[i / replicates],
                                           static_cast<std::uint32_t>(i % replicates));
        harm[i] = record.outcomes[harm_column];
        first[i] = record.outcomes[first_column];
        freedom[i] = record.outcomes[freedom_column];
      },
      stop_requested());
  std::string text = fmt::format(
      "\n{} replicates of each regime, the same draws for all (bands: 10 % to 90 % of runs)\n\n",
      replicates);
  for (std::size_t p = 0; p < points.size(); ++p) {
    const std::size_t from = p * replicates;
    const auto count = static_cast<std::uint64_t>(sorted_part(first, from, replicates).size());
    const std::vector<double> harms = sorted_part(harm, from, replicates);
    const std::vector<double> freedoms = sorted_part(freedom, from, replicates);
    text += batch.design.points[points[p]].setting + "\n";
    text +=
        "  a catastrophe in  " +
        probability_text(count, replicates, probability_interval(count, replicates, kConfidence)) +
        "\n";
    text += fmt::format("  harm              {}, band {} to {}, n = {}\n",
                        money_words(quantile(harms, 0.5)), money_words(quantile(harms, 0.1)),
                        money_words(quantile(harms, 0.9)), harms.size());
    if (!freedoms.empty()) {
      text += fmt::format("  freedom to tune   {:.0f} %, band {:.0f} % to {:.0f} %, n = {}\n",
                          100 * quantile(freedoms, 0.5), 100 * quantile(freedoms, 0.1),
                          100 * quantile(freedoms, 0.9), freedoms.size());
    }
  }
  return text + "\n" + not_claimed();
}

}  // namespace fingers
