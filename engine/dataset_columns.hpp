// What a dataset file says of its columns: name, type, unit, meaning, and the names of codes and
// marks. Throws Hdf5Error.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/hdf5_handle.hpp"
#include "engine/table_text.hpp"

namespace fingers {

/// A column as its file describes it.
struct FoundColumn {
  ColumnDeclaration about;
  std::vector<std::string> names;  ///< of its codes; empty for a quantity
};

class DatasetColumns {
 public:
  /// Reads the dictionaries, and which column each belongs to.
  explicit DatasetColumns(const Handle& file);

  /// A column of numbers of the group of that name.
  [[nodiscard]] FoundColumn numbers(const std::string& group, const std::string& name) const;
  /// A column of texts.
  [[nodiscard]] FoundColumn texts(const std::string& group, const std::string& name) const;
  /// The columns that a group lists in its attribute `columns`.
  [[nodiscard]] std::vector<FoundColumn> listed(const std::string& group) const;

 private:
  const Handle& file_;
  std::map<std::string, std::vector<std::string>> names_;  ///< of dictionaries
  std::map<std::string, std::string> dictionary_of_;       ///< "events/kind" → "kind"
};

/// The columns of a table that show the values of a column: itself, or its marks one by one.
std::vector<TableColumn> shown_columns(const FoundColumn& column, std::size_t values);

}  // namespace fingers
