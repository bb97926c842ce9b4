// Some of the runs of a design, a bit each; and runs of whole numbers as short texts. A run's
// number is replicate * n_points + point: the order in which a batch takes its runs, so that every
// point has some early, and further replicates only append.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fingers {

class RunSet {
 public:
  /// false where the run was in already.
  bool add(std::uint64_t run);
  void remove(std::uint64_t run);
  [[nodiscard]] bool has(std::uint64_t run) const { return run < bits_.size() && bits_[run]; }
  /// How many are in.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// One more than the largest number that was ever in.
  [[nodiscard]] std::uint64_t end() const { return bits_.size(); }
  /// How many of the runs from 0 to n - 1 are in.
  [[nodiscard]] std::uint64_t size_below(std::uint64_t n) const;

 private:
  std::vector<bool> bits_;
  std::uint64_t size_ = 0;
};

/// Whole numbers from first to last, both included.
using NumberSpan = std::pair<std::uint64_t, std::uint64_t>;

/// Adds a number that is not below those before.
void extend(std::vector<NumberSpan>& spans, std::uint64_t number);

/// "0-411,413"; "-" for none.
std::string spans_text(const std::vector<NumberSpan>& spans);
/// The spans of such a text, which rise; nothing when it is none.
std::optional<std::vector<NumberSpan>> read_spans(std::string_view text);

}  // namespace fingers
