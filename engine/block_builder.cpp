// Tested by tests/engine/dataset_tables_test.cpp.
#include "engine/block_builder.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "engine/hdf5_handle.hpp"

namespace fingers {

namespace {

/// Rows of a block: enough to share among processors, few enough to keep some columns wide.
constexpr std::uint64_t kBlockRows = 32768;
/// Cells of a block: a table of hundreds of columns gets fewer rows.
constexpr std::uint64_t kBlockCells = 1U << 20U;

/// The rows whose code is one of these.
template <class T>
std::vector<std::size_t> rows_with(const std::vector<T>& codes, const std::vector<bool>& chosen) {
  std::vector<std::size_t> rows;
  if constexpr (std::is_integral_v<T>) {
    for (std::size_t row = 0; row < codes.size(); ++row) {
      if (chosen[static_cast<std::size_t>(codes[row])]) {
        rows.push_back(row);
      }
    }
  }
  return rows;
}

/// Keeps some rows, given in order.
template <class T>
void keep_rows(std::vector<T>& cells, const std::vector<std::size_t>& rows) {
  std::vector<T> kept;
  kept.reserve(rows.size());
  for (const std::size_t row : rows) {
    kept.push_back(std::move(cells[row]));
  }
  cells = std::move(kept);
}

}  // namespace

BlockBuilder::BlockBuilder(const DatasetTable& table, const RowChoice& choice,
                           const DatasetTables::TakeBlock& take)
    : table_(table),
      take_(take),
      most_rows_(std::clamp<std::uint64_t>(kBlockCells / table.blank.values.size(), 1, kBlockRows)),
      block_(table.blank) {
  const auto found = std::ranges::find(table.columns, choice.category, &TableColumn::name);
  if (!choice.names.empty() && found != table.columns.end() && found->kind == CellKind::category) {
    chosen_by_ = &*found;
    for (const std::string& name : found->names) {
      is_chosen_.push_back(std::ranges::count(choice.names, name) > 0);
    }
  }
}

void BlockBuilder::added(std::uint64_t n) {
  block_.rows += n;
  if (block_.rows >= most_rows_) {
    finish();
  }
}

void BlockBuilder::finish() {
  check_codes();
  keep_chosen();
  if (block_.rows > 0) {
    take_(block_);
  }
  block_.rows = 0;
  for (CellValues& values : block_.values) {
    std::visit([](auto& cells) { cells.clear(); }, values);
  }
}

void BlockBuilder::check_codes() const {
  for (const TableColumn& column : table_.columns) {
    if (column.kind != CellKind::category) {
      continue;
    }
    std::visit(
        [&]<class T>(const std::vector<T>& codes) {
          if constexpr (std::is_integral_v<T>) {
            if (std::ranges::any_of(codes, [&](T code) { return code >= column.names.size(); })) {
              throw Hdf5Error("dataset '" + column.name +
                              "' holds codes that its dictionary does not name");
            }
          }
        },
        block_.values[column.values]);
  }
}

void BlockBuilder::keep_chosen() {
  if (chosen_by_ == nullptr) {
    return;
  }
  const std::vector<std::size_t> kept =
      std::visit([&](const auto& codes) { return rows_with(codes, is_chosen_); },
                 block_.values[chosen_by_->values]);
  for (CellValues& values : block_.values) {
    std::visit([&](auto& cells) { keep_rows(cells, kept); }, values);
  }
  block_.rows = kept.size();
}

}  // namespace fingers
