// Whether a results file still holds what was written, and if not, where it does not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fingers {

/// What a look at a file found.
struct VerifyReport {
  std::uint64_t n_runs = 0;          ///< that were looked at
  bool texts_have_hash = true;       ///< false: an older file, of which a text may have changed
  std::vector<std::string> damages;  ///< one line each, in words; empty when all is well

  [[nodiscard]] bool is_sound() const { return damages.empty(); }
};

/// Reads a file in a child process of limited time and memory. `quick`: its texts, its design and
/// the table of its runs, against each other. Otherwise every chunk of every column, and every run
/// against its content hash; damage is located by column, chunk, rows and runs. A file that makes
/// the child crash is damaged. Throws InputError for a file that is not there.
VerifyReport verify_file(const std::string& path, bool quick);

}  // namespace fingers
