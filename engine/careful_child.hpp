// Work on files that may be damaged, in a child process with limits: the library may crash, loop or
// take all memory on them, and then only the child is gone.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fingers {

struct ChildLimits {
  std::uint64_t cpu_seconds = 20;
  std::uint64_t memory_bytes = 0;  ///< of address space beyond what is used now; 0: all there is
};

/// What a child did.
struct ChildReport {
  bool survived = false;           ///< it came to its end, or refused in an orderly way
  std::vector<std::string> lines;  ///< that it said until then
};

/// Says a line to the parent.
using Say = std::function<void(const std::string& line)>;

/// Runs `work` in a child. An exception in it is an orderly refusal, whose text is the last line.
/// Where no child can be made the work is done here. Whatever else runs in this process is paused
/// by nothing, so call it while no other thread holds a lock.
ChildReport run_in_child(const std::function<void(const Say&)>& work,
                         const ChildLimits& limits = {});

/// What reading a file of this size may take: a damaged length must not take all memory, nor a
/// circle all time.
ChildLimits limits_to_read(std::uint64_t file_bytes);

/// Tries to read a file in a child, with limits that fit its size. Throws InputError when the
/// attempt refuses, with its words, or crashes.
void try_in_child(const std::string& path, const std::function<void()>& attempt);

}  // namespace fingers
