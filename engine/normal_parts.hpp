// The pieces of portable_normal_quantile (engine/arithmetic.hpp): rational functions of M. J.
// Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics
// 37, 1988 (PPND16, relative error about 1e-16). Internal to each file that includes it, as
// engine/arithmetic_parts.hpp is.
#pragma once

#include <array>
#include <cstddef>

namespace fingers {
namespace {

using NormalTerms = std::array<double, 8>;

/// Numerator and denominator, from the constant term on.
struct NormalRatio {
  NormalTerms above;
  NormalTerms below;
};

inline constexpr double kNormalMiddle = 0.425;  ///< |u - 1/2| up to which kNormalCentre holds
inline constexpr double kNormalTail = 5;        ///< r beyond which kNormalFar holds

inline constexpr NormalRatio kNormalCentre = {
    .above = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
              1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
              3.3430575583588128105e4, 2.5090809287301226727e3},
    .below = {1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
              2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
              5.2264952788528545610e3}};

inline constexpr NormalRatio kNormalNear = {
    .above = {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
              3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
              2.27238449892691845833e-2, 7.74545014278341407640e-4},
    .below = {1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
              1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
              1.05075007164441684324e-9}};

inline constexpr NormalRatio kNormalFar = {
    .above = {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
              2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
              2.71155556874348757815e-5, 2.01033439929228813265e-7},
    .below = {1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
              7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
              2.04426310338993978564e-15}};

[[gnu::always_inline]] inline double polynomial(const NormalTerms& a, double x) {
  return ((((((a[7] * x + a[6]) * x + a[5]) * x + a[4]) * x + a[3]) * x + a[2]) * x + a[1]) * x +
         a[0];
}

/// scale * above(x) / below(x).
[[gnu::always_inline]] inline double normal_ratio(double scale, const NormalRatio& ratio,
                                                  double x) {
  return scale * polynomial(ratio.above, x) / polynomial(ratio.below, x);
}

/// The quantile for q = u - 1/2 with |q| <= kNormalMiddle.
[[gnu::always_inline]] inline double normal_centre(double q) {
  return normal_ratio(q, kNormalCentre, kNormalMiddle * kNormalMiddle - q * q);
}

}  // namespace
}  // namespace fingers
