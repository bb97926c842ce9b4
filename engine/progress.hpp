// Progress of a batch on standard error: one line that is redrawn on a terminal, plain lines
// elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace fingers {

enum class ProgressMode : std::uint8_t { automatic, always, never };

/// How far a batch is.
struct BatchState {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::uint64_t total = 0;
  std::uint64_t before = 0;  ///< of those done or failed, how many were there at the start
  std::uint64_t events = 0;
  double seconds = 0;

  [[nodiscard]] std::uint64_t left() const {
    return total > done + failed ? total - done - failed : 0;
  }
};

/// `███████░░░ 812/1,400 replicates · 11.7/s · 50 s left`, at most `width` columns. Pure: tests
/// call it.
std::string progress_line(const BatchState& state, int width);
/// The plain form: `812 of 1,400 replicates done (58 %), 11.7 a second, about 50 s left`.
std::string plain_line(const BatchState& state);

/// 1234567 → "1,234,567".
std::string with_commas(std::uint64_t n);
/// 75.2 → "1 min 15 s".
std::string as_duration(double seconds);

class Progress {
 public:
  /// automatic: a bar when standard error is a terminal, a plain line every 10 s otherwise; always:
  /// the same, and the first plain line comes at once; never: silent.
  explicit Progress(ProgressMode mode);
  void update(const BatchState& state);
  /// Ends the redrawn line.
  void finish(const BatchState& state);

 private:
  ProgressMode mode_;
  bool terminal_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace fingers
