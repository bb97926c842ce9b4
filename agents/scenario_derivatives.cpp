// Declarations of public derivatives, and of what reaches them of their bases' fixes (M5.5, M6.5).
#include "agents/scenario_mechanisms.hpp"

namespace fingers {

void declare_derivatives(Parameters& p, DerivativeParameters& x) {
  p.begin("derivatives", "M4, M5.4, M5.5, M6.5: what the community makes of weights and source");
  p.flag("enabled", x.enabled, kSwitch);
  p.number(
      "publish", x.publish,
      {"1/act",
       1e-4,
       kShare,
       {1e-5, 1e-3},
       kAssume,
       "chance that an act of tuning or pre-training makes a public derivative; each stands for "
       "many"});
  p.number(
      "tune_erosion", x.tune_erosion,
      {"share", 0.05, kShare, {0, 0.3}, kAssume, "alignment that a layer of tuning takes away"});
  p.number("layer_flaws", x.layer_flaws,
           {"share",
            0.1,
            {0, 100},
            {0, 0.5},
            kAssume,
            "flaws that a layer brings of its own, against those of a base"});
  p.number("merge", x.merge,
           {"share",
            0.5,
            kShare,
            {0.1, 0.95},
            kAssume,
            "chance that a maintainer ever merges a fix of what the derivative was made from"});
  p.number("maintainer_shape", x.maintainer_shape,
           {"-",
            0.7,
            {0.01, 100},
            {0.4, 1.5},
            kAssume,
            "Weibull shape of the delay until a maintainer merges a fix"});
  p.number("maintainer_scale_days", x.maintainer_scale_days,
           {"day", 45, {1e-9, 1e9}, {7, 365}, kAssume, "Weibull scale of that delay"});
  p.end();
}

}  // namespace fingers
