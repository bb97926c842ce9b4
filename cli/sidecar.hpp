// The sidecar of a results file, NAME.run.json: when, where and with what it was made, and its
// digests. All that must not decide the numbers stands here, so that the file itself can be
// compared.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace fingers {

/// How a run went.
struct RunCircumstances {
  std::vector<std::string> command_line;
  std::chrono::system_clock::time_point began;
  std::chrono::system_clock::time_point ended;
  double seconds = 0;
  int threads = 0;
  bool stopped = false;
};

/// `results/mine.h5` → `results/mine.run.json`.
std::string sidecar_path(const std::string& output);

/// Writes the sidecar of a results file that is there. Throws OutputError.
/// `content_digest`: of the file, as its merge computed it.
void write_sidecar(const std::string& output, const RunCircumstances& circumstances,
                   const std::string& content_digest);

}  // namespace fingers
