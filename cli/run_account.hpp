// One run as `fingers diff` takes it: where it comes from, and either the means to live it again or
// the log of one of its months, which another build may have written.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "agents/month_log.hpp"
#include "cli/results_file.hpp"

namespace fingers {

struct RunAccount {
  std::string path;
  std::map<std::string, std::string> about;       ///< program, regime, replicate, seeds, …
  std::map<std::string, std::string> parameters;  ///< of the model at its point, by JSON pointer
  std::optional<RunToLive> run;                   ///< of a results file
  std::optional<MonthDigests> stored;             ///< that the file holds
  std::optional<MonthLog> log;                    ///< instead of both
};

/// A run of a results file. Expects a point of its design. Throws InputError where the file does
/// not hold it as done.
RunAccount account_of(const ResultsFile& file, std::uint32_t point, std::uint32_t replicate);

/// The text of a log: lines of cells parted by tabs, of which `read_log` makes the same account.
std::string log_text(const RunAccount& account, const MonthLog& log);

/// Whether a file begins as a log does.
bool is_log(const std::string& path);

/// Reads a log. Throws InputError, with the line, for what is none.
RunAccount read_log(const std::string& path);

}  // namespace fingers
