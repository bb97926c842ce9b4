// What a dataset file says of itself before its runs: attributes, texts, dictionaries, design.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/hdf5_handle.hpp"
#include "engine/store.hpp"

namespace fingers {

/// What must be known before the first run is written.
struct DatasetSizes {
  std::uint64_t n_runs = 0;
  std::vector<std::uint64_t> table_rows;  ///< of each table of the schema
  bool complete = false;
};

/// Writes /, /dictionaries and /design. Throws Hdf5Error.
void write_header(const Handle& file, const DatasetDescription& description,
                  const DatasetSizes& sizes);

/// "a b c": how a group lists its columns.
template <class Named>
std::string list_of_names(const std::vector<Named>& items) {
  std::string text;
  for (const Named& item : items) {
    text += (text.empty() ? "" : " ") + item.name;
  }
  return text;
}

}  // namespace fingers
