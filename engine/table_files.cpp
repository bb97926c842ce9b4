// Tested by tests/engine/table_files_test.cpp.
#include "engine/table_files.hpp"

#include <algorithm>

#include "engine/config_reader.hpp"
#include "engine/contract.hpp"
#include "engine/parallel.hpp"

namespace fingers {

namespace {

/// Thrown through the reader when somebody wants the program to end.
struct Stopped {};

std::string categories_json(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "[" : ", ") + json_quoted(name);
  }
  return list.empty() ? "" : list + "]";
}

}  // namespace

void TextTable::add_column(const std::string& column, CellKind kind) {
  EXPECT_CONTRACT(block.rows == 0 && (kind == CellKind::text || kind == CellKind::json));
  TableColumn& made = columns.emplace_back();
  made.name = column;
  made.kind = kind;
  made.values = block.values.size();
  block.values.emplace_back(std::vector<std::string>{});
}

void TextTable::add_row(const std::vector<std::string>& cells) {
  EXPECT_CONTRACT(cells.size() == columns.size());
  for (std::size_t c = 0; c < cells.size(); ++c) {
    std::get<std::vector<std::string>>(block.values[c]).push_back(cells[c]);
  }
  ++block.rows;
}

TextTable dictionary_table(const std::vector<DatasetTable>& tables) {
  TextTable dictionary("dictionary");
  for (const std::string name : {"table", "column", "unit", "type", "meaning"}) {
    dictionary.add_column(name, CellKind::text);
  }
  dictionary.add_column("categories", CellKind::json);
  for (const DatasetTable& table : tables) {
    for (const TableColumn& column : table.columns) {
      dictionary.add_row({table.name, column.name, column.unit, column.type, column.meaning,
                          categories_json(column.names)});
    }
  }
  return dictionary;
}

TableFiles::TableFiles(FileSet& files, TableFormat format, int threads,
                       const std::atomic<bool>& stop)
    : files_(files), format_(format), threads_(threads), stop_(stop) {}

std::optional<std::uint64_t> TableFiles::write(const DatasetTables& dataset,
                                               const DatasetTable& table, const RowChoice& choice) {
  const TableText text(format_, table.columns);
  files_.begin(file_name(table.name, format_));
  files_.append(text.header());
  std::uint64_t rows = 0;
  try {
    dataset.read(table.name, choice, [&](const RowBlock& block) {
      append(text, block);
      rows += block.rows;
    });
  } catch (const Stopped&) {
    return std::nullopt;
  }
  return rows;
}

void TableFiles::write(const TextTable& table) {
  const TableText text(format_, table.columns);
  files_.begin(file_name(table.name, format_));
  files_.append(text.header());
  std::string rows;
  text.append(table.block, 0, table.block.rows, rows);
  files_.append(rows);
}

void TableFiles::append(const TableText& text, const RowBlock& block) {
  constexpr std::size_t kPieceRows = 2048;
  const std::size_t n_pieces = (block.rows + kPieceRows - 1) / kPieceRows;
  pieces_.resize(std::max(pieces_.size(), n_pieces));
  for_each_index(
      n_pieces, threads_,
      [&](std::uint64_t i) {
        pieces_[i].clear();
        const std::size_t first = i * kPieceRows;
        text.append(block, first, std::min(kPieceRows, block.rows - first), pieces_[i]);
      },
      stop_);
  if (stop_.load()) {
    throw Stopped{};
  }
  for (std::size_t i = 0; i < n_pieces; ++i) {
    files_.append(pieces_[i]);
  }
}

}  // namespace fingers
