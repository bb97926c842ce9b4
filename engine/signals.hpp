// SIGINT and SIGTERM ask a batch to end well: running replicates finish, finished ones are kept. A
// second SIGINT ends the process at once.
#pragma once

#include <atomic>

namespace fingers {

/// Sets handlers for SIGINT and SIGTERM and ignores SIGXFSZ and SIGPIPE (a full disk or a closed
/// pipe is then an error that a write reports). Call once, early.
void watch_signals();

/// Set when a signal has come.
const std::atomic<bool>& stop_requested();

/// The exit code that the signal asks for: 130 (SIGINT), 75 (SIGTERM), 0 when none came.
int stop_exit_code();

}  // namespace fingers
