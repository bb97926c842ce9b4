// What a policy may look at: plain numbers, filled by the agents' side.
#pragma once

namespace fingers {

struct Situation {
  double year = 0;                  ///< calendar year
  double months_since_release = 0;  ///< of the model that is being decided on; 0 on its day
  double frontier_oom = 0;          ///< capability of the best model that exists [OOM]
  double incidents_last_year = 0;   ///< harm events that became known in the last 12 months
};

}  // namespace fingers
