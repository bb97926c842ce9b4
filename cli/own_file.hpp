// Whether a results file is one of this program's, and not newer than it.
#pragma once

#include <string>

namespace fingers {

/// Throws InputError for a file of another program, for one of a newer schema, and for one that
/// cannot be read. Every command asks before it believes anything else that a file says.
void refuse_others_files(const std::string& path);

}  // namespace fingers
