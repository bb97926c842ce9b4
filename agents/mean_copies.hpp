// What fixes leave of a flaw in the copies of a model's users, in the mean over these (M6.5): for
// harm that comes to all of them little by little (M11).
#pragma once

#include <cstdint>
#include <vector>

namespace fingers {

struct World;

/// Share of updating private copies that have taken a fix, over the square root of its age.
struct CoverageTable {
  std::vector<double> taken;
  double steps_per_root_year = 0;

  /// Weibull coverage at an age, by linear interpolation between points that lie hours apart at
  /// first and weeks in the end: within 0.002 for shapes in their range of belief.
  [[nodiscard]] double at(double age_years) const;
};

CoverageTable coverage_table(const World& world);

/// Virulence of one instance, at hosts that patch at once and on average over private copies.
struct MeanCopies {
  double newest = 0;
  double copies = 0;
  double until_year = 0;      ///< when to look again
  std::uint32_t n_fixes = 0;  ///< of the flaw at that time

  /// Whether it is still good at a time, when the flaw has so many fixes.
  [[nodiscard]] bool serves(std::uint32_t fixes, double year) const {
    return n_fixes == fixes && year < until_year;
  }
};

/// Brings them up to this month. A share `never_update` has taken no fix since the model came out,
/// the others each one independently of another. In a derivative, where fixes come down a line of
/// maintainers, the value serves until the next merge or until the youngest merged fix is a tenth
/// older: off by less than 1 %.
void refresh(MeanCopies& state, const World& world, std::uint32_t instance);

}  // namespace fingers
