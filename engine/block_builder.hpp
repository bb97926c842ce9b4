// Rows of a table gathered into blocks, which are handed on when they are full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "engine/dataset_tables.hpp"

namespace fingers {

/// Fills blocks of one table and hands them on. A row is added by adding a value to each of its
/// columns, then saying so.
class BlockBuilder {
 public:
  BlockBuilder(const DatasetTable& table, const RowChoice& choice,
               const DatasetTables::TakeBlock& take);

  /// How many more rows the block has room for; at least one.
  [[nodiscard]] std::uint64_t room() const { return most_rows_ - block_.rows; }
  CellValues& values(std::size_t column) { return block_.values[column]; }
  [[nodiscard]] std::size_t n_values() const { return block_.values.size(); }
  /// Adds the same value n times.
  template <class T>
  void repeat(std::size_t column, const T& value, std::uint64_t n = 1) {
    std::vector<T>& values = std::get<std::vector<T>>(block_.values[column]);
    values.insert(values.end(), n, value);
  }
  /// Says that n more rows are there; hands the block on when it is full.
  void added(std::uint64_t n);
  /// Hands on what is left.
  void finish();

 private:
  void check_codes() const;
  void keep_chosen();

  const DatasetTable& table_;
  const DatasetTables::TakeBlock& take_;
  std::size_t most_rows_;
  const TableColumn* chosen_by_ = nullptr;  ///< the column of RowChoice::category
  std::vector<bool> is_chosen_;             ///< its codes
  RowBlock block_;
};

}  // namespace fingers
