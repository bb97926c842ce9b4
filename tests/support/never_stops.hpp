// For what asks whether to stop: nobody ever does.
#pragma once

#include <atomic>

namespace fingers {

inline const std::atomic<bool> kNeverStops{false};

}  // namespace fingers
