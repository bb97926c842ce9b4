// Reading what may be damaged or foreign: everything is checked against what it must be before it
// is believed. Throws Hdf5Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/hdf5_handle.hpp"
#include "engine/store.hpp"

namespace fingers {

/// Opens a file to be read. Throws InputError, which says why it cannot be.
Handle open_hdf5_file(const std::string& path);

/// What to say of a file of which a piece cannot be read.
InputError unreadable(const std::string& path, const Hdf5Error& error);

Handle open_group(const Handle& parent, const std::string& name);
Handle open_dataset(const Handle& parent, const std::string& name);
bool has_link(const Handle& parent, const std::string& name);

bool has_attribute(const Handle& object, const std::string& name);
std::string read_text_attribute(const Handle& object, const std::string& name);
std::uint64_t read_whole_attribute(const Handle& object, const std::string& name);

/// A scalar text, and a list of texts.
std::string read_text(const Handle& parent, const std::string& name);
std::vector<std::string> read_texts(const Handle& parent, const std::string& name);

/// The type of a dataset's elements as one of ours.
ColumnType column_type(const Handle& dataset, const std::string& name);
/// The lengths of its axes.
std::vector<std::uint64_t> lengths_of(const Handle& dataset, const std::string& name);

/// "a b c" → its words.
std::vector<std::string> words_of(const std::string& text);

}  // namespace fingers
