// Digests of every month: one of the draws and one of each part of the state, by which two runs
// are held against each other without their being run again (docs/differences.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agents/state_fields.hpp"
#include "engine/records.hpp"

namespace fingers {

struct World;

/// Of each month that was lived, in order.
struct MonthDigests {
  std::uint64_t making = 0;  ///< of the draws by which the world was made; part of the first month
  std::vector<double> time;  ///< calendar year of its beginning
  /// "draws": of all blocks that were drawn, each once; and one of each part in kStateParts.
  std::map<std::string, std::vector<std::uint64_t>> columns;
};

/// Adds a month that is over, of whose draws `draws` is the digest.
void add_digests(MonthDigests& digests, const World& world, std::uint64_t draws);

/// The declaration of the table: time, draws, and a column for each part of the state.
TableDeclaration digest_table();

/// The columns in the order of the declaration.
std::vector<ColumnData> digest_columns(const MonthDigests& digests);

/// Digests that a file holds of a run; nothing where it was made without them. Columns that this
/// program does not know are taken, too.
std::optional<MonthDigests> stored_digests(const RecordSchema& schema, const RunRecord& record);

/// The first month that differs.
struct PartedMonth {
  std::uint32_t month = 0;         ///< from 0
  double year = 0;                 ///< calendar year of its beginning
  std::vector<std::string> parts;  ///< columns that differ; none where only one run lives so long
};

/// Holds the columns that both have against each other; nothing where all are equal.
std::optional<PartedMonth> first_parted(const MonthDigests& a, const MonthDigests& b);

}  // namespace fingers
