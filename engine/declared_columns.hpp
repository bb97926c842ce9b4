// The columns of a dataset that every model has, in a file and in memory alike.
#pragma once

#include <string>
#include <vector>

#include "engine/design.hpp"
#include "engine/records.hpp"

namespace fingers {

/// The row of a run in /runs, in every table.
ColumnDeclaration run_column();
/// The calendar year at the beginning of a step.
ColumnDeclaration time_column();

/// The columns of /runs that every model has, in three pieces: before the ragged tables, of each
/// ragged table, and after them. The outcomes follow.
std::vector<ColumnDeclaration> leading_run_columns();
std::vector<ColumnDeclaration> ragged_run_columns(const TableDeclaration& table);
ColumnDeclaration hash_run_column();
/// All of them, in order, with the outcomes.
std::vector<ColumnDeclaration> run_columns(const RecordSchema& schema);

/// The names of RunStatus.
const std::vector<std::string>& status_names();
/// The names of a column's codes; none for a quantity.
const std::vector<std::string>& names_of(const RecordSchema& schema,
                                         const ColumnDeclaration& column);

/// A column of /design and its values, one a point.
struct DesignColumn {
  ColumnDeclaration declaration;
  std::string pointer;  ///< of the parameter, in the column of a factor
  ColumnData values;
};

/// The number of the point; `base_row` and `step` where points stand in blocks; each factor.
std::vector<DesignColumn> design_columns(const Design& design);

}  // namespace fingers
