// What the program answers to the shell; the same for every command.
#pragma once

namespace fingers {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;         ///< some replicate failed, or a defect of ours
inline constexpr int kDiffers = 1;        ///< two runs that were compared are not the same
inline constexpr int kWrongInput = 2;     ///< wrong config or usage; nothing was begun
inline constexpr int kUnreadable = 3;     ///< a data file that cannot be read or trusted
inline constexpr int kConflict = 65;      ///< data that contradict each other
inline constexpr int kOutputFailed = 74;  ///< input/output error, such as a full disk
inline constexpr int kTryLater = 75;      ///< another process writes there; later it may go
// Stopped by a signal (signals.hpp): 75 by SIGTERM, 130 by SIGINT.

}  // namespace fingers
