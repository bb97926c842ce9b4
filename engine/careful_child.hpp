// Trying in a child process what might crash or hang: the library trusts parts of a damaged file
// that have no checksum (heaps of strings).
#pragma once

#include <functional>

namespace fingers {

/// Runs `attempt` in a forked child with a limit of time; true when it came back, with or without
/// an exception, false when the child crashed or hung. The caller may then do the same itself.
bool survives_in_child(const std::function<void()>& attempt);

}  // namespace fingers
