#include "engine/act_calendar.hpp"

#include <algorithm>
#include <numeric>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers {
namespace {

constexpr std::uint32_t kCalendarPurpose = 4;  ///< beside those of engine/rare_acts.cpp

/// The draws that follow step - 1; those of 0 come before the first step.
LaneAddress calendar_address(const StreamKey& key, std::uint32_t after) {
  return lane_address(key, after, kCalendarPurpose, 0);
}

}  // namespace

std::vector<double> inverse_hazards(std::span<const float> rate) {
  std::vector<double> inverse(rate.size());
  std::ranges::transform(rate, inverse.begin(),
                         [](float r) { return -1 / portable_log1p(-double{r}); });
  return inverse;
}

ActCalendar::ActCalendar(std::uint32_t n_steps, std::size_t likely_acts) : due_(n_steps) {
  for (auto& due : due_) {
    due.reserve(likely_acts);
  }
}

void ActCalendar::enter(const std::uint32_t* agents, std::uint32_t n, std::uint32_t from,
                        const GapRow& row) {
  const std::size_t left = due_.size() - from;
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto gap = static_cast<std::uint32_t>(row.gap[i]);
    if (gap < left) {
      due_[from + gap].push_back(agents[i]);
    }
  }
}

void ActCalendar::start(const LaneKernels& kernels, const StreamKey& key,
                        std::span<const double> inverse_hazard) {
  for (auto& due : due_) {
    due.clear();
  }
  const LaneAddress address = calendar_address(key, 0);
  std::array<std::uint32_t, kGapRow> agents{};
  GapRow row;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the kernel
  for (std::size_t begin = 0; begin < inverse_hazard.size(); begin += kGapRow) {
    const auto n =
        static_cast<std::uint32_t>(std::min<std::size_t>(kGapRow, inverse_hazard.size() - begin));
    std::iota(agents.begin(), agents.begin() + n, static_cast<std::uint32_t>(begin));
    kernels.draw_waits(address, agents.data(), n, &inverse_hazard[begin], &row);
    enter(agents.data(), n, 0, row);
  }
}

void ActCalendar::list_acts(const LaneKernels& kernels, const ActStep& step,
                            std::span<const double> inverse_hazard,
                            std::vector<std::uint32_t>& acts) {
  EXPECT_CONTRACT(step.step < due_.size());
  const LaneAddress address = calendar_address(step.key, step.step + 1);
  std::array<double, kGapRow> inverse{};
  GapRow row;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the kernel
  std::vector<std::uint32_t>& due = due_[step.step];
  if (!step.silent.empty()) {  // who is silent stays so: no need to enter it again
    std::erase_if(due, [&step](std::uint32_t agent) {
      return ((step.silent[agent / 64] >> (agent % 64)) & 1U) != 0;
    });
  }
  for (std::size_t begin = 0; begin < due.size(); begin += kGapRow) {
    const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(kGapRow, due.size() - begin));
    const std::uint32_t* agents = &due[begin];
    for (std::uint32_t i = 0; i < n; ++i) {
      inverse[i] = inverse_hazard[agents[i]];
    }
    kernels.draw_waits(address, agents, n, inverse.data(), &row);
    for (std::uint32_t i = 0; i < n; ++i) {
      if (row.uniform[i] < double{step.scale}) {
        acts.push_back(agents[i]);
      }
    }
    enter(agents, n, step.step + 1, row);
  }
}

}  // namespace fingers
